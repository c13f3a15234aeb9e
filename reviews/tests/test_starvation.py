"""Nothing starves at the claim itself: however many better items keep arriving, the poorest has its turn within a bound
that can be said beforehand."""

import os
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.tests.factories import Cast, make_cast
from reviews.models import Queue, ReviewItem, Slot
from reviews.ordering import PRIORITY, longest_lead
from reviews.routing import Entry
from reviews.selection import Selected
from reviews.services import enqueueing, quotas
from reviews.services.enqueueing import order_of
from reviews.tests.factories import fill_queue, granted, make_queue

MORE = int(os.environ.get("CANVAS_PROOF", "1"))
HOUR = timedelta(hours=1)
LATER = 6
"""Hours for which better ones go on arriving when the lead is used up."""
OLDER = 3
"""What waits already when the poor item comes."""


@dataclass
class Door:
    """Requests that have not come yet, and the queues they go to in turn."""

    queues: list[Queue]
    outside: list[ReviewItem]
    came: int = 0

    def let_in(self, score: float, priority: int, *, in_queue: Queue | None = None) -> ReviewItem:
        request = self.outside.pop().request
        candidates = request.candidates.values_list("pk", flat=True)
        selected = [Selected(key, "top_rank", 1.0) for key in candidates]
        self.came += 1
        where = in_queue or self.queues[self.came % len(self.queues)]
        return enqueueing.open_item(where, request, selected, Entry(), best=score, priority=priority)


def _door(cast: Cast, reach: int, weights: tuple[float, float], most: int) -> Door:
    outside = make_queue(cast.team, is_paused=True)
    items = fill_queue(outside, cast.operator, most)
    named = {"score_weight": weights[0], "uncertainty_weight": weights[1], "reach_hours": reach}
    return Door([make_queue(cast.team, **named), make_queue(cast.team)], items)


def _an_hour_goes_by() -> None:
    """All that waits has come an hour earlier."""
    Slot.objects.filter(queue__is_paused=False).update(turn_at=F("turn_at") - HOUR)


@pytest.mark.django_db
@settings(max_examples=12 * MORE, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    reach=st.integers(0, 12),
    weights=st.sampled_from([(1.0, 0.0), (0.5, 0.5), (0.0, 1.0)]),
    priority=st.integers(0, 1),
    arrivals=st.integers(1, 4),
    claims=st.integers(1, 3),
    best=st.sampled_from([0.5, 1.0]),
)
def test_the_poorest_is_claimed_within_the_bound_while_better_ones_arrive(
    reach: int, weights: tuple[float, float], priority: int, arrivals: int, claims: int, best: float
) -> None:
    """Only what came before it, or within the longest lead after it, can be claimed before it: with `arrivals` an hour
    that is `OLDER + arrivals x hours` claims, whether or not the reviewers keep pace."""
    cast = make_cast()
    quotas.set_limit(cast.reviewer, 10_000, cast.admin)
    hours = (reach * HOUR + priority * PRIORITY) // HOUR
    bound = OLDER + arrivals * (hours + 1) + 1
    door = _door(cast, reach, weights, bound + arrivals * LATER)
    assert longest_lead(order_of(door.queues[0]), most_priority=priority) == hours * HOUR
    for _ in range(OLDER):
        door.let_in(best, priority)
    poor = door.let_in(0.0, 0, in_queue=door.queues[0])
    given_out = 0
    for hour in range(bound):
        if hour <= hours + LATER:  # so that what comes after the lead is there to be preferred wrongly
            for _ in range(arrivals):
                door.let_in(best, priority)
        for _ in range(claims):
            slot = granted(cast.reviewer).slot_id
            given_out += slot is not None
            if slot == poor.slots.get().pk:
                assert given_out <= bound
                return
        _an_hour_goes_by()
    raise AssertionError(f"not within {bound} claims")


@pytest.mark.django_db
def test_it_comes_first_exactly_when_the_lead_is_used_up(cast: Cast) -> None:
    """The bound is no larger than it must be: until then the better one is preferred."""
    door = _door(cast, 4, (1.0, 0.0), 12)
    poor = door.let_in(0.0, 0, in_queue=door.queues[0])
    firsts = []
    for _hour in range(6):
        better = door.let_in(1.0, 0, in_queue=door.queues[0])
        waiting = Slot.objects.filter(queue=door.queues[0]).order_by("turn_at", "pk")
        firsts.append(waiting[0].item_id != poor.pk)
        Slot.objects.filter(item=better).update(state="closed")
        assert waiting.filter(state="ready").get().item_id == poor.pk
        Slot.objects.filter(item=better).delete()
        _an_hour_goes_by()
    assert firsts == [True] * 4 + [False] * 2
