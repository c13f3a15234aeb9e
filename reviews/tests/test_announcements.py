"""Outcomes are told once they have stood for the hold; what was undone meanwhile leaves no trace."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.tests.factories import Cast
from delivery.models import OutboxMessage, WebhookMessage
from delivery.services import endpoints
from reviews.models import FloorSettings, Outcome, ReviewItem
from reviews.services import undoing
from reviews.services.announcements import TOPIC, tell_outcomes
from reviews.services.verdicts import VerdictInput
from reviews.tests.factories import claimed, decide, make_item, reject_all, report

pytestmark = pytest.mark.django_db
EVENTS = ["candidate.approved", "candidate.rejected", "candidate.completed", "snapshot.ready", "version.activated"]


@pytest.fixture
def heard(cast: Cast) -> None:
    endpoints.create_endpoint(cast.team, cast.admin, url="https://example.com/", topics=EVENTS)


def let_the_hold_pass() -> None:
    Outcome.objects.update(created_at=timezone.now() - timedelta(minutes=10, seconds=1))


def told() -> list[tuple[str, str]]:
    rows = WebhookMessage.objects.order_by("pk")
    return [(message.event, message.body["data"]["outcome"]) for message in rows]


def waiting() -> list[int]:
    return list(OutboxMessage.objects.filter(topic=TOPIC, published_at=None).values_list("key", flat=True))


def test_every_outcome_is_told_after_the_hold_and_once(cast: Cast, heard: None) -> None:
    item = make_item(cast.operator, 2)
    slot = claimed(cast.reviewer)
    first, second = item.candidates.order_by("pk")
    said = [VerdictInput(first.handle, approved=True), VerdictInput(second.handle, approved=False, codes=["seam"])]
    decide(cast.reviewer, slot, said, best=first.handle)
    message = OutboxMessage.objects.get(topic=TOPIC)
    assert timedelta(minutes=9) < message.due_at - timezone.now() <= timedelta(minutes=10)
    assert (tell_outcomes(item.pk), told()) == (0, [])  # asked too early
    let_the_hold_pass()
    tell_outcomes(item.pk)
    tell_outcomes(item.pk)
    assert sorted(told()) == [
        ("candidate.approved", "approved"),
        ("candidate.completed", "approved"),
        ("candidate.completed", "rejected"),
        ("candidate.rejected", "rejected"),
    ]


def test_asked_too_early_it_comes_back(cast: Cast, heard: None) -> None:
    item = make_item(cast.operator)
    decide(cast.reviewer, claimed(cast.reviewer))
    OutboxMessage.objects.filter(topic=TOPIC).delete()
    tell_outcomes(item.pk)
    assert waiting() == [item.pk]


def test_what_was_undone_meanwhile_leaves_no_trace(cast: Cast, heard: None) -> None:
    item = make_item(cast.operator)
    decide(cast.reviewer, claimed(cast.reviewer))
    undo(cast)
    let_the_hold_pass()
    assert tell_outcomes(item.pk) == 0
    decide(cast.reviewer, claimed(cast.reviewer), reject_all(claimed(cast.reviewer)))
    let_the_hold_pass()
    tell_outcomes(item.pk)
    assert {outcome for _event, outcome in told()} == {"rejected"}


def test_a_later_change_is_told_anew(cast: Cast, heard: None) -> None:
    item = make_item(cast.operator)
    decide(cast.reviewer, claimed(cast.reviewer))
    let_the_hold_pass()
    tell_outcomes(item.pk)
    undo(cast)
    decide(cast.reviewer, claimed(cast.reviewer), reject_all(claimed(cast.reviewer)))
    let_the_hold_pass()
    tell_outcomes(item.pk)
    completed = [outcome for event, outcome in told() if event == "candidate.completed"]
    assert completed == ["approved", "rejected"]


def undo(cast: Cast) -> None:
    undoing.undo(cast.reviewer)


def test_what_is_withdrawn_is_completed_too(cast: Cast, heard: None) -> None:
    item = make_item(cast.operator)
    report(cast.reviewer, claimed(cast.reviewer))
    let_the_hold_pass()
    tell_outcomes(item.pk)
    assert told() == [("candidate.completed", "withdrawn")]


def test_nobody_is_named_and_nothing_is_scored(cast: Cast, heard: None) -> None:
    item = make_item(cast.operator)
    decide(cast.reviewer, claimed(cast.reviewer))
    let_the_hold_pass()
    tell_outcomes(item.pk)
    data: dict[str, Any] = WebhookMessage.objects.filter(event="candidate.completed").get().body["data"]
    assert set(data) == {"candidate", "item", "request", "variant", "outcome", "decided_at"}
    assert cast.reviewer.username not in str(data)


def test_the_teams_own_hold(cast: Cast, heard: None) -> None:
    FloorSettings.objects.create(team=cast.team, hold_minutes=0)
    item = make_item(cast.operator)
    decide(cast.reviewer, claimed(cast.reviewer))
    assert tell_outcomes(item.pk) == 2


def test_what_nobody_listens_for_is_not_written_down(cast: Cast) -> None:
    endpoints.create_endpoint(cast.team, cast.admin, url="https://example.com/", topics=["snapshot.ready"])
    make_item(cast.operator)
    decide(cast.reviewer, claimed(cast.reviewer))
    assert ReviewItem.objects.get().state == "resolved"
    assert waiting() == []
