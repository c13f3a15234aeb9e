"""When a queue empties: what must hold whatever the past was."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.forecasts import Absences, Forecast, Past, Verdict, forecast

TODAY = date(2026, 6, 3)
DAY = st.tuples(st.integers(0, 40), st.integers(0, 60), st.integers(0, 60))
HISTORY = st.lists(DAY, min_size=7, max_size=28)


def _past(days: list[tuple[int, int, int]]) -> list[Past]:
    first = TODAY - timedelta(days=len(days))
    return [Past(first + timedelta(days=at), arrived, {1: one, 2: other})
            for at, (arrived, one, other) in enumerate(days)]  # fmt: skip


def _rank(found: Forecast) -> tuple[date, date]:
    return (found.day or date.max, found.high or date.max)


@given(HISTORY, st.integers(1, 2000))
@settings(max_examples=40, deadline=None)
def test_more_people_never_make_it_later(days: list[tuple[int, int, int]], backlog: int) -> None:
    both = forecast(backlog, _past(days), TODAY)
    alone = forecast(backlog, _past(days), TODAY, Absences(people={2}))
    assert _rank(both) <= _rank(alone)


@given(HISTORY, st.integers(1, 2000), st.integers(0, 500))
@settings(max_examples=40, deadline=None)
def test_more_work_never_makes_it_earlier(days: list[tuple[int, int, int]], backlog: int, more: int) -> None:
    assert _rank(forecast(backlog, _past(days), TODAY)) <= _rank(forecast(backlog + more, _past(days), TODAY))


@given(HISTORY, st.integers(1, 2000))
@settings(max_examples=40, deadline=None)
def test_the_interval_holds_its_middle(days: list[tuple[int, int, int]], backlog: int) -> None:
    found = forecast(backlog, _past(days), TODAY)
    if found.verdict == Verdict.EMPTIES:
        assert found.low is not None
        assert found.day is not None
        assert TODAY < found.low <= found.day <= (found.high or date.max)
    assert all(0 <= low <= middle <= high for _day, low, middle, high in found.ahead)


def test_a_steady_floor_is_told_to_the_day() -> None:
    found = forecast(100, _past([(10, 15, 15)] * 28), TODAY)
    assert (found.low, found.day, found.high) == (TODAY + timedelta(days=5),) * 3


def test_a_day_off_puts_it_off_by_a_day() -> None:
    off = Absences(days={TODAY + timedelta(days=1)})
    found = forecast(100, _past([(0, 15, 10)] * 28), TODAY, off)
    assert found.day == TODAY + timedelta(days=5)


def test_ones_own_holiday_takes_only_ones_own_work() -> None:
    off = Absences(own={(1, TODAY + timedelta(days=1))})
    ahead = forecast(100, _past([(0, 15, 10)] * 28), TODAY, off).ahead
    assert [day[2] for day in ahead[:2]] == [90, 65]


def test_weekends_stay_weekends() -> None:
    first = TODAY - timedelta(days=28)
    days = [first + timedelta(days=at) for at in range(28)]
    past = [Past(day, 0, {1: 0 if day.weekday() >= 5 else 10}) for day in days]
    ahead = {day: middle for day, _low, middle, _high in forecast(1000, past, TODAY).ahead}
    saturday = date(2026, 6, 6)
    assert ahead[saturday] == ahead[saturday - timedelta(days=1)] == 1000 - 20


def test_what_grows_does_not_empty() -> None:
    assert forecast(10, _past([(20, 5, 5)] * 28), TODAY).verdict == Verdict.NEVER


def test_few_days_are_too_few_and_nothing_is_empty() -> None:
    assert forecast(10, _past([(0, 0, 0)] * 22 + [(1, 5, 5)] * 6), TODAY).verdict == Verdict.TOO_LITTLE
    assert forecast(0, [], TODAY).verdict == Verdict.EMPTY
