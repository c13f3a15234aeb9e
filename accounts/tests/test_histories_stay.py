"""The history of what was changed can be added to and read, by nobody rewritten or thinned out."""

import pghistory
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from pghistory.models import Context, Event

from accounts.tests.factories import Cast

HISTORIES = [model for model in apps.get_models() if issubclass(model, Event) and not model._meta.proxy]


def test_there_is_a_history_of_what_admins_change() -> None:
    kept = {model.__name__.removesuffix("Event") for model in HISTORIES}
    assert {"Membership", "Queue", "QueueAudience", "Quota", "Pause", "Rework", "Team", "WebhookEndpoint"} <= kept


@pytest.mark.parametrize("model", HISTORIES, ids=lambda model: model.__name__)
def test_every_history_is_protected(model: type[models.Model]) -> None:
    names = {trigger.name for trigger in model._meta.triggers}  # type: ignore[attr-defined]
    assert {"append_only", "not_emptied"} <= names


def test_what_was_done_can_be_neither_rewritten_nor_removed(cast: Cast) -> None:
    events = apps.get_model("accounts", "MembershipEvent").objects.filter(pgh_obj=cast.reviewer.membership)
    assert events.exists()
    for act in (lambda: events.update(role="admin"), events.delete):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            act()
    assert events.get().role == "reviewer"


KEPT = [
    *HISTORIES,
    *(
        apps.get_model(name)
        for name in (
            "reviews.Decision", "reviews.Verdict", "reviews.Retraction", "reviews.PreferencePair",
            "reviews.SnapshotDecision", "reviews.GuidelineVersion", "generation.LimitChange",
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize("model", KEPT, ids=lambda model: model.__name__)
def test_the_role_of_the_web_can_empty_no_history(db: None, model: type[models.Model]) -> None:
    """Asked of the database itself, by the role that the web signs in as."""
    with pytest.raises(DatabaseError, match="Cannot truncate"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {connection.ops.quote_name(model._meta.db_table)} CASCADE")
    armed = "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s AND tgenabled = 'O'"
    with connection.cursor() as cursor:
        cursor.execute(armed, [model._meta.db_table, "pgtrigger_append_only_%"])
        assert cursor.fetchone() == (1,)


def test_who_did_something_stays_as_it_was_told(cast: Cast) -> None:
    with pghistory.context(user=cast.admin.pk):
        cast.team.name = "Renamed"
        cast.team.save()
        pghistory.context(reason="told later, in the same act")
        cast.team.name = "Renamed again"
        cast.team.save()
    told = apps.get_model("accounts", "TeamEvent").objects.filter(pgh_obj=cast.team).latest("pgh_id").pgh_context
    assert told.metadata == {"user": cast.admin.pk, "reason": "told later, in the same act"}
    other = Context.objects.create(metadata={"user": cast.admin.pk})
    rows = Context.objects.filter(pk=other.pk)
    for act in (lambda: rows.update(metadata={"user": cast.reviewer.pk}), rows.delete):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            act()
    with pytest.raises(DatabaseError, match="Cannot truncate"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE pghistory_context CASCADE")
    assert rows.get().metadata == {"user": cast.admin.pk}
