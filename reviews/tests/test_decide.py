"""A decision is stored once, whole, or not at all."""

import contextlib
import time
import uuid
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db.models.functions import Now

from accounts.models import User
from accounts.tests.factories import Cast, make_cast
from reviews.models import Decision, Outcome, PreferencePair, ReviewItem, Slot, Verdict
from reviews.services import decisions, queue
from reviews.services.refusals import DecisionRefused, KeyReused, LeaseLost
from reviews.services.verdicts import VerdictInput
from reviews.tests.factories import (
    approve_all,
    assert_books_balance,
    claimed,
    decide,
    fill_queue,
    granted,
    in_threads,
    make_item,
    make_queue,
    reject_all,
    used,
)


def test_a_decision_keeps_all_that_was_said(cast: Cast) -> None:
    make_item(cast.operator, images=2)
    slot = claimed(cast.reviewer)
    shown = queue.display_order(slot)
    good, bad = shown
    mark = {"x": 0.1, "y": 0.2, "width": 0.9, "height": 0.5}
    decision = decide(
        cast.reviewer,
        slot,
        [
            VerdictInput(good.handle, approved=True),
            VerdictInput(bad.handle, False, codes=["seam", "seam", "deformed"], comment="Look left", marks=[mark]),
        ],
        best=good.handle,
        shown_order=[one.pk for one in shown],
        active_ms=5_200,
    )
    assert (decision.kind, decision.best, decision.active_ms) == ("judged", good, 5_200)
    assert decision.shown_order == [good.pk, bad.pk]
    verdict = Verdict.objects.get(decision=decision, candidate=bad)
    assert (verdict.codes, verdict.marks, verdict.comment) == (["seam", "deformed"], [mark], "Look left")
    assert (verdict.product_right, verdict.scene_right) == (False, False)
    assert PreferencePair.objects.filter(decision=decision, winner=good, loser=bad, rule="best_over_sibling").exists()
    slot.refresh_from_db()
    assert (slot.state, slot.reviewer, slot.lease_token) == ("decided", cast.reviewer, None)
    assert used(cast.reviewer) == 2


def test_axes_follow_from_the_codes(cast: Cast) -> None:
    make_item(cast.operator)
    slot = claimed(cast.reviewer)
    verdict = decide(cast.reviewer, slot, reject_all(slot, "colour_shift")).verdicts.get()
    assert (verdict.product_right, verdict.scene_right) == (False, True)


def _refused(slot: Slot) -> dict[str, tuple[str, dict[str, Any]]]:
    one, two = (candidate.handle for candidate in slot.item.candidates.all())
    yes = VerdictInput(two, True)

    def no(**values: Any) -> list[VerdictInput]:
        return [VerdictInput(one, False, **({"codes": ["seam"]} | values)), yes]

    return {
        "one missing": ("candidates", {"verdicts": [yes]}),
        "one twice": ("candidates", {"verdicts": [yes, yes]}),
        "a stranger": ("candidates", {"verdicts": [yes, VerdictInput(uuid.uuid4(), True)]}),
        "another code": ("codes", {"verdicts": no(codes=["loop_seam"])}),
        "no such code": ("codes", {"verdicts": no(codes=["ugly"])}),
        "reject without a code": ("codes", {"verdicts": no(codes=[])}),
        "approval with a code": ("codes", {"verdicts": [VerdictInput(one, True, codes=["seam"]), yes]}),
        "axis against code": ("axes", {"verdicts": no(scene_right=True)}),
        "approved but wrong": ("axes", {"verdicts": [VerdictInput(one, True, product_right=False), yes]}),
        "mark outside": ("marks", {"verdicts": no(marks=[{"x": 1.2, "y": 0.5}])}),
        "box outside": ("marks", {"verdicts": no(marks=[{"x": 0.7, "y": 0.5, "width": 0.5, "height": 0.1}])}),
        "mark of nothing": ("marks", {"verdicts": no(marks=[{"x": float("nan"), "y": 0.5}])}),
        "half a box": ("marks", {"verdicts": no(marks=[{"x": 0.1, "y": 0.5, "width": 0.1}])}),
        "too many marks": ("marks", {"verdicts": no(marks=[{"x": 0.1, "y": 0.5}] * 51)}),
        "long comment": ("comment", {"verdicts": no(comment="x" * 1001)}),
        "NUL": ("comment", {"verdicts": no(comment="a\0b")}),
        "lone surrogate": ("comment", {"verdicts": no(comment="\ud800")}),
        "best is rejected": ("best", {"verdicts": no(), "best": one}),
        "best is a stranger": ("candidates", {"verdicts": no(), "best": uuid.uuid4()}),
        "order of strangers": ("candidates", {"verdicts": no(), "shown_order": [0]}),
        "both at once": ("cannot_judge", {"verdicts": no(), "cannot_judge": True}),
    }


def test_what_is_no_decision_is_refused_and_leaves_no_trace(cast: Cast) -> None:
    make_item(cast.operator, images=2)
    slot = claimed(cast.reviewer)
    for name, (code, values) in _refused(slot).items():
        with pytest.raises(DecisionRefused) as refusal:
            decide(cast.reviewer, slot, **values)
        assert refusal.value.code == code, name
        assert not Decision.objects.exists() and not Verdict.objects.exists()
        assert queue.current(cast.reviewer) == [slot]


def test_an_unsuitable_photo_may_be_named_on_a_reject(cast: Cast) -> None:
    make_item(cast.operator)
    slot = claimed(cast.reviewer)
    verdict = decide(cast.reviewer, slot, reject_all(slot, "unsuitable_source")).verdicts.get()
    assert (verdict.product_right, verdict.scene_right) == (True, True)


def test_cannot_judge_uses_seat_and_quota_and_says_nothing(cast: Cast) -> None:
    item = make_item(cast.operator, images=2)
    decision = decide(cast.reviewer, claimed(cast.reviewer), cannot_judge=True)
    assert decision.kind == "cannot_judge" and not decision.verdicts.exists()
    assert used(cast.reviewer) == 2
    item.refresh_from_db()
    assert item.state == "resolved"
    assert {outcome.state for outcome in Outcome.objects.filter(item=item)} == {"split"}
    assert not PreferencePair.objects.exists()


def test_sending_again_answers_the_same_even_after_the_lease(cast: Cast) -> None:
    make_item(cast.operator, images=2)
    slot = claimed(cast.reviewer)
    key, verdicts = uuid.uuid4(), approve_all(slot)
    first = decide(cast.reviewer, slot, verdicts, idempotency_key=key, active_ms=10)
    again = decide(cast.reviewer, slot, verdicts[::-1], idempotency_key=key, active_ms=99)
    assert first.pk == again.pk and Decision.objects.count() == 1 and Verdict.objects.count() == 2
    with pytest.raises(KeyReused):
        decide(cast.reviewer, slot, reject_all(slot), idempotency_key=key)
    with pytest.raises(LeaseLost):
        decide(cast.second_reviewer, slot, verdicts, idempotency_key=key)


def _send(reviewer: User, slot: Slot, verdicts: list[VerdictInput], key: uuid.UUID, _number: int) -> int:
    return decide(reviewer, slot, verdicts, idempotency_key=key).pk


def _send_each(reviewers: list[User], slots: list[Slot], number: int) -> int:
    return decide(reviewers[number], slots[number]).pk


@pytest.mark.django_db(transaction=True)
def test_sent_eight_times_at_once_it_is_stored_once() -> None:
    cast = make_cast()
    fill_queue(make_queue(cast.team), cast.operator, 5, images=2)
    for _ in range(5):
        slot = claimed(cast.reviewer)
        key, verdicts = uuid.uuid4(), approve_all(slot)
        answers = in_threads(8, partial(_send, cast.reviewer, slot, verdicts, key))
        assert len(set(answers)) == 1
    assert Decision.objects.count() == 5 and Verdict.objects.count() == 10
    assert_books_balance()


@pytest.mark.django_db(transaction=True)
def test_one_key_for_two_items_at_once_decides_one() -> None:
    cast = make_cast()
    fill_queue(make_queue(cast.team), cast.operator, 2)
    slots = [claimed(cast.reviewer), claimed(cast.reviewer, soft=True)]
    key = uuid.uuid4()

    def work(number: int) -> str:
        try:
            return str(decide(cast.reviewer, slots[number], idempotency_key=key).pk)
        except KeyReused:
            return "reused"

    answers = in_threads(2, work)
    assert sorted(answer == "reused" for answer in answers) == [False, True]
    assert Decision.objects.count() == 1
    assert sorted(Slot.objects.values_list("state", flat=True)) == ["decided", "leased"]


@pytest.mark.django_db(transaction=True)
def test_a_decision_and_the_end_of_its_lease_have_one_winner() -> None:
    cast = make_cast()
    fill_queue(make_queue(cast.team), cast.operator, 60)
    for _ in range(60):
        granted(cast.reviewer)
    slots = list(Slot.objects.filter(reviewer=cast.reviewer).select_related("item").order_by("pk"))
    # Ten are over already, ten last long, and forty end one by one while both threads are at them.
    for number, slot in enumerate(slots):
        ends = timedelta(seconds=60) if number >= 50 else timedelta(milliseconds=12 * (number - 10))
        Slot.objects.filter(pk=slot.pk).update(lease_until=Now() + ends)

    def work(number: int) -> set[int]:
        won: set[int] = set()
        for slot in slots:
            time.sleep(0.008)
            if number == 1:
                taken = granted(cast.second_reviewer).slot_id
                won |= {taken} if taken else set()
                continue
            with contextlib.suppress(LeaseLost):
                won.add(decide(cast.reviewer, slot, cannot_judge=True).slot_id)
        return won

    decided, taken = in_threads(2, work)
    assert not decided & taken and decided and taken
    assert set(Slot.objects.filter(state="decided").values_list("pk", flat=True)) == decided
    assert set(Slot.objects.filter(reviewer=cast.second_reviewer).values_list("pk", flat=True)) == taken
    assert_books_balance()


@pytest.mark.django_db(transaction=True)
def test_the_last_two_reviewers_at_once_resolve_the_item() -> None:
    cast = make_cast()
    in_queue = make_queue(cast.team, overlap=2)
    for item in fill_queue(in_queue, cast.operator, 6):
        pair = [cast.reviewer, cast.second_reviewer]
        slots = [claimed(reviewer) for reviewer in pair]
        assert {slot.item_id for slot in slots} == {item.pk}
        in_threads(2, partial(_send_each, pair, slots))
    assert set(ReviewItem.objects.values_list("state", flat=True)) == {"resolved"}
    assert Outcome.objects.approved().count() == 6


def test_recent_lists_what_stands_newest_first(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 12)
    made = [decide(cast.reviewer, claimed(cast.reviewer)) for _ in range(12)]
    assert decisions.recent(cast.reviewer) == made[:1:-1]
    decisions.undo(cast.reviewer, made[11])
    assert decisions.recent(cast.reviewer, limit=2) == [made[10], made[9]]
    assert decisions.recent(cast.second_reviewer) == []
