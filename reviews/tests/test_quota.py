"""A reviewer judges so many images a day, by their team's calendar, and not one more."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps

from accounts.tests.factories import Cast, make_cast
from reviews.models import QuotaDay, Slot
from reviews.services import queue, quotas
from reviews.services.quota_changes import ChangesRefused
from reviews.tests.factories import (
    assert_books_balance,
    claimed,
    decide,
    expire,
    fill_queue,
    granted,
    in_threads,
    make_item,
    make_queue,
    used,
)


def test_the_day_ends_where_no_waiting_item_fits(cast: Cast) -> None:
    in_queue = make_queue(cast.team)
    fill_queue(in_queue, cast.operator, 2, images=3)
    quotas.set_limit(cast.reviewer, 5, cast.admin)
    decide(cast.reviewer, claimed(cast.reviewer))
    claim = queue.claim(cast.reviewer)
    assert (claim.slot, claim.reason, claim.quota.left) == (None, "quota_reached", 2)
    small = fill_queue(in_queue, cast.operator, 1, images=2)[0]
    assert claimed(cast.reviewer).item == small


def test_an_empty_queue_is_not_a_reached_quota(cast: Cast) -> None:
    quotas.set_limit(cast.reviewer, 0, cast.admin)
    assert queue.claim(cast.reviewer).reason == "nothing_waits"
    make_item(cast.operator)
    assert queue.claim(cast.reviewer).reason == "quota_reached"


def test_a_new_limit_holds_from_the_next_claim(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 3)
    quotas.set_limit(cast.reviewer, 2, cast.admin)
    decide(cast.reviewer, claimed(cast.reviewer))
    quotas.set_limit(cast.reviewer, 1, cast.admin)
    assert queue.claim(cast.reviewer).reason == "quota_reached"
    quotas.set_limit(cast.reviewer, 2, cast.admin)
    decide(cast.reviewer, claimed(cast.reviewer))
    quotas.set_limit(cast.reviewer, 1, cast.admin)
    state = quotas.state(cast.reviewer)
    assert (state.limit, state.used, state.left) == (1, 2, 0)


def test_who_set_the_limit_is_kept(cast: Cast) -> None:
    quotas.set_limit(cast.reviewer, 7, cast.admin)
    quotas.set_limit(cast.reviewer, 9, cast.admin)
    events = apps.get_model("reviews", "QuotaEvent").objects.order_by("pgh_id")
    kept = events.values_list("cap", "pgh_context__metadata__user")
    assert list(kept) == [(7, cast.admin.pk), (9, cast.admin.pk)]


@pytest.mark.parametrize("images", [-1, 1_000_001])
def test_an_impossible_limit_is_refused(cast: Cast, images: int) -> None:
    with pytest.raises(ChangesRefused):
        quotas.set_limit(cast.reviewer, images, cast.admin)


def test_an_expired_lease_is_credited_to_the_day_it_was_charged_to(cast: Cast) -> None:
    make_item(cast.operator, images=2)
    slot = claimed(cast.reviewer)
    yesterday = QuotaDay.objects.get(reviewer=cast.reviewer)
    QuotaDay.objects.filter(pk=yesterday.pk).update(day=yesterday.day - timedelta(days=1))
    today = QuotaDay.objects.create(reviewer=cast.reviewer, queue=slot.queue, day=yesterday.day, used=0)
    expire(slot)
    claimed(cast.second_reviewer)
    yesterday.refresh_from_db()
    today.refresh_from_db()
    assert (yesterday.used, today.used, used(cast.second_reviewer)) == (0, 0, 2)
    assert_books_balance()


def test_the_day_is_the_teams(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 2)
    days = []
    # These two are 26 hours apart: it is never the same day in both.
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        type(cast.team).objects.filter(pk=cast.team.pk).update(time_zone=zone)
        decide(cast.reviewer, claimed(cast.reviewer))
        day = QuotaDay.objects.order_by("-pk").first()
        assert day is not None
        assert day.day == datetime.now(UTC).astimezone(ZoneInfo(zone)).date()
        days.append(day.day)
        assert quotas.state(cast.reviewer).used == 1
    assert days[0] > days[1]


@pytest.mark.django_db(transaction=True)
def test_of_1600_tries_exactly_200_are_granted() -> None:
    cast = make_cast()
    fill_queue(make_queue(cast.team), cast.operator, 1600)

    def work(number: int) -> int:
        return sum(granted(cast.reviewer).slot_id is not None for _ in range(100))

    assert sum(in_threads(16, work)) == 200
    assert used(cast.reviewer) == 200
    assert Slot.objects.filter(state="leased", reviewer=cast.reviewer).count() == 200


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_taking_each_others_expired_leases_do_not_wait_in_a_circle() -> None:
    cast = make_cast()
    fill_queue(make_queue(cast.team), cast.operator, 160)
    pair = [cast.reviewer, cast.second_reviewer]
    for reviewer in pair:
        quotas.set_limit(reviewer, 10_000, cast.admin)
    for number in range(160):
        granted(pair[number % 2])
    expire()
    in_threads(12, lambda number: [granted(pair[number % 2]) for _ in range(20)])
    assert_books_balance()
    assert used(pair[0]) + used(pair[1]) == 160
