"""Reporting a wrong mask: one decision, and the whole item leaves the queue with it."""

import uuid
from typing import Any

import pytest

from accounts.tests.factories import Cast
from generation.models import MaskRepair
from reviews.models import Decision, Outcome, PreferencePair, Queue, ReviewItem, Slot
from reviews.routing import Entry
from reviews.selection import Selected
from reviews.services import decisions, enqueueing, queue
from reviews.services.judged import SnapshotFilters
from reviews.services.outcomes import resolve_if_complete
from reviews.services.refusals import DecisionRefused, ItemWithdrawn, KeyReused, LeaseLost, ReportedBefore
from reviews.services.snapshots import NothingToFreeze, preview_snapshot
from reviews.services.verdicts import MaskReport
from reviews.tests.factories import (
    approve_all,
    assert_books_balance,
    claimed,
    decide,
    expire,
    make_item,
    make_queue,
    report,
    token_of,
    used,
)


def test_the_item_is_withdrawn_with_everything_that_hangs_on_it(cast: Cast) -> None:
    make_queue(cast.team, overlap=3)
    item = make_item(cast.operator, images=2)
    decision = report(cast.reviewer, claimed(cast.reviewer), "The handle is cut off", [{"x": 0.5, "y": 0.25}])
    item.refresh_from_db()
    assert (item.state, decision.kind) == ("withdrawn", "mask_wrong")
    assert sorted(item.slots.values_list("state", flat=True)) == ["closed", "closed", "decided"]
    assert set(Outcome.objects.filter(item=item).values_list("state", flat=True)) == {"withdrawn"}
    assert Outcome.objects.count() == 2 and not Outcome.objects.approved().exists()
    assert not decision.verdicts.exists() and not PreferencePair.objects.exists()
    assert used(cast.reviewer) == 2
    assert_books_balance()


def test_the_operators_get_the_mask_with_what_the_reviewer_said(cast: Cast) -> None:
    item = make_item(cast.operator)
    marks = [{"x": 0.5, "y": 0.25}, {"x": 0.0, "y": 0.0, "width": 1.0, "height": 0.5}]
    report(cast.reviewer, claimed(cast.reviewer), "The handle is cut off", marks)
    repair = MaskRepair.objects.get()
    assert (repair.request, repair.team, repair.state) == (item.request, cast.team, "open")
    assert repair.revision == item.request.revisions.get()
    assert (repair.note, repair.marks, repair.reported_by) == ("The handle is cut off", marks, cast.reviewer)


def test_a_second_visit_of_the_request_is_told_that_it_was_reported(cast: Cast) -> None:
    first = make_item(cast.operator)
    place = first.item_candidates.get()
    chosen = [Selected(place.candidate_id, "top_rank", 1.0)]
    visit = enqueueing.open_item(make_queue(cast.team), first.request, chosen, Entry(), best=0.9, first=first)
    report(cast.reviewer, claimed(cast.reviewer), "Too wide")
    slot = claimed(cast.second_reviewer)
    assert slot.item == visit
    with pytest.raises(ReportedBefore, match="reported already"):
        report(cast.second_reviewer, slot, "Too wide")
    visit.refresh_from_db()
    slot.refresh_from_db()
    assert (visit.state, slot.state) == ("open", "leased")
    assert MaskRepair.objects.count() == Decision.objects.count() == 1
    assert_books_balance()


def test_the_same_report_twice_is_one(cast: Cast) -> None:
    make_item(cast.operator)
    slot, key = claimed(cast.reviewer), uuid.uuid4()
    first = report(cast.reviewer, slot, "Too wide", key=key)
    assert report(cast.reviewer, slot, "Too wide", key=key) == first
    assert MaskRepair.objects.count() == Decision.objects.count() == 1
    for other in ({"mask_wrong": MaskReport("Too narrow")}, {"cannot_judge": True}, {"verdicts": approve_all(slot)}):
        with pytest.raises(KeyReused):
            decisions.decide(cast.reviewer, token_of(slot), idempotency_key=key, **other)


@pytest.mark.parametrize("held_as", ["on_screen", "prefetched", "expired"])
def test_other_reviewers_leases_end_and_their_day_is_credited(cast: Cast, held_as: str) -> None:
    make_queue(cast.team, overlap=2)
    make_item(cast.operator, images=2)
    mine, theirs = claimed(cast.reviewer), claimed(cast.second_reviewer, soft=held_as == "prefetched")
    if held_as == "expired":
        expire(theirs)
    report(cast.reviewer, mine)
    assert used(cast.second_reviewer) == 0 and queue.current(cast.second_reviewer) == []
    assert queue.claim(cast.second_reviewer).reason == "nothing_waits"
    assert_books_balance()


def test_who_sends_late_is_told_why(cast: Cast) -> None:
    make_queue(cast.team, overlap=2)
    make_item(cast.operator)
    mine, theirs = claimed(cast.reviewer), claimed(cast.second_reviewer)
    report(cast.reviewer, mine)
    for verb in (queue.show, queue.extend, queue.release, queue.skip):
        with pytest.raises(ItemWithdrawn, match="mask of this item is wrong"):
            verb(token_of(theirs), cast.second_reviewer)
    for late in ({"verdicts": approve_all(theirs)}, {"mask_wrong": MaskReport()}):
        with pytest.raises(ItemWithdrawn, match="mask of this item is wrong"):
            decisions.decide(cast.second_reviewer, token_of(theirs), idempotency_key=uuid.uuid4(), **late)
    with pytest.raises(LeaseLost) as lost:
        queue.extend(uuid.uuid4(), cast.second_reviewer)
    assert not isinstance(lost.value, ItemWithdrawn)
    assert MaskRepair.objects.count() == Decision.objects.count() == 1


def test_what_another_has_decided_stands_but_teaches_nothing(cast: Cast) -> None:
    make_queue(cast.team, overlap=2)
    item = make_item(cast.operator, images=2)
    theirs = claimed(cast.second_reviewer)
    one, other = approve_all(theirs)
    bad = type(one)(other.candidate, approved=False, codes=["seam"])
    decide(cast.second_reviewer, theirs, [one, bad])
    assert PreferencePair.objects.count() == 1
    report(cast.reviewer, claimed(cast.reviewer))
    assert Decision.objects.standing().count() == 2
    with pytest.raises(NothingToFreeze):
        preview_snapshot(cast.team, SnapshotFilters())
    assert not resolve_if_complete(item.pk)  # a late look at a withdrawn item must not resolve it
    item.refresh_from_db()
    assert item.state == "withdrawn"


def test_a_withdrawn_request_is_not_queued_again(cast: Cast) -> None:
    item = make_item(cast.operator)
    report(cast.reviewer, claimed(cast.reviewer))
    assert enqueueing.enqueue_request(item.request) == item and enqueueing.pull_scored() == 0
    assert ReviewItem.objects.count() == 1


def test_closed_slots_are_never_claimed(cast: Cast) -> None:
    """Neither the next one, nor by name, nor from a queue that holds nothing else; and nothing is said to wait."""
    make_queue(cast.team, overlap=3)
    item = make_item(cast.operator)
    report(cast.reviewer, claimed(cast.reviewer))
    assert Slot.objects.filter(state="closed").count() == 2
    for who in (cast.reviewer, cast.second_reviewer, cast.admin):
        for soft in (False, True):
            assert queue.claim(who, soft=soft).reason == "nothing_waits"
        assert queue.claim(who, item=item).slot is None
    Queue.objects.update(is_paused=True)
    assert queue.claim(cast.second_reviewer).reason == "nothing_waits"


BAD_REPORTS = [
    ({"cannot_judge": True}, "mask_wrong"),
    ({"verdicts": "all"}, "mask_wrong"),
    ({"best": "first"}, "mask_wrong"),
    ({"mask_wrong": MaskReport("x" * 1001)}, "comment"),
    ({"mask_wrong": MaskReport("a\0b")}, "comment"),
    ({"mask_wrong": MaskReport("\ud800")}, "comment"),
    ({"mask_wrong": MaskReport(marks=[{"x": 0.5}])}, "marks"),
    ({"mask_wrong": MaskReport(marks=[{"x": 0.5, "y": 1.5}])}, "marks"),
    ({"mask_wrong": MaskReport(marks=[{"x": 0.5, "y": 0.5, "width": 0.6, "height": 0.1}])}, "marks"),
    ({"mask_wrong": MaskReport(marks=[{"x": 0.5, "y": float("nan")}])}, "marks"),
    ({"mask_wrong": MaskReport(marks=[{"x": 0.5, "y": 0.5}] * 51)}, "marks"),
]


@pytest.mark.parametrize(("sent", "code"), BAD_REPORTS)
def test_what_is_no_report_changes_nothing(cast: Cast, sent: dict[str, Any], code: str) -> None:
    make_item(cast.operator)
    slot = claimed(cast.reviewer)
    if sent.get("verdicts"):
        sent = {"verdicts": approve_all(slot)}
    if sent.get("best"):
        sent = {"best": slot.item.candidates.get().handle}
    values: dict[str, Any] = {"mask_wrong": MaskReport()} | sent
    with pytest.raises(DecisionRefused) as refused:
        decisions.decide(cast.reviewer, token_of(slot), idempotency_key=uuid.uuid4(), **values)
    assert refused.value.code == code
    assert not Decision.objects.exists() and not MaskRepair.objects.exists()
    assert queue.current(cast.reviewer) == [slot] and used(cast.reviewer) == 1
