"""The book of one import: every row is entered once, in the transaction that stores what the row made."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import transaction

from generation.contracts import gettext_noop as _
from generation.importfiles.refusals import RowRefused
from generation.importfiles.sources import Row
from generation.models import BulkImport, ImportProblem
from generation.services.attempts import Attempt

_WRITE_EVERY = 1.0
"""Seconds. A row that makes nothing may be written down later: repeating it makes nothing again."""


@dataclass(frozen=True)
class Outcome:
    """`kind`: added, changed or unchanged. `without_mask`: what was added or changed waits for its mask."""

    kind: str
    without_mask: bool = False


@dataclass(frozen=True)
class Entry:
    """What became of the rows up to `position`: `rows` of them came to `outcome`, the others were refused."""

    position: int
    rows: int
    outcome: Outcome
    refusals: tuple[tuple[Row, RowRefused], ...] = ()


@dataclass(frozen=True)
class Counts:
    position: int
    added: int
    changed: int
    unchanged: int
    refused: int
    without_mask: int

    def after(self, entry: Entry) -> "Counts":
        kind = entry.outcome.kind
        changes = {
            "position": entry.position,
            kind: getattr(self, kind) + entry.rows,
            "refused": self.refused + len(entry.refusals),
            "without_mask": self.without_mask + (entry.rows if entry.outcome.without_mask else 0),
        }
        return replace(self, **changes)


Watch = Callable[[Counts], None]
"""Called after each row; for the command's line of progress."""


class Ledger:
    """`position` is the last row that is done. Raises AttemptLost where somebody else goes on with the import."""

    def __init__(self, bulk: BulkImport, attempt: Attempt, watch: Watch | None) -> None:
        self._bulk, self._attempt, self._watch = bulk, attempt, watch
        self._counts = Counts(**{name: getattr(bulk, name) for name in Counts.__dataclass_fields__})
        self._problems: list[ImportProblem] = []
        self._started = self._written = time.monotonic()
        self._seconds_before = bulk.seconds

    @property
    def position(self) -> int:
        return self._counts.position

    def note(self, line: int, field: str, code: str, message: str, **params: object) -> None:
        """Write down what refuses no row."""
        self._problems.append(self._problem(line, "", field, code, message, params, is_note=True))

    def enter(self, entry: Entry) -> None:
        """Inside the transaction that stores what the rows made: that they are done. `accept` it after the commit."""
        self._write(self._counts.after(entry), [*self._problems, *self._told(entry)])

    def accept(self, entry: Entry, *, is_written: bool = False) -> None:
        """Count rows; what made nothing is written down with the next that does, or within a second."""
        self._counts = self._counts.after(entry)
        if is_written:
            self._problems.clear()
            self._written = time.monotonic()
        else:
            self._problems += self._told(entry)
        if time.monotonic() - self._written >= _WRITE_EVERY:
            self.flush()
        if self._watch:
            self._watch(self._counts)

    def flush(self) -> None:
        with transaction.atomic():
            self._write(self._counts, self._problems)
        self._problems.clear()
        self._written = time.monotonic()

    def values(self) -> dict[str, Any]:
        return asdict(self._counts) | {"seconds": self._seconds_before + time.monotonic() - self._started}

    def _write(self, counts: Counts, problems: list[ImportProblem]) -> None:
        ImportProblem.objects.bulk_create(problems, ignore_conflicts=True)
        # Attempts are counted anew from every row that is done: only what dies at one row again and again gives up.
        progress = {"attempts": 1} if counts.position > self._bulk.position else {}
        self._attempt.record(**(self.values() | asdict(counts) | progress))

    def _told(self, entry: Entry) -> list[ImportProblem]:
        return [
            self._problem(row.line, row.name, refused.field, refused.code, refused.message, refused.params)
            for row, refused in entry.refusals
        ]

    def _problem(
        self, line: int, name: str, field: str, code: str, message: str, params: dict[str, object], *,
        is_note: bool = False,
    ) -> ImportProblem:  # fmt: skip
        return ImportProblem(
            bulk_import=self._bulk, line=line, name=name[:200], field=field[:20], code=code, message=message,
            params=params, is_note=is_note,
        )  # fmt: skip


UNKNOWN_COLUMNS = _("These columns are not used: %(columns)s.")
