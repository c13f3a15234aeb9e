"""Whose turn it is: a moment fixed at the door, so that nothing waits for ever."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reviews.ordering import MOST_PRIORITY, Order, longest_lead, turn_at, uncertainty_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SHARES = st.floats(0.0, 1.0)
ORDERS = st.builds(Order, SHARES, SHARES, st.integers(0, 168).map(lambda hours: timedelta(hours=hours)))
DUE = st.none() | st.integers(1, 500).map(lambda hours: timedelta(hours=hours))


def _turn(
    order: Order, entered: datetime, score: float, unsure: float, priority: int, due: timedelta | None
) -> datetime:
    due_at = None if due is None else entered + due
    return turn_at(entered, order, score=score, uncertainty=unsure, priority=priority, due_at=due_at)


@given(ORDERS, DUE, SHARES, SHARES, SHARES, SHARES, st.integers(0, MOST_PRIORITY))
def test_what_enters_later_than_the_bound_comes_later(
    order: Order, due: timedelta | None, score: float, unsure: float, other: float, other_unsure: float, priority: int
) -> None:
    later = NOON + longest_lead(order, due_after=due) + timedelta(seconds=1)
    waiting = _turn(order, NOON, score, unsure, 0, due)
    assert waiting < _turn(order, later, other, other_unsure, priority, due)


@given(ORDERS, SHARES, SHARES, st.integers(0, MOST_PRIORITY), DUE)
def test_nothing_comes_later_than_it_would_by_its_age(
    order: Order, score: float, unsure: float, priority: int, due: timedelta | None
) -> None:
    assert _turn(order, NOON, score, unsure, priority, due) <= NOON


def test_without_weights_age_and_priority_rule() -> None:
    plain = Order()
    assert _turn(plain, NOON, 0.9, 0.1, 0, None) == NOON
    assert _turn(plain, NOON, 0.0, 0.0, 2, None) == NOON - timedelta(days=2)


def test_the_best_score_goes_ahead_by_the_whole_reach() -> None:
    by_score = Order(score_weight=1.0, reach=timedelta(hours=4))
    assert _turn(by_score, NOON, 1.0, 0.0, 0, None) == NOON - timedelta(hours=4)
    mixed = Order(score_weight=0.5, uncertainty_weight=0.5, reach=timedelta(hours=4))
    assert _turn(mixed, NOON, 1.0, 0.0, 0, None) == NOON - timedelta(hours=2)


def test_what_is_due_soon_comes_as_if_it_had_waited() -> None:
    assert _turn(Order(), NOON, 0.0, 0.0, 0, timedelta(hours=2)) == NOON - timedelta(hours=22)
    assert _turn(Order(), NOON, 0.0, 0.0, 0, timedelta(days=9)) == NOON


def test_a_model_is_most_unsure_at_one_half() -> None:
    assert [uncertainty_of(score) for score in (0.0, 0.5, 1.0)] == [0.0, 1.0, 0.0]
