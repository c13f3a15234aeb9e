"""Put off: not offered to this reviewer until the time is over, by the database's clock; to others as before."""

from datetime import timedelta

from django.db.models.functions import Now

from accounts.tests.factories import Cast
from reviews.models import Queue, ReviewItem, Snooze
from reviews.services import decisions, queue, quotas
from reviews.tests.factories import (
    assert_books_balance,
    claimed,
    decide,
    fill_queue,
    make_item,
    make_queue,
    token_of,
    used,
)


def _put_off(cast: Cast, minutes: int = 30) -> Snooze:
    return queue.snooze(token_of(claimed(cast.reviewer)), cast.reviewer, minutes)


def _its_time_is_over() -> None:
    Snooze.objects.update(until=Now() - timedelta(seconds=1))


def test_the_next_one_comes_and_the_day_is_credited(cast: Cast) -> None:
    first, second = fill_queue(make_queue(cast.team), cast.operator, 2, images=2)
    snoozed = _put_off(cast)
    assert snoozed.item == first and used(cast.reviewer) == 0
    assert timedelta(minutes=29) < snoozed.until - snoozed.created_at < timedelta(minutes=31)
    assert claimed(cast.reviewer).item == second
    assert_books_balance()


def test_it_comes_back_when_its_time_is_over(cast: Cast) -> None:
    item = make_item(cast.operator)
    snoozed = _put_off(cast)
    claim = queue.claim(cast.reviewer)
    assert (claim.slot, claim.reason, claim.until) == (None, "snoozed", snoozed.until)
    _its_time_is_over()
    assert claimed(cast.reviewer).item == item


def test_others_may_have_it_and_then_nothing_waits(cast: Cast) -> None:
    item = make_item(cast.operator)
    _put_off(cast)
    assert claimed(cast.second_reviewer).item == item
    claim = queue.claim(cast.reviewer)
    assert (claim.reason, claim.until) == ("nothing_waits", None)


def test_put_off_twice_it_is_the_later_time_that_counts(cast: Cast) -> None:
    item = make_item(cast.operator)
    later = _put_off(cast, 60)
    Snooze.objects.create(item=item, reviewer=cast.reviewer, until=Now() + timedelta(minutes=1))
    assert queue.claim(cast.reviewer).until == later.until


def test_the_first_of_several_is_told(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 2)
    _put_off(cast, 60)
    sooner = _put_off(cast, 5)
    assert queue.claim(cast.reviewer).until == sooner.until


def test_a_paused_queue_is_not_waited_for(cast: Cast) -> None:
    make_item(cast.operator)
    _put_off(cast)
    Queue.objects.update(is_paused=True)
    assert queue.claim(cast.reviewer).reason == "nothing_waits"


def test_a_full_day_is_not_called_put_off(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 2)
    _put_off(cast)
    quotas.set_limit(cast.reviewer, 0, cast.admin)
    assert queue.claim(cast.reviewer).reason == "quota_reached"


def test_asked_for_by_name_it_comes_at_once(cast: Cast) -> None:
    item = make_item(cast.operator)
    _put_off(cast)
    claim = queue.claim_late(cast.reviewer, item.handle)
    assert claim.slot is not None and claim.slot.item == item
    decide(cast.reviewer, claim.slot)
    assert decisions.undo(cast.reviewer).state == "leased"
    assert ReviewItem.objects.get().state == "open"
