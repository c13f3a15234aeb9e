"""Tables for spreadsheets: streamed, and without cells that a spreadsheet would run."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from django.http import StreamingHttpResponse

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> object:
    """A text that a spreadsheet would take for a formula, with ' before it. Numbers stay as they are."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_STARTS_A_FORMULA) else value


def write_csv(stream: "Writes", header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Each line as it is written to `stream`."""
    writer = csv.writer(stream)
    yield str(writer.writerow(header))
    for row in rows:
        yield str(writer.writerow([safe_cell(cell) for cell in row]))


class Writes(Protocol):
    def write(self, line: str, /) -> object: ...


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """A download that begins before the last row is read. Its names of columns are for programs: not translated."""
    response = StreamingHttpResponse(write_csv(_Echo(), header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
