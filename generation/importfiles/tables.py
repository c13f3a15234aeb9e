"""A table as spreadsheets save it: CSV in UTF-8, with commas or semicolons. One bad line costs one row."""

import csv
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from generation.contracts import gettext_noop as _
from generation.importfiles.refusals import RowRefused, SourceRefused

MAX_LINE_BYTES = 1024 * 1024
"""Far above any honest row; a line of gigabytes must not be held."""

_MOST_LINES = 20
"""Of one row: a cell may hold line breaks, but a quote that is never closed must not swallow the rest of the table."""


@dataclass(frozen=True)
class Record:
    """One row of a table. `line` is where it begins, the header being on line 1."""

    line: int
    cells: Mapping[str, str]
    refused: RowRefused | None = None


class Table:
    """The rows of the CSV `stream`, whose header was read. Raises SourceRefused."""

    def __init__(self, stream: BinaryIO, *, required: Sequence[str], optional: Sequence[str]) -> None:
        self._lines = _Lines(stream)
        head = self._lines.take()
        while head is not None and not head.text.strip():
            head = self._lines.take()
        self._delimiter = ";" if head and head.text.count(";") > head.text.count(",") else ","
        self.header_line = head.number if head else 1
        names = [name.strip().casefold() for name in _split(head.text, self._delimiter) or []] if head else []
        self._names = names
        if set(required) - set(names):
            raise SourceRefused(
                "columns_missing",
                _("The first line must name the columns: external_id and photo for products; candidate, model and "
                  "prompt for candidates."),
            )  # fmt: skip
        if len(set(filter(None, names))) != len(list(filter(None, names))):
            raise SourceRefused("columns_twice", _("A column stands twice in the first line. Remove one of them."))
        self.unknown = [name for name in names if name and name not in (*required, *optional)]

    def __iter__(self) -> Iterator[Record]:
        while (line := self._lines.take()) is not None:
            if line.refused or line.text.strip():
                yield self._record(line)

    def _record(self, line: "_Line") -> Record:
        if line.refused:
            return Record(line.number, {}, line.refused)
        try:
            values = self._values(line)
            if any("\udc80" <= mark <= "\udcff" for value in values for mark in value):
                raise RowRefused("not_utf8", _("The line is not UTF-8. Save the table as CSV in UTF-8."))
            if len(values) > len(self._names):
                raise RowRefused("cells", _("The line has more cells than the first line has columns."))
        except RowRefused as refused:
            return Record(line.number, {}, refused)
        # Spreadsheets leave out empty cells at the end.
        return Record(line.number, dict(zip(self._names, (value.strip() for value in values), strict=False)))

    def _values(self, line: "_Line") -> list[str]:
        """The cells that begin on `line`; a cell in quotes may go on below."""
        text, ahead = line.text, 0
        while (values := _split(text, self._delimiter)) is None:
            following = self._lines.peek(ahead) if ahead < _MOST_LINES else None
            if following is None or following.refused or len(text) > MAX_LINE_BYTES:
                raise RowRefused("quote_open", _("A quotation mark is opened and never closed. Close or remove it."))
            text, ahead = text + following.text, ahead + 1
        self._lines.drop(ahead)
        return values


@dataclass(frozen=True)
class _Line:
    number: int
    text: str
    refused: RowRefused | None = None


class _Lines:
    """The physical lines of a table, with a look at those to come."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._read = 0
        self._ahead: deque[_Line] = deque()

    def take(self) -> _Line | None:
        return self._ahead.popleft() if self._ahead else self._next()

    def peek(self, ahead: int) -> _Line | None:
        while len(self._ahead) <= ahead:
            line = self._next()
            if line is None:
                return None
            self._ahead.append(line)
        return self._ahead[ahead]

    def drop(self, count: int) -> None:
        for _number in range(count):
            self._ahead.popleft()

    def _next(self) -> _Line | None:
        data = self._stream.readline(MAX_LINE_BYTES + 1)
        if not data:
            return None
        self._read += 1
        if len(data) > MAX_LINE_BYTES:
            while data and not data.endswith(b"\n"):
                data = self._stream.readline(MAX_LINE_BYTES)
            refused = RowRefused("line_too_long", _("The line is longer than 1 MB. Shorten it."))
            return _Line(self._read, "", refused)
        if self._read == 1:
            data = data.removeprefix(b"\xef\xbb\xbf")
        return _Line(self._read, data.decode(errors="surrogateescape"))


def _split(text: str, delimiter: str) -> list[str] | None:
    """The cells of one row, or None where a quotation mark is still open at its end. Raises RowRefused."""
    try:
        return _parse(text, delimiter, strict=True)
    except csv.Error as error:
        if "end of data" in str(error):
            return None
    try:
        return _parse(text, delimiter, strict=False)  # "Big" mug, and other marks in odd places
    except csv.Error as error:
        raise RowRefused("line_unreadable", _("The line cannot be read as CSV. Save the table anew.")) from error


def _parse(text: str, delimiter: str, *, strict: bool) -> list[str]:
    return next(csv.reader([text], delimiter=delimiter, strict=strict), [])
