"""How every history of a tracked model is kept: found by time, and neither rewritten, thinned out nor emptied."""

from typing import Any

import pghistory.models
import pgtrigger
from django.db import models
from django.db.models.signals import class_prepared

NOT_EMPTIED = pgtrigger.Trigger(
    name="not_emptied",
    operation=pgtrigger.Truncate,
    when=pgtrigger.Before,
    level=pgtrigger.Statement,
    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
)
"""TRUNCATE asks no trigger of a row."""


class Event(pghistory.models.Event):
    """What the event models of all tracked models derive from (PGHISTORY_BASE_MODEL): an audit asks for the newest."""

    pgh_created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        abstract = True


def _protect(sender: type[models.Model], **_about: Any) -> None:
    # A base's triggers are not inherited where a model has a Meta of its own, as those of pghistory have.
    if issubclass(sender, Event) and not sender._meta.abstract and not sender._meta.proxy:
        pgtrigger.register(NOT_EMPTIED)(sender)


class_prepared.connect(_protect, dispatch_uid="histories are not emptied")


class KeptContext(pghistory.models.Context):
    """Who changed something, and by which address or command. What is running may complete it, nobody rewrites it."""

    class Meta:
        proxy = True
        triggers = [
            pgtrigger.Trigger(
                name="kept",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                IF TG_OP = 'UPDATE' AND NEW.id = OLD.id
                   AND OLD.id::text = current_setting('pghistory.context_id', true) THEN
                    RETURN NEW;
                END IF;
                RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                """,
            ),
            NOT_EMPTIED,
        ]
