"""An operator finds the mask right: the item goes back to review, once, even if the event is lost."""

import pytest

from accounts.tests.factories import Cast
from delivery.models import OutboxMessage
from generation.models import MaskRepair
from generation.services import repairs
from reviews.models import Decision, Outcome, Retraction
from reviews.services import queue, withdrawals
from reviews.tasks.queue import pull_kept, reopen_kept
from reviews.tests.factories import assert_books_balance, claimed, decide, make_item, make_queue, report, used


def _reported(cast: Cast, overlap: int = 2) -> MaskRepair:
    make_queue(cast.team, overlap=overlap)
    make_item(cast.operator, images=2)
    report(cast.reviewer, claimed(cast.reviewer))
    return MaskRepair.objects.get()


def test_everything_is_as_before_the_report(cast: Cast) -> None:
    repair = _reported(cast)
    repairs.keep_mask(repair, cast.operator)
    assert OutboxMessage.objects.filter(topic="mask.kept", key=repair.pk).count() == 1
    reopen_kept(repair.pk)
    item = repair.request.review_items.get()
    assert item.state == "open" and not Outcome.objects.exists()
    assert set(item.slots.values_list("state", flat=True)) == {"ready"}
    assert used(cast.reviewer) == 0
    assert Retraction.objects.get().reviewer == cast.operator
    for who in (cast.reviewer, cast.second_reviewer):  # the reporter may judge it now, in their own seat
        decide(who, claimed(who))
    item.refresh_from_db()
    assert item.state == "resolved"
    assert_books_balance()


def test_the_message_twice_changes_nothing(cast: Cast) -> None:
    repair = _reported(cast)
    repairs.keep_mask(repair, cast.operator)
    assert [withdrawals.reopen_kept(repair) for _ in range(3)] == [True, False, False]
    assert Retraction.objects.count() == 1


def test_a_late_message_does_not_open_what_was_reported_anew(cast: Cast) -> None:
    first = _reported(cast, overlap=1)
    repairs.keep_mask(first, cast.operator)
    withdrawals.reopen_kept(first)
    report(cast.reviewer, claimed(cast.reviewer))
    assert not withdrawals.reopen_kept(first) and withdrawals.pull_kept() == 0
    assert first.request.review_items.get().state == "withdrawn"


def test_a_lost_event_is_made_up_for(cast: Cast) -> None:
    repair = _reported(cast)
    assert withdrawals.pull_kept() == 0
    repairs.keep_mask(repair, cast.operator)
    OutboxMessage.objects.all().delete()
    pull_kept()
    assert repair.request.review_items.get().state == "open"
    assert withdrawals.pull_kept() == 0


def test_what_is_open_or_taken_back_is_not_given_back(cast: Cast) -> None:
    repair = _reported(cast)
    assert not withdrawals.reopen_kept(repair)
    reopen_kept(repair.pk + 1000)
    assert repair.request.review_items.get().state == "withdrawn"
    assert queue.claim(cast.second_reviewer).reason == "nothing_waits"


def test_a_settled_report_is_not_settled_again(cast: Cast) -> None:
    repair = _reported(cast)
    repairs.keep_mask(repair, cast.operator)
    with pytest.raises(repairs.RepairClosed, match="found the mask right"):
        repairs.keep_mask(MaskRepair.objects.get(), cast.admin)
    assert OutboxMessage.objects.filter(topic="mask.kept").count() == 1
    assert Decision.objects.count() == 1
