"""A report of a wrong mask taken back, and other decisions taken back while the item is withdrawn."""

import pytest

from accounts.tests.factories import Cast
from generation.models import MaskRepair
from generation.services import repairs
from reviews.models import Outcome, Retraction
from reviews.services import decisions, queue, quotas, withdrawals
from reviews.services.refusals import AlreadyUndone, MaskSettled
from reviews.tests.factories import assert_books_balance, claimed, decide, make_item, make_queue, report, used


def test_the_item_and_its_seats_come_back(cast: Cast) -> None:
    make_queue(cast.team, overlap=3)
    item = make_item(cast.operator, images=2)
    slot = claimed(cast.reviewer)
    report(cast.reviewer, slot)
    again = decisions.undo(cast.reviewer)
    item.refresh_from_db()
    assert (item.state, again.pk, again.state, again.attempt) == ("open", slot.pk, "leased", 2)
    assert sorted(item.slots.values_list("state", flat=True)) == ["leased", "ready", "ready"]
    assert not Outcome.objects.exists()
    repair = MaskRepair.objects.get()
    assert (repair.state, repair.closed_by) == ("taken_back", cast.reviewer) and repair.closed_at
    assert claimed(cast.second_reviewer).item == item
    assert_books_balance()


def test_reported_taken_back_and_reported_again(cast: Cast) -> None:
    item = make_item(cast.operator)
    report(cast.reviewer, claimed(cast.reviewer), "First")
    report(cast.reviewer, decisions.undo(cast.reviewer), "Second")
    assert list(MaskRepair.objects.order_by("pk").values_list("state", "note")) == [
        ("taken_back", "First"),
        ("open", "Second"),
    ]
    item.refresh_from_db()
    assert item.state == "withdrawn"
    decisions.undo(cast.reviewer)
    item.refresh_from_db()
    assert item.state == "open" and not MaskRepair.objects.waiting().exists()


def test_twice_is_a_conflict(cast: Cast) -> None:
    make_item(cast.operator)
    decision = report(cast.reviewer, claimed(cast.reviewer))
    decisions.undo(cast.reviewer)
    with pytest.raises(AlreadyUndone):
        decisions.undo(cast.reviewer, decision)
    assert Retraction.objects.count() == 1


def test_not_after_an_operator_has_found_the_mask_right(cast: Cast) -> None:
    item = make_item(cast.operator)
    decision = report(cast.reviewer, claimed(cast.reviewer))
    repair = MaskRepair.objects.get()
    repairs.keep_mask(repair, cast.operator)
    for _before_and_after in range(2):
        with pytest.raises(MaskSettled, match="found the mask right"):
            decisions.undo(cast.reviewer, decision)
        withdrawals.reopen_kept(repair)
    item.refresh_from_db()
    assert item.state == "open" and Retraction.objects.count() == 1


def test_without_room_in_the_day_the_seat_waits(cast: Cast) -> None:
    make_item(cast.operator, images=2)
    report(cast.reviewer, claimed(cast.reviewer))
    quotas.set_limit(cast.reviewer, 1, cast.admin)
    assert decisions.undo(cast.reviewer).state == "ready"
    assert used(cast.reviewer) == 0
    assert claimed(cast.second_reviewer).attempt == 2


def test_another_decision_on_a_withdrawn_item_gives_up_its_seat_only(cast: Cast) -> None:
    make_queue(cast.team, overlap=2)
    item = make_item(cast.operator)
    decide(cast.second_reviewer, claimed(cast.second_reviewer))
    report(cast.reviewer, claimed(cast.reviewer))
    make_item(cast.operator)
    on_screen = claimed(cast.second_reviewer)
    slot = decisions.undo(cast.second_reviewer)
    item.refresh_from_db()
    assert (item.state, slot.state, slot.attempt) == ("withdrawn", "closed", 2)
    assert Outcome.objects.get(item=item).state == "withdrawn"
    assert used(cast.second_reviewer) == 1 and queue.current(cast.second_reviewer) == [on_screen]
    assert_books_balance()
    decisions.undo(cast.reviewer)  # and with the item that seat is back as well
    slot.refresh_from_db()
    assert slot.state == "ready"
    assert_books_balance()
