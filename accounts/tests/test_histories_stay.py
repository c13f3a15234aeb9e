"""The history of what was changed can be added to and read, by nobody rewritten or thinned out."""

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from pghistory.models import Event

from accounts.tests.factories import Cast

HISTORIES = [model for model in apps.get_models() if issubclass(model, Event) and not model._meta.proxy]


def test_there_is_a_history_of_what_admins_change() -> None:
    kept = {model.__name__.removesuffix("Event") for model in HISTORIES}
    assert {"Membership", "Queue", "QueueAudience", "Quota", "Pause", "Rework", "Team", "WebhookEndpoint"} <= kept


@pytest.mark.parametrize("model", HISTORIES, ids=lambda model: model.__name__)
def test_every_history_is_protected(model: type[models.Model]) -> None:
    names = {trigger.name for trigger in model._meta.triggers}  # type: ignore[attr-defined]
    assert "append_only" in names


def test_what_was_done_can_be_neither_rewritten_nor_removed(cast: Cast) -> None:
    events = apps.get_model("accounts", "MembershipEvent").objects.filter(pgh_obj=cast.reviewer.membership)
    assert events.exists()
    for act in (lambda: events.update(role="admin"), events.delete):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            act()
    assert events.get().role == "reviewer"
