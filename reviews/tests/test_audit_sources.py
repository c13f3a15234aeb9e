"""No history is forgotten: whatever is tracked is in the audit, of one team, in words of the reader's language."""

from datetime import date

import pytest
from django.apps import apps
from django.db.models import Model
from django.utils.functional import Promise
from pghistory.models import Event

from accounts.tests.factories import Cast
from reviews.audit import listing
from reviews.audit.filters import AuditFilters, Subject
from reviews.audit.known import KNOWN
from reviews.audit.scopes import histories, of_team, rows_of, seen_by
from reviews.audit.sources import history_sources, subjects
from reviews.audit.values import is_secret
from reviews.audit.words import DONE, FIELDS

TRACKED = list(histories())


def name_of(model: type[Model]) -> str:
    return model.__name__


def test_every_history_there_is_is_a_source() -> None:
    there = {model for model in apps.get_models() if issubclass(model, Event) and not model._meta.proxy}
    assert there == {source.history for source in history_sources()}
    assert {source.name for source in listing.sources()} >= {
        "reviews.queue", "reviews.quota", "reviews.rework", "reviews.decision", "reviews.retraction",
        "generation.limitchange", "accounts.membership", "delivery.webhookendpoint",
    }  # fmt: skip


@pytest.mark.parametrize("model", TRACKED, ids=name_of)
def test_every_tracked_model_has_a_way_to_its_team(cast: Cast, model: type[Model]) -> None:
    has_team = any(field.name == "team" for field in model._meta.fields)
    assert has_team or model._meta.label_lower in KNOWN, "say in reviews/audit/known.py whose it is"
    # Both can be asked: a path that leads nowhere fails here.
    assert rows_of(histories()[model]).filter(seen_by(cast.team, model, histories()[model])).count() >= 0
    assert of_team(cast.team, model).count() >= 0


@pytest.mark.parametrize("model", TRACKED, ids=name_of)
def test_every_field_has_a_word_that_can_be_translated(model: type[Model]) -> None:
    untold = {"id", "created_at", "team", "handle"}
    fields = [field for field in histories()[model]._meta.concrete_fields if not field.name.startswith("pgh_")]
    wordless = {
        field.name
        for field in fields
        if field.name not in FIELDS and field.name not in untold and not isinstance(field.verbose_name, Promise)
    }
    assert wordless == set(), "add them to reviews/audit/words.py"
    assert KNOWN[model._meta.label_lower].word if model._meta.label_lower in KNOWN else True
    assert {tracker.label for tracker in histories()[model].pgh_trackers} <= set(DONE)  # type: ignore[attr-defined]


def test_no_history_keeps_a_secret_and_the_audit_would_not_tell_one() -> None:
    kept = {field.name for model in histories().values() for field in model._meta.concrete_fields}
    assert kept & {"password", "digest", "secret", "old_secret"} == set()
    for model, name in (("accounts.User", "password"), ("delivery.WebhookEndpoint", "old_secret")):
        assert is_secret(apps.get_model(model)._meta.get_field(name))


def test_every_source_can_be_asked_everything(cast: Cast) -> None:
    """All joins of all sources, whatever is in them."""
    today = date(2026, 1, 1)
    asked = [AuditFilters(person=cast.admin), AuditFilters(by_nobody=True), AuditFilters(words="a%_'")]
    asked += [AuditFilters(since=today, until=today)]
    asked += [AuditFilters(subject=Subject(model, 1)) for model in subjects().values()]
    asked += [AuditFilters(person=cast.admin, words="x", since=today, subject=Subject(subjects()["reviews.queue"], 1))]
    for filters in asked:
        found, following = listing.newest(cast.team, filters, most=1000)
        assert following is None
        assert all(entry.who in ("", cast.admin.username) for entry in found if filters.person)
