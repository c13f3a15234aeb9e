"""A replay with nothing changed tells what happened; with something changed it moves the way it must."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews import simulation
from reviews.simulation import Changes, ReplayDay, Selection, Work, as_it_was, expected_shown, replay

FIRST = date(2026, 5, 4)
DAYS = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=28
)  # fmt: skip
QUOTAS = {1: 100, 2: 100}


def _world(days: list[tuple[int, int, int]], start: int = 50) -> list[ReplayDay]:
    """A queue that loses images only by their being judged: nobody judges more than there are."""
    told, backlog = [], start
    for at, (arrived, one, other) in enumerate(days):
        there = backlog + arrived
        first = min(one, there)
        second = min(other, there - first)
        backlog = there - first - second
        work = {1: Work(first, first, first * 0.5), 2: Work(second, second, second * 0.25)}
        told.append(ReplayDay(FIRST + timedelta(days=at), arrived, backlog, work))
    return told


@given(DAYS)
@settings(deadline=None)
def test_with_nothing_changed_it_tells_what_happened(days: list[tuple[int, int, int]]) -> None:
    world = _world(days)
    was, again = as_it_was(world), replay(world, QUOTAS, Changes())
    assert simulation.error(world, QUOTAS) == pytest.approx(0, abs=1e-6)
    assert again.judged == pytest.approx(was.judged)


@given(DAYS, st.integers(1, 200), st.integers(0, 200))
@settings(deadline=None)
def test_a_larger_quota_never_leaves_more(days: list[tuple[int, int, int]], quota: int, more: int) -> None:
    world = _world(days)
    small, large = (replay(world, QUOTAS, Changes(quota=each)) for each in (quota, quota + more))
    assert large.backlog <= small.backlog + 1e-6


@given(DAYS, st.floats(1, 3), st.floats(0, 3))
@settings(deadline=None)
def test_more_reviewers_an_item_never_leave_less(days: list[tuple[int, int, int]], overlap: float, more: float) -> None:
    world = _world(days)
    few, many = (replay(world, QUOTAS, Changes(overlap=each)) for each in (overlap, overlap + more))
    assert many.backlog >= few.backlog - 1e-6


@given(DAYS, st.integers(0, 300))
@settings(deadline=None)
def test_nothing_is_judged_that_is_not_there(days: list[tuple[int, int, int]], quota: int) -> None:
    again = replay(_world(days), QUOTAS, Changes(quota=quota))
    assert again.judged <= 50 + sum(arrived for arrived, _one, _other in days) + 1e-6
    assert all(day.backlog >= 0 for day in again.days)


def test_who_reached_the_quota_would_have_gone_on_and_who_did_not_would_not() -> None:
    world = _world([(500, 100, 40)], start=0)
    assert replay(world, QUOTAS, Changes(quota=150)).judged == 150 + 40
    assert replay(world, QUOTAS, Changes(quota=20)).judged == 20 + 20


def test_minutes_follow_the_images() -> None:
    world = _world([(500, 100, 0)], start=0)
    assert replay(world, QUOTAS, Changes(quota=50)).minutes == pytest.approx(25)


def test_thresholds_count_what_the_selection_would_show() -> None:
    scores = [0.9, 0.5, 0.2, 0.05]
    assert expected_shown(scores, Selection(3, 0.3, 0.0)) == 2
    assert expected_shown(scores, Selection(3, 0.3, 0.5)) == 3
    assert expected_shown([0.01], Selection(3, 0.3, 0.0)) == 1
    changes = Changes(was_shown=Selection(1, 0.0, 0.0), shown=Selection(2, 0.0, 0.0), scores=[scores, scores])
    assert changes.arrivals == 2
