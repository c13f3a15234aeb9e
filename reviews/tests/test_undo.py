"""Taking a decision back: everything is as before, except that both steps are on record."""

import threading
import time

import pytest
from django.db import connection, transaction

from accounts.tests.factories import Cast, make_cast
from generation.models import DatasetSnapshot
from reviews.models import (
    Decision,
    Outcome,
    PreferencePair,
    QuotaDay,
    Retraction,
    ReviewItem,
    Slot,
    SnapshotDecision,
)
from reviews.services import decisions, queue, quotas
from reviews.services.refusals import AlreadyExported, AlreadyUndone, NoSuchDecision
from reviews.tests.factories import (
    approve_all,
    assert_books_balance,
    claimed,
    decide,
    fill_queue,
    in_threads,
    make_item,
    make_queue,
    make_snapshot,
    reject_all,
    token_of,
    used,
)


def test_undo_restores_item_quota_and_outcome_and_hands_the_item_back(cast: Cast) -> None:
    item = make_item(cast.operator, images=2)
    slot = claimed(cast.reviewer)
    decision = decide(cast.reviewer, slot)
    assert Outcome.objects.approved().count() == 2
    again = decisions.undo(cast.reviewer)
    item.refresh_from_db()
    assert item.state == "open" and not Outcome.objects.exists()
    assert (again.pk, again.attempt, again.state, again.reviewer) == (slot.pk, 2, "leased", cast.reviewer)
    assert again.lease_token not in (None, slot.lease_token)
    assert used(cast.reviewer) == 2
    assert Retraction.objects.get().decision == decision
    assert not PreferencePair.objects.standing().exists()
    redone = decide(cast.reviewer, again, reject_all(again))
    assert redone.attempt == 2 and Decision.objects.count() == 2
    assert {outcome.state for outcome in Outcome.objects.all()} == {"rejected"}
    assert_books_balance()


def test_undo_goes_back_step_by_step(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 3)
    made = [decide(cast.reviewer, claimed(cast.reviewer)) for _ in range(3)]
    back = [decisions.undo(cast.reviewer).pk for _ in range(2)]
    assert back == [made[2].slot_id, made[1].slot_id]
    # What was taken back first comes next, right after the one on the screen.
    assert [slot.pk for slot in queue.current(cast.reviewer)] == [made[1].slot_id, made[2].slot_id]
    assert_books_balance()


def test_what_was_on_the_screen_comes_next(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 3)
    decide(cast.reviewer, claimed(cast.reviewer))
    on_screen, prefetched = claimed(cast.reviewer), claimed(cast.reviewer, soft=True)
    again = decisions.undo(cast.reviewer)
    assert [(slot.pk, slot.is_soft) for slot in queue.current(cast.reviewer)] == [
        (again.pk, False),
        (on_screen.pk, True),
    ]
    prefetched.refresh_from_db()
    assert prefetched.state == "ready"
    decide(cast.reviewer, again)
    assert claimed(cast.reviewer).pk == on_screen.pk
    assert_books_balance()


def test_the_other_reviewers_decision_stands(cast: Cast) -> None:
    make_queue(cast.team, overlap=2)
    item = make_item(cast.operator)
    for reviewer in (cast.reviewer, cast.second_reviewer):
        decide(reviewer, claimed(reviewer))
    again = decisions.undo(cast.reviewer)
    item.refresh_from_db()
    assert item.state == "open" and not Outcome.objects.exists()
    assert Decision.objects.filter(retraction=None).get().reviewer == cast.second_reviewer
    decide(cast.reviewer, again, reject_all(again))
    assert Outcome.objects.get(item=item).state == "rejected"


def test_a_seat_taken_back_and_left_goes_to_anybody_but_not_twice(cast: Cast) -> None:
    make_queue(cast.team, overlap=2)
    make_item(cast.operator)
    decide(cast.reviewer, claimed(cast.reviewer))
    queue.release(token_of(decisions.undo(cast.reviewer)), cast.reviewer)
    taken = claimed(cast.second_reviewer)
    # The only seat left is one the reviewer never had: having judged this item before, they must not see it afresh.
    assert queue.claim(cast.reviewer).reason == "nothing_waits"
    queue.release(token_of(taken), cast.second_reviewer)
    assert claimed(cast.reviewer).pk == taken.pk


def test_another_reviewers_decision_is_not_found(cast: Cast) -> None:
    make_item(cast.operator)
    decision = decide(cast.reviewer, claimed(cast.reviewer))
    for stranger in (cast.second_reviewer, cast.admin, cast.stranger):
        with pytest.raises(NoSuchDecision):
            decisions.undo(stranger, decision)
        with pytest.raises(NoSuchDecision):
            decisions.undo(stranger)
    assert not Retraction.objects.exists()


def test_undo_twice_is_a_conflict(cast: Cast) -> None:
    make_item(cast.operator)
    decision = decide(cast.reviewer, claimed(cast.reviewer))
    decisions.undo(cast.reviewer, decision.pk)
    with pytest.raises(AlreadyUndone):
        decisions.undo(cast.reviewer, decision)
    assert Retraction.objects.count() == 1
    assert_books_balance()


def test_what_left_in_a_snapshot_stays(cast: Cast) -> None:
    item = make_item(cast.operator)
    decision = decide(cast.reviewer, claimed(cast.reviewer))
    SnapshotDecision.objects.create(snapshot=make_snapshot(cast.ml_engineer), decision=decision)
    with pytest.raises(AlreadyExported):
        decisions.undo(cast.reviewer, decision)
    item.refresh_from_db()
    assert item.state == "resolved" and used(cast.reviewer) == 1


def test_without_room_in_the_day_the_seat_waits(cast: Cast) -> None:
    make_item(cast.operator, images=2)
    decide(cast.reviewer, claimed(cast.reviewer))
    quotas.set_limit(cast.reviewer, 1, cast.admin)
    slot = decisions.undo(cast.reviewer)
    assert (slot.state, slot.attempt, slot.lease_token) == ("ready", 2, None)
    assert used(cast.reviewer) == 0
    assert claimed(cast.second_reviewer).pk == slot.pk


def test_the_day_of_the_decision_is_credited(cast: Cast) -> None:
    make_item(cast.operator, images=2)
    decide(cast.reviewer, claimed(cast.reviewer))
    day = QuotaDay.objects.get()
    QuotaDay.objects.filter(pk=day.pk).update(day="2020-01-01")
    decisions.undo(cast.reviewer)
    assert list(QuotaDay.objects.order_by("day").values_list("used", flat=True)) == [0, 2]
    assert_books_balance()


def test_undo_works_in_a_paused_queue(cast: Cast) -> None:
    item = make_item(cast.operator)
    decide(cast.reviewer, claimed(cast.reviewer))
    type(item.queue).objects.update(is_paused=True)
    assert decisions.undo(cast.reviewer).state == "leased"


@pytest.mark.django_db(transaction=True)
def test_undo_waits_for_a_snapshot_that_is_being_frozen() -> None:
    cast = make_cast()
    make_item(cast.operator)
    decision = decide(cast.reviewer, claimed(cast.reviewer))
    snapshot = make_snapshot(cast.ml_engineer)
    frozen = threading.Event()

    def work(number: int) -> str:
        if number == 0:
            with transaction.atomic():
                _freeze(decision, snapshot)
                frozen.set()
                _until_somebody_waits()
            return "frozen"
        frozen.wait(5)
        try:
            decisions.undo(cast.reviewer, decision)
        except AlreadyExported:
            return "refused"
        return "undone"

    assert in_threads(2, work) == ["frozen", "refused"]
    assert not Retraction.objects.exists()


def _freeze(decision: Decision, snapshot: DatasetSnapshot) -> bool:
    """As freezing does it: the slot's row locked, then only what still stands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM reviews_slot WHERE id = %s FOR SHARE", [decision.slot_id])
    if Retraction.objects.filter(decision=decision).exists():
        return False
    SnapshotDecision.objects.create(snapshot=snapshot, decision=decision)
    return True


def _until_somebody_waits() -> None:
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
            (waits,) = cursor.fetchone() or (False,)
        if waits:
            return
        time.sleep(0.01)
    raise AssertionError("undo did not wait for the freeze")


@pytest.mark.django_db(transaction=True)
def test_a_decision_is_frozen_or_undone_never_both() -> None:
    cast = make_cast()
    fill_queue(make_queue(cast.team), cast.operator, 12)
    snapshot = make_snapshot(cast.ml_engineer)
    made = [decide(cast.reviewer, claimed(cast.reviewer)) for _ in range(12)]
    for decision in made:

        def work(number: int, decision: Decision = decision) -> bool:
            if number == 0:
                with transaction.atomic():
                    return _freeze(decision, snapshot)
            try:
                decisions.undo(cast.reviewer, decision)
            except AlreadyExported:
                return False
            return True

        assert sorted(in_threads(2, work)) == [False, True]
    assert not Retraction.objects.filter(decision__snapshots__isnull=False).exists()
    assert_books_balance()


@pytest.mark.django_db(transaction=True)
def test_four_undos_at_once_take_it_back_once() -> None:
    cast = make_cast()
    make_item(cast.operator)
    decision = decide(cast.reviewer, claimed(cast.reviewer))

    def work(number: int) -> bool:
        try:
            decisions.undo(cast.reviewer, decision)
        except AlreadyUndone:
            return False
        return True

    assert sorted(in_threads(4, work)) == [False, False, False, True]
    assert Slot.objects.get().attempt == 2 and ReviewItem.objects.get().state == "open"
    assert_books_balance()


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_undoing_and_deciding_one_item_do_not_wait_in_a_circle() -> None:
    cast = make_cast()
    make_queue(cast.team, overlap=2)
    item = make_item(cast.operator)
    pair = [cast.reviewer, cast.second_reviewer]
    for reviewer in pair:
        decide(reviewer, claimed(reviewer))

    def work(number: int) -> None:
        for _ in range(10):
            slot = decisions.undo(pair[number])
            decide(pair[number], slot, approve_all(slot))

    in_threads(2, work)
    item.refresh_from_db()
    assert item.state == "resolved" and Outcome.objects.filter(item=item).count() == 1
    assert Decision.objects.count() == 22 and Retraction.objects.count() == 20
    assert_books_balance()
