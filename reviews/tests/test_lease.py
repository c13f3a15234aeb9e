"""A lease ends by its time, and nothing but its token moves it."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from accounts.tests.factories import Cast
from reviews.models import Decision, Skip, Slot
from reviews.services import leases, queue, quotas
from reviews.services.refusals import LeaseLost
from reviews.tests.factories import claimed, decide, expire, fill_queue, make_item, make_queue, token_of, used


def test_showing_a_prefetched_item_starts_its_full_time(cast: Cast) -> None:
    fill_queue(make_queue(cast.team, lease_seconds=600, soft_lease_seconds=60), cast.operator, 2)
    soft = claimed(cast.reviewer, soft=True)
    shown = queue.show(token_of(soft), cast.reviewer)
    assert not shown.is_soft and shown.lease_token == soft.lease_token
    assert soft.lease_until and shown.lease_until
    assert (shown.lease_until - soft.lease_until).total_seconds() > 500


def test_showing_the_next_item_before_the_last_is_sent_keeps_both(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 3)
    unsent, following = claimed(cast.reviewer), claimed(cast.reviewer, soft=True)
    queue.show(token_of(following), cast.reviewer)
    assert [(slot.pk, slot.is_soft) for slot in queue.current(cast.reviewer)] == [
        (following.pk, False),
        (unsent.pk, True),
    ]
    assert decide(cast.reviewer, unsent).slot == unsent


def test_a_heartbeat_never_shortens_a_lease(cast: Cast) -> None:
    fill_queue(make_queue(cast.team, lease_seconds=600, soft_lease_seconds=60), cast.operator, 2)
    slot = claimed(cast.reviewer)
    before = slot.lease_until
    assert before
    after = queue.extend(token_of(slot), cast.reviewer).lease_until
    assert after and after > before
    Slot.objects.filter(pk=slot.pk).update(is_soft=True)
    assert queue.extend(token_of(slot), cast.reviewer).lease_until == after


def test_what_is_given_back_is_credited_and_free(cast: Cast) -> None:
    make_item(cast.operator, images=2)
    slot = claimed(cast.reviewer)
    queue.release(token_of(slot), cast.reviewer)
    slot.refresh_from_db()
    assert slot.state == "ready" and used(cast.reviewer) == 0
    assert claimed(cast.second_reviewer).pk == slot.pk


def _decide(token: uuid.UUID, reviewer: User) -> Any:
    return decide(reviewer, Slot(lease_token=token), cannot_judge=True)


ACTIONS = [queue.show, queue.extend, queue.release, queue.skip, _decide]


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("wrong", ["unknown", "foreign", "expired", "used", "released"])
def test_a_wrong_token_changes_nothing(cast: Cast, action: Callable[[uuid.UUID, User], Any], wrong: str) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 3)
    slot = claimed(cast.reviewer)
    token, who = slot.lease_token, cast.reviewer
    assert token is not None
    if wrong == "unknown":
        token = uuid.uuid4()
    elif wrong == "foreign":
        who = cast.second_reviewer
    elif wrong == "expired":
        expire(slot)
    elif wrong == "used":
        decide(cast.reviewer, slot)
    else:
        queue.release(token, cast.reviewer)

    def everything() -> list[Any]:
        return [
            list(Slot.objects.order_by("pk").values()),
            Decision.objects.count(),
            Skip.objects.count(),
            used(cast.reviewer),
        ]

    before = everything()
    with pytest.raises(LeaseLost):
        action(token, who)
    assert everything() == before


def test_ones_own_expired_lease_is_given_back_by_the_next_claim(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 2)
    quotas.set_limit(cast.reviewer, 1, cast.admin)
    stale = claimed(cast.reviewer)
    expire(stale)
    fresh = claimed(cast.reviewer)
    assert fresh.pk == stale.pk and fresh.lease_token != stale.lease_token
    assert used(cast.reviewer) == 1


def test_expired_leases_are_not_current(cast: Cast) -> None:
    make_item(cast.operator)
    slot = claimed(cast.reviewer)
    assert queue.current(cast.reviewer) == [slot]
    expire(slot)
    assert queue.current(cast.reviewer) == []
    assert quotas.state(cast.reviewer).open_images == 0
    assert not leases.held(cast.reviewer).exists()


def test_siblings_stand_in_one_random_order_for_one_reviewer(cast: Cast) -> None:
    make_queue(cast.team, overlap=2)
    make_item(cast.operator, images=8)
    mine, theirs = claimed(cast.reviewer), claimed(cast.second_reviewer)
    order = queue.display_order(mine)
    assert order == queue.display_order(claimed(cast.reviewer))
    assert set(order) == set(mine.item.candidates.all())
    again = Slot.objects.get(pk=mine.pk)
    again.attempt += 1
    # Of three orders of eight, two being equal by chance: three in 8! = 40,320.
    orders = {tuple(one.pk for one in queue.display_order(slot)) for slot in (mine, theirs, again)}
    assert len(orders) == 3
