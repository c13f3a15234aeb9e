"""Series as the geometry of a chart, and as the rows of the table that says the same: pure, without Django.

`templates/reviews/_chart.html` draws it. Coordinates are strings, so that no locale puts a comma into an SVG.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

WIDTH, HEIGHT = 480, 220
LEFT, RIGHT, TOP, BOTTOM = 56, 472, 12, 190
TONES = 5
_LABELS = 8
Kind = Literal["line", "bar"]
Value = float | int | None


@dataclass(frozen=True)
class Series:
    """One value a label; None is a gap. `low` and `high` draw a band around a line. `tone` is 1 to TONES."""

    label: str
    values: Sequence[Value]
    kind: Kind = "line"
    tone: int = 1
    low: Sequence[Value] = ()
    high: Sequence[Value] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.tone <= TONES:
            raise ValueError(f"a tone is from 1 to {TONES}")


@dataclass(frozen=True)
class Tick:
    """`at` is a coordinate; `is_minor` may be left out where there is little room."""

    at: str
    label: str | float
    is_minor: bool = False


@dataclass(frozen=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    tone: int


@dataclass(frozen=True)
class Path:
    d: str
    tone: int


@dataclass(frozen=True)
class Point:
    x: str
    y: str
    tone: int


@dataclass(frozen=True)
class Row:
    """What the table says of a label: each series' value, then its band's ends if it has one."""

    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Chart:
    """`key` makes the ids of a page unique; `axis` names what the labels are."""

    key: str
    title: str
    description: str
    axis: str
    series: tuple[Series, ...]
    table: tuple[Row, ...]
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    bands: tuple[Path, ...]
    lines: tuple[Path, ...]
    points: tuple[Point, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    bottom: int = BOTTOM

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw: no label, or not one value."""
        return all(value is None for row in self.table for value in row.values)

    @property
    def tick_x(self) -> int:
        return LEFT - 6

    @property
    def label_y(self) -> int:
        return BOTTOM + 18


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers (1, 2 or 5 of a power of ten apart) from at or below `low` to at or above `high`.

    `count` is about how many. Two at least, also where `low` and `high` are one number.
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError("a chart needs finite numbers")
    low, high = min(low, high), max(low, high)
    if high - low <= abs(high) * 1e-9:  # one number, up to what a float can tell apart
        high = low + (abs(low) * 0.1 or 1.0)
    rough = (high - low) / max(1, count - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    digits = max(0, -math.floor(math.log10(step)))
    return [round(number * step, digits) for number in range(first, last + 1)]


def draw(
    key: str,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    description: str = "",
    axis: str = "",
    bounds: tuple[float, float] | None = None,
) -> Chart:
    """The chart of `series` over `labels`, bars stacked in the order they come. `axis` names what labels are.

    The axis begins at 0 unless a value is below it, or `bounds` says otherwise.
    Raises ValueError where a series does not have one value a label, or a number is not finite.
    """
    for one in series:
        if len(one.values) != len(labels) or any(len(ends) not in (0, len(labels)) for ends in (one.low, one.high)):
            raise ValueError(f"{one.label}: one value a label, please")
    stack = _stacked([one for one in series if one.kind == "bar"], len(labels))
    ticks = nice_ticks(*(bounds or _extent(series, stack)))
    plot = _Plot(len(labels), ticks[0], ticks[-1])
    lines = [one for one in series if one.kind == "line"]
    return Chart(
        key=key,
        title=title,
        description=description,
        axis=axis,
        series=tuple(series),
        table=tuple(Row(label, _figures(series, at)) for at, label in enumerate(labels)),
        y_ticks=tuple(Tick(plot.y(value), value) for value in ticks),
        x_ticks=plot.labels(labels),
        bars=tuple(plot.bar(at, *span) for at, spans in enumerate(stack) for span in spans),
        bands=tuple(Path(d, one.tone) for one in lines if one.low and one.high for d in plot.band(one.low, one.high)),
        lines=tuple(Path(d, one.tone) for one in lines for d in plot.line(one.values)),
        points=tuple(Point(*place, one.tone) for one in lines for place in plot.lone_points(one.values)),
    )


def _figures(series: Sequence[Series], at: int) -> tuple[Value, ...]:
    ends = ((one.values, one.low, one.high) if one.low else (one.values,) for one in series)
    return tuple(values[at] for each in ends for values in each)


def _stacked(bars: Sequence[Series], count: int) -> list[list[tuple[float, float, int]]]:
    """By label: (from, to, tone) of each bar; what is below 0 is stacked downwards."""
    stack = []
    for at in range(count):
        spans, up, down = [], 0.0, 0.0
        for one in bars:
            value = one.values[at]
            if value is None or value == 0:
                continue
            base = up if value > 0 else down
            spans.append((base, base + value, one.tone))
            up, down = (base + value, down) if value > 0 else (up, base + value)
        stack.append(spans)
    return stack


def _extent(series: Sequence[Series], stack: Sequence[Sequence[tuple[float, float, int]]]) -> tuple[float, float]:
    values = [float(end) for spans in stack for span in spans for end in span[:2]]
    for one in series:
        if one.kind == "line":
            values += [float(value) for part in (one.values, one.low, one.high) for value in part if value is not None]
    return min(values, default=0.0) if min(values, default=0.0) < 0 else 0.0, max(values, default=1.0)


class _Plot:
    """Places within the frame: the label `at` has the middle of the at-th of equally wide columns."""

    def __init__(self, count: int, low: float, high: float) -> None:
        self._column = (RIGHT - LEFT) / max(1, count)
        self._low, self._high = low, high

    def x(self, at: float) -> str:
        return f"{LEFT + self._column * (at + 0.5):.1f}"

    def _height(self, value: float) -> float:
        share = (value - self._low) / (self._high - self._low)
        return BOTTOM - min(1.0, max(0.0, share)) * (BOTTOM - TOP)

    def y(self, value: float) -> str:
        return f"{self._height(value):.1f}"

    def bar(self, at: int, begin: float, end: float, tone: int) -> Bar:
        top, bottom = sorted((self._height(begin), self._height(end)))
        width = min(36.0, self._column * 0.7)
        left = LEFT + self._column * (at + 0.5) - width / 2
        return Bar(f"{left:.1f}", f"{top:.1f}", f"{width:.1f}", f"{bottom - top:.1f}", tone)

    def labels(self, labels: Sequence[str]) -> tuple[Tick, ...]:
        every = max(1, math.ceil(len(labels) / _LABELS))
        return tuple(
            Tick(self.x(at), label, is_minor=at // every % 2 == 1) for at, label in enumerate(labels) if at % every == 0
        )

    def line(self, values: Sequence[Value]) -> list[str]:
        """A path from gap to gap."""
        return [
            "M" + "L".join(f"{self.x(at)} {self.y(values[at] or 0)}" for at in run)
            for run in _runs([value is not None for value in values])
            if len(run) > 1
        ]

    def lone_points(self, values: Sequence[Value]) -> list[tuple[str, str]]:
        """Values between two gaps, of which a line would show nothing."""
        runs = _runs([value is not None for value in values])
        return [(self.x(run[0]), self.y(values[run[0]] or 0)) for run in runs if len(run) == 1]

    def band(self, low: Sequence[Value], high: Sequence[Value]) -> list[str]:
        both = [bottom is not None and top is not None for bottom, top in zip(low, high, strict=True)]
        return [
            "M"
            + "L".join(f"{self.x(at)} {self.y(high[at] or 0)}" for at in run)
            + "L"
            + "L".join(f"{self.x(at)} {self.y(low[at] or 0)}" for at in reversed(run))
            + "Z"
            for run in _runs(both)
            if len(run) > 1
        ]


def _runs(present: Sequence[bool]) -> list[list[int]]:
    """The indexes that are present, as runs without a gap."""
    runs: list[list[int]] = []
    for at, is_there in enumerate(present):
        if is_there and at and present[at - 1]:
            runs[-1].append(at)
        elif is_there:
            runs.append([at])
    return runs
