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
class Counts:
    position: int
    added: int
    changed: int
    unchanged: int
    refused: int
    without_mask: int

    def after(self, position: int, kind: str, rows: int = 1, *, without_mask: bool = False) -> "Counts":
        changes = {kind: getattr(self, kind) + rows, "without_mask": self.without_mask + without_mask}
        return replace(self, position=position, **changes)


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

    def enter_with(self, position: int, outcome: Outcome, rows: int = 1) -> None:
        """Inside the transaction that stores what the row made: that it is done. `accept` it after the commit."""
        self._write(self._after(position, outcome, rows))

    def accept(self, position: int, outcome: Outcome, rows: int = 1, *, is_written: bool = False) -> None:
        """Count a row; one that made nothing is written down with the next, or within a second."""
        self._counts = self._after(position, outcome, rows)
        if is_written:
            self._problems.clear()
            self._written = time.monotonic()
        self._settle()

    def refuse(self, row: Row, refused: RowRefused, *, position: int | None = None) -> None:
        """Count a row that cannot be taken, with its line and reason."""
        self._problems.append(
            self._problem(row.line, row.name, refused.field, refused.code, refused.message, refused.params)
        )
        self._counts = self._counts.after(row.number if position is None else position, "refused")
        self._settle()

    def flush(self) -> None:
        with transaction.atomic():
            self._write(self._counts)
        self._problems.clear()
        self._written = time.monotonic()

    def values(self) -> dict[str, Any]:
        return asdict(self._counts) | {"seconds": self._seconds_before + time.monotonic() - self._started}

    def _after(self, position: int, outcome: Outcome, rows: int) -> Counts:
        return self._counts.after(position, outcome.kind, rows, without_mask=outcome.without_mask)

    def _settle(self) -> None:
        if time.monotonic() - self._written >= _WRITE_EVERY:
            self.flush()
        if self._watch:
            self._watch(self._counts)

    def _write(self, counts: Counts) -> None:
        ImportProblem.objects.bulk_create(self._problems, ignore_conflicts=True)
        # Attempts are counted anew from every row that is done: only what dies at one row again and again gives up.
        progress = {"attempts": 1} if counts.position > self._bulk.position else {}
        self._attempt.record(**(self.values() | asdict(counts) | progress))

    def _problem(
        self, line: int, name: str, field: str, code: str, message: str, params: dict[str, object], *,
        is_note: bool = False,
    ) -> ImportProblem:  # fmt: skip
        return ImportProblem(
            bulk_import=self._bulk, line=line, name=name[:200], field=field[:20], code=code, message=message,
            params=params, is_note=is_note,
        )  # fmt: skip


UNKNOWN_COLUMNS = _("These columns are not used: %(columns)s.")
