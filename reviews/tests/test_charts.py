"""A chart's geometry: everything lies within the frame, ticks are round, and the table has the figures."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.charts import BOTTOM, LEFT, RIGHT, TOP, Series, draw, nice_ticks

NUMBERS = st.floats(-1e9, 1e9, allow_nan=False).map(lambda number: round(number, 3))


@given(NUMBERS, NUMBERS)
def test_ticks_enclose_what_is_drawn_and_rise_evenly(one: float, other: float) -> None:
    ticks = nice_ticks(one, other)
    low, high = min(one, other), max(one, other)
    step = ticks[1] - ticks[0]
    assert 2 <= len(ticks) <= 9
    assert ticks[0] <= low + step * 1e-6
    assert ticks[-1] >= high - step * 1e-6
    assert all(after > before for before, after in pairwise(ticks))


@pytest.mark.parametrize(
    ("high", "ticks"), [(7, [0, 2, 4, 6, 8]), (0, [0, 0.5, 1]), (100, [0, 50, 100]), (0.3, [0, 0.1, 0.2, 0.3])]
)
def test_ticks_are_numbers_people_read(high: float, ticks: list[float]) -> None:
    assert nice_ticks(0, high) == ticks


@given(st.lists(st.none() | NUMBERS, min_size=1, max_size=40), st.sampled_from(["line", "bar"]))
def test_everything_lies_within_the_frame(values: list[float | None], kind: str) -> None:
    chart = draw("k", "t", ["d"] * len(values), [Series("s", values, kind)])  # type: ignore[arg-type]
    for bar in chart.bars:
        assert float(bar.x) >= LEFT
        assert float(bar.x) + float(bar.width) <= RIGHT + 0.1
        assert float(bar.y) >= TOP - 0.1
        assert float(bar.y) + float(bar.height) <= BOTTOM + 0.2
    places = [float(number) for line in chart.lines for number in line.d.strip("M").replace("L", " ").split()]
    assert all(TOP - 0.1 <= number <= RIGHT for number in places)
    assert chart.is_empty == all(value is None for value in values)


def test_bars_stand_on_each_other() -> None:
    chart = draw("k", "t", ["a"], [Series("one", [3], "bar"), Series("two", [1], "bar", tone=2)])
    lower, upper = chart.bars
    assert float(upper.y) + float(upper.height) == pytest.approx(float(lower.y), abs=0.11)
    assert float(lower.height) == pytest.approx(3 * float(upper.height), abs=0.5)


def test_a_gap_is_no_zero() -> None:
    chart = draw("k", "t", ["a", "b", "c", "d"], [Series("s", [1, 2, None, 4])])
    assert len(chart.lines) == 1
    assert len(chart.points) == 1
    assert chart.table[2].values == (None,)


def test_a_band_has_its_ends_in_the_table() -> None:
    chart = draw("k", "t", ["a", "b"], [Series("s", [2, 3], low=[1, 2], high=[4, 5]), Series("u", [7, 8])])
    assert len(chart.bands) == 1
    assert chart.table[0].values == (2, 1, 4, 7)


def test_few_labels_are_written_and_every_second_may_be_left_out() -> None:
    chart = draw("k", "t", [str(day) for day in range(90)], [Series("s", [0] * 90)])
    assert len(chart.x_ticks) <= 8
    assert [tick.is_minor for tick in chart.x_ticks[:3]] == [False, True, False]


def test_a_series_that_does_not_fit_its_labels_is_refused() -> None:
    with pytest.raises(ValueError, match="one value a label"):
        draw("k", "t", ["a", "b"], [Series("s", [1])])
    with pytest.raises(ValueError, match="tone"):
        Series("s", [], tone=9)
