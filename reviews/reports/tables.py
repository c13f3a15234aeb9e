"""Figures as rows and columns: the same for a page, a file and the API."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from reviews.statistics import Agreement, Estimate

Kind = Literal["text", "day", "count", "time", "seconds", "rate", "estimate"]
Cell = str | int | float | date | timedelta | Agreement | Estimate | None


@dataclass(frozen=True)
class Column:
    """`key` is its name in the API, `label` for people. A "time" is active time, in files and the API in minutes."""

    key: str
    label: str
    kind: Kind = "count"

    @property
    def is_figure(self) -> bool:
        return self.kind not in ("text", "day")


@dataclass(frozen=True)
class Table:
    """`note` says what must be known to read it."""

    key: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[dict[str, Cell]] = field(default_factory=list)
    note: str = ""

    def cells(self) -> Iterator[list[tuple[Column, Cell]]]:
        for row in self.rows:
            yield [(column, row.get(column.key)) for column in self.columns]

    def plain(self) -> list[dict[str, Any]]:
        """Rows of plain numbers: a rate or an estimate comes as a value, its interval and what it rests on."""
        return [
            {key: value for column, cell in cells for key, value in plain_cells(column, cell)} for cells in self.cells()
        ]


def plain_cells(column: Column, cell: Cell) -> list[tuple[str, Any]]:
    """(key, value) of each number in a cell."""
    if isinstance(cell, Agreement | Estimate):
        value = cell.rate if isinstance(cell, Agreement) else cell.value
        parts = (("", value), ("_low", cell.low), ("_high", cell.high), ("_of", cell.of))
        return [(column.key + ending, _rounded(number)) for ending, number in parts]
    if isinstance(cell, timedelta):
        return [(column.key, round(cell.total_seconds() / 60, 1))]
    if isinstance(cell, date):
        return [(column.key, cell.isoformat())]
    return [(column.key, _rounded(cell))]


def _rounded(number: Any) -> Any:
    return round(number, 4) if isinstance(number, float) else number
