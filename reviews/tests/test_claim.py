"""What a claim gives, and to whom."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from accounts.models import Role
from accounts.tests.factories import Cast, make_cast, make_team, make_user
from reviews.models import Slot
from reviews.services import leases, queue, quotas
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
)


def test_the_next_item_is_leased_with_a_token_and_charged(cast: Cast) -> None:
    item = make_item(cast.operator, images=3)
    claim = queue.claim(cast.reviewer)
    assert claim.reason == "granted"
    assert claim.slot is not None and claim.slot.item == item
    assert claim.slot.lease_token is not None and not claim.slot.is_soft
    assert (claim.quota.used, claim.quota.left, claim.quota.open_images) == (3, 197, 3)
    assert claim.slot.lease_until is not None
    seconds = (claim.slot.lease_until - claim.slot.item.created_at).total_seconds()
    assert 590 < seconds < 660


def test_a_reload_gives_the_same_item_and_charges_nothing(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 3)
    first, again = claimed(cast.reviewer), claimed(cast.reviewer)
    assert (first.pk, first.lease_token) == (again.pk, again.lease_token)
    assert quotas.state(cast.reviewer).used == 1


def test_whose_turn_came_first_whatever_the_queue(cast: Cast) -> None:
    slow, fast = make_queue(cast.team), make_queue(cast.team)
    old = fill_queue(slow, cast.operator, 2)
    urgent = fill_queue(fast, cast.operator, 2)
    Slot.objects.filter(item=urgent[1]).update(turn_at=Now() - timedelta(days=5))
    order = []
    for _ in range(4):
        slot = claimed(cast.reviewer)
        order.append(slot.item)
        decide(cast.reviewer, slot)
    assert order == [urgent[1], old[0], old[1], urgent[0]]


def test_nothing_waits_in_another_teams_queue(cast: Cast) -> None:
    make_item(cast.stranger)
    assert queue.claim(cast.reviewer).reason == "nothing_waits"
    assert queue.claim(cast.stranger).reason == "granted"


def test_a_paused_queue_gives_nothing_and_says_so(cast: Cast) -> None:
    paused = make_queue(cast.team, is_paused=True)
    item = make_item(cast.operator, in_queue=paused)
    assert queue.claim(cast.reviewer).reason == "paused"
    assert queue.claim(cast.reviewer, item=item).reason == "granted"


def test_the_prefetched_item_comes_before_the_next_one(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 3)
    first, second = claimed(cast.reviewer), claimed(cast.reviewer, soft=True)
    assert second.is_soft and second.pk != first.pk
    assert claimed(cast.reviewer, soft=True).pk == second.pk
    decide(cast.reviewer, first)
    then = claimed(cast.reviewer)
    assert then.pk == second.pk and not then.is_soft
    assert then.lease_until and second.lease_until and then.lease_until > second.lease_until
    assert quotas.state(cast.reviewer).used == 2


def test_claiming_one_item_sets_the_screen_aside(cast: Cast) -> None:
    items = fill_queue(make_queue(cast.team), cast.operator, 4)
    on_screen, prefetched = claimed(cast.reviewer), claimed(cast.reviewer, soft=True)
    wanted = queue.claim(cast.reviewer, item=items[3]).slot
    assert wanted is not None and wanted.item == items[3]
    assert [(slot.pk, slot.is_soft) for slot in queue.current(cast.reviewer)] == [
        (wanted.pk, False),
        (on_screen.pk, True),
    ]
    prefetched.refresh_from_db()
    assert prefetched.state == "ready"
    assert quotas.state(cast.reviewer).used == 2
    assert queue.claim(cast.reviewer, item=items[0]).slot == on_screen


def test_no_reviewer_is_offered_an_item_twice(cast: Cast) -> None:
    items = fill_queue(make_queue(cast.team, overlap=2), cast.operator, 2)
    first = claimed(cast.reviewer)
    decide(cast.reviewer, first)
    second = claimed(cast.reviewer)
    assert {first.item, second.item} == set(items)
    decide(cast.reviewer, second)
    assert queue.claim(cast.reviewer).reason == "nothing_waits"
    assert queue.claim(cast.second_reviewer).reason == "granted"


def test_an_expired_lease_of_another_is_claimable_at_once(cast: Cast) -> None:
    make_item(cast.operator)
    stale = claimed(cast.reviewer)
    assert queue.claim(cast.second_reviewer).reason == "nothing_waits"
    expire(stale)
    taken = claimed(cast.second_reviewer)
    assert taken.pk == stale.pk and taken.lease_token != stale.lease_token


@pytest.mark.django_db(transaction=True)
def test_sixteen_reviewers_share_two_thousand_items_without_a_seat_too_many() -> None:
    cast = make_cast()
    in_queue = make_queue(cast.team, overlap=2)
    fill_queue(in_queue, cast.operator, 2000)
    reviewers = [make_user(cast.team, Role.REVIEWER) for _ in range(16)]
    for reviewer in reviewers:
        quotas.set_limit(reviewer, 100_000, cast.admin)

    def work(number: int) -> list[int]:
        seats: list[int] = []
        while True:
            lease = granted(reviewers[number])
            if lease.slot_id is None:
                return seats
            seats.append(lease.slot_id)
            token = Slot.objects.values_list("lease_token", flat=True).get(pk=lease.slot_id)
            assert token is not None and leases.settle(reviewers[number], token) == lease.slot_id

    given = Counter(slot for slots in in_threads(16, work) for slot in slots)
    assert len(given) == 4000 and set(given.values()) == {1}
    assert not Slot.objects.exclude(state="decided").exists()
    assert Slot.objects.values("item", "reviewer").distinct().count() == 4000
    assert_books_balance()


@pytest.mark.django_db(transaction=True)
def test_two_tabs_never_hold_two_screens() -> None:
    cast = make_cast()
    fill_queue(make_queue(cast.team), cast.operator, 50)
    claims = in_threads(8, lambda number: queue.claim(cast.reviewer, soft=number % 2 == 1))
    assert {claim.reason for claim in claims} == {"granted"}
    assert [slot.is_soft for slot in queue.current(cast.reviewer)] in ([False], [False, True])
    assert_books_balance()


@pytest.mark.django_db(transaction=True)
def test_a_stranger_without_a_team_gets_nothing() -> None:
    team = make_team()
    lonely = make_user(team, Role.REVIEWER)
    lonely.membership.delete()
    claim = queue.claim(lonely)
    assert claim.reason == "nothing_waits" and claim.quota.limit == 0
