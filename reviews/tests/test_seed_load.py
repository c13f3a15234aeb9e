"""A floor made with COPY is one that the services could have made: counted right, claimable, judgeable."""

import json
from collections import Counter
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, Q, Sum
from pytest_django import Settings

from accounts.models import Team, User
from reviews.models import (
    AgreementDay,
    ArrivalDay,
    Decision,
    Outcome,
    Queue,
    QueueTally,
    ReviewItem,
    Slot,
    Verdict,
    WorkDay,
)
from reviews.services.load import rows
from reviews.services.outcomes import outcome_of
from reviews.tests.factories import assert_books_balance, claimed, decide, in_threads, make_item

pytestmark = pytest.mark.django_db(transaction=True)


def seed(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command("seed_load", *arguments, "--format", "json", stdout=out, stderr=StringIO())
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


@pytest.mark.parametrize("share", ["0.3", "1"])
def test_two_thousand_items_are_counted_right(share: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Often enough that what was not judged is also taken back.
    monkeypatch.setattr(rows, "_UNDONE", 0.2)
    monkeypatch.setattr(rows, "_UNJUDGED", 0.2)
    answer = seed("--items", "2000", "--decided-share", share)
    assert answer["rows"]["reviews_reviewitem"] == ReviewItem.objects.count() == 2000
    assert ReviewItem.objects.filter(state="resolved").count() == round(2000 * float(share))
    assert_books_balance()
    tallies = {(row.queue_id, row.state): (row.slots, row.images) for row in QueueTally.objects.all()}
    slots = Slot.objects.values_list("queue_id", "state").annotate(Count("pk"), Sum("images"))
    assert tallies == {(queue, state): (count, images) for queue, state, count, images in slots}
    _assert_work_is_counted()
    _assert_agreement_is_counted()
    arrived = ArrivalDay.objects.aggregate(items=Sum("items"), slots=Sum("slots"), images=Sum("images"))
    assert arrived == {
        "items": 2000, "slots": Slot.objects.count(), "images": Slot.objects.aggregate(n=Sum("images"))["n"]
    }  # fmt: skip


def _assert_work_is_counted() -> None:
    told = WorkDay.objects.aggregate(
        made=Sum("decisions"), undone=Sum("undone"), unjudged=Sum("unjudged"), images=Sum("images"),
        approved=Sum("approved"), rejected=Sum("rejected"), active=Sum("active_ms"),
    )  # fmt: skip
    standing = Verdict.objects.filter(decision__retraction=None)
    assert told == {
        "made": Decision.objects.count(),
        "undone": Decision.objects.exclude(retraction=None).count(),
        "unjudged": Decision.objects.filter(retraction=None).exclude(kind="judged").count(),
        "images": standing.count(),
        "approved": standing.filter(approved=True).count(),
        "rejected": standing.filter(approved=False).count(),
        "active": Decision.objects.aggregate(ms=Sum("active_ms"))["ms"],
    }
    assert Decision.objects.exclude(retraction=None).exclude(kind="judged").exists()


def _assert_agreement_is_counted() -> None:
    told = {(row.queue_id, row.votes, row.approvals): 0 for row in AgreementDay.objects.all()}
    for row in AgreementDay.objects.all():
        told[(row.queue_id, row.votes, row.approvals)] += row.candidates
    found = Counter(Outcome.objects.filter(votes__gt=1).values_list("item__queue_id", "votes", "approvals"))
    assert told == dict(found)


def test_outcomes_are_those_of_the_decisions() -> None:
    seed("--items", "600", "--decided-share", "0.5")
    standing = Q(decision__retraction=None, decision__kind="judged")
    for outcome in Outcome.objects.select_related("item__queue"):
        votes = list(
            Verdict.objects.filter(standing, candidate=outcome.candidate_id).values_list("approved", flat=True)
        )
        assert (outcome.votes, outcome.approvals) == (len(votes), sum(votes))
        assert outcome.state == outcome_of(outcome.item.queue.policy, votes)


def test_nothing_points_nowhere_and_keys_go_on() -> None:
    """Foreign keys were not checked while copying; the database checks them all once more here."""
    seed("--items", "300")
    connection.check_constraints()
    made = make_item(User.objects.get(username="load-1-admin"), 2)
    assert made.pk > ReviewItem.objects.exclude(pk=made.pk).order_by("-pk").values_list("pk", flat=True)[0]


def test_it_can_be_worked_on() -> None:
    seed("--items", "200")
    before = QueueTally.objects.filter(state="ready").aggregate(n=Sum("slots"))["n"]
    reviewers = list(User.objects.filter(username__startswith="load-1-reviewer")[:4])
    in_threads(4, lambda number: [decide(reviewers[number], claimed(reviewers[number])) for _ in range(5)])
    assert QueueTally.objects.filter(state="ready").aggregate(n=Sum("slots"))["n"] == before - 20
    assert_books_balance()


def test_the_same_seed_makes_the_same_floor_in_another_team() -> None:
    seed("--items", "50", "--people", "3")
    with pytest.raises(CommandError, match="seed"):
        seed("--items", "50", "--people", "3")
    assert ReviewItem.objects.count() == 50
    seed("--items", "50", "--people", "3", "--seed", "2")
    counts = [Queue.objects.filter(team__slug=f"load-{number}").count() for number in (1, 2)]
    assert counts == [3, 3]


def test_a_dry_run_makes_nothing() -> None:
    answer = seed("--items", "1000000", "--dry-run")
    assert answer["rows"]["reviews_reviewitem"] == 1_000_000
    assert not Team.objects.exists()


@pytest.mark.parametrize("wrong", [("--items", "0"), ("--decided-share", "1.5"), ("--people", "2"), ("--days", "0")])
def test_what_cannot_be_made_is_refused(wrong: tuple[str, str]) -> None:
    with pytest.raises(CommandError, match=wrong[0]):
        seed(*wrong)
    assert not Team.objects.exists()


def test_a_production_installation_with_items_is_left_alone(settings: Settings) -> None:
    seed("--items", "10")
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="--yes"):
        seed("--items", "10", "--seed", "2")
    assert Team.objects.count() == 1
    assert seed("--items", "10", "--seed", "2", "--yes")["rows"]["reviews_reviewitem"] == 10
