"""Imports in slices: each is an attempt, and a row is done in the transaction that stores what it made.

A worker that dies in between neither loses a row nor stores one twice; the same import again adds nothing.
"""

import hashlib
import logging
import math
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Protocol

import pghistory
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.files import StorageAway, file_store
from accounts.idempotency import Once, remember
from accounts.models import Team, User
from delivery import outbox
from generation.contracts import EngineError
from generation.contracts import gettext_noop as _
from generation.importfiles.names import printable
from generation.importfiles.refusals import SourceRefused
from generation.importfiles.sources import KINDS, Row, Source, open_archive
from generation.lifecycle import IllegalMove, move
from generation.models import BulkImport, ImportProblem
from generation.services.attempts import IMPORTING, Attempt, run_attempt
from generation.services.import_candidates import CandidateRows
from generation.services.import_ledger import UNKNOWN_COLUMNS, Ledger, Watch
from generation.services.import_products import Importer, ProductRows
from generation.services.stored_bytes import open_stored

logger = logging.getLogger(__name__)

SLICE_SECONDS = 20.0
"""Short, because imports share their queue with guards and with the sweep, which must not wait for them."""

CHECKED_AGE = timedelta(hours=24)
"""For so long the file of a dry run is kept, so that it can be imported for real."""

_S = BulkImport.State


class Rows(Protocol):
    """Takes the rows of one kind of import."""

    def skip(self, row: Row) -> None: ...

    def take(self, row: Row) -> None: ...

    def finish(self) -> None: ...


def open_import(
    team: Team, user: User, *, kind: str, name: str, file: File[Any], sha256: str, dry_run: bool,
    once: Once | None = None,
) -> BulkImport:  # fmt: skip
    """Keep the archive `file` and queue its import. Raises SourceRefused, and what `once` raises."""
    size = file.size
    open_archive(file.file or file, KINDS[kind])  # type: ignore[arg-type]
    file.seek(0)
    handle = uuid.uuid4()
    stored = default_storage.save(f"imports/{handle.hex}.zip", file)
    try:
        with transaction.atomic():
            bulk = BulkImport.objects.create(
                handle=handle, team=team, created_by=user, kind=kind, name=printable(name), dry_run=dry_run,
                stored=stored, byte_size=size, sha256=sha256,
            )  # fmt: skip
            remember(once, bulk.pk)
            outbox.post(IMPORTING.topic, bulk.pk)
    except BaseException:
        default_storage.delete(stored)
        raise
    return bulk


def sha256_of(file: File[Any]) -> str:
    """Of a file that is open, which is at its beginning again afterwards."""
    file.seek(0)
    digest = hashlib.file_digest(file.file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    return digest


def open_local_import(team: Team, user: User, *, kind: str, name: str, dry_run: bool) -> BulkImport:
    """An import that no worker hears of: the caller runs it to its end, from files that only it can read."""
    return BulkImport.objects.create(team=team, created_by=user, kind=kind, name=printable(name), dry_run=dry_run)


def import_for_real(checked: BulkImport, user: User) -> BulkImport:
    """Import what a dry run has looked at. Raises IllegalMove when it was none, has not ended well, or is too old."""
    with transaction.atomic():
        row = BulkImport.objects.select_for_update().get(pk=checked.pk)
        if not row.can_be_real:
            raise IllegalMove(row, "imported")
        bulk = BulkImport.objects.create(
            team=row.team, created_by=user, kind=row.kind, name=row.name, stored=row.stored,
            byte_size=row.byte_size, sha256=row.sha256,
        )  # fmt: skip
        BulkImport.objects.filter(pk=row.pk).update(stored="")
        outbox.post(IMPORTING.topic, bulk.pk)
    return bulk


def cancel_import(bulk: BulkImport) -> None:
    """Stop it after its row; what it made stays. Raises IllegalMove when it has ended already."""
    was_waiting = bulk.state == _S.QUEUED
    move(bulk, _S.CANCELLED, attempt_token=None, ended_at=Now())
    if was_waiting:  # otherwise a worker is reading the file, and drops it in a moment
        _drop_file(bulk)


def run_slice(
    bulk: BulkImport, *, source: Source | None = None, seconds: float = SLICE_SECONDS, watch: Watch | None = None
) -> bool:
    """Import for about `seconds`; returns whether this slice was finished, be there more to do or not.

    Without `source` the stored archive is read. What is left waits for the next slice, which is posted.
    """
    finished = run_attempt(bulk, IMPORTING, lambda attempt: _run(bulk, source, attempt, seconds, watch))
    bulk.refresh_from_db()
    if bulk.has_ended and not bulk.can_be_real:
        _drop_file(bulk)
    return finished


def run_local(bulk: BulkImport, source: Source, watch: Watch | None = None) -> bool:
    """Import all of `source` here and now."""
    return run_slice(bulk, source=source, seconds=math.inf, watch=watch)


def delete_left_files() -> int:
    """Delete archives that nobody will read any more; returns how many."""
    before = timezone.now() - CHECKED_AGE
    left = BulkImport.objects.with_left_files().filter(ended_at__lt=before)
    return sum(_drop_file(bulk) for bulk in left[:1000])


def _drop_file(bulk: BulkImport) -> bool:
    """Delete the archive if there is one; what fails now is done by `delete_left_files`."""
    if not bulk.stored:
        return False
    try:
        file_store().delete(bulk.stored)
    except StorageAway as away:
        logger.warning("the archive of import %s stays for now: %s", bulk.pk, away)
        return False
    BulkImport.objects.filter(pk=bulk.pk).update(stored="")
    bulk.stored = ""
    return True


def _run(bulk: BulkImport, source: Source | None, attempt: Attempt, seconds: float, watch: Watch | None) -> None:
    try:
        # Whoever asked for it did it, though a worker adds the rows.
        with pghistory.context(user=bulk.created_by_id), _opened(bulk, source) as opened:
            _import(bulk, opened, attempt, seconds, watch)
    except SourceRefused as refused:
        ImportProblem.objects.get_or_create(
            bulk_import=bulk, line=0, field="file", defaults={"code": refused.code, "message": refused.message}
        )
        raise EngineError(refused.message, permanent=True) from refused


@contextmanager
def _opened(bulk: BulkImport, source: Source | None) -> Iterator[Source]:
    if source is not None:
        yield source
        return
    if not bulk.stored:
        told = _("The command that ran this import has stopped. Run it again: what is there already is passed over.")
        raise EngineError(told, permanent=True)
    with open_stored(bulk.stored) as stream:
        yield open_archive(stream, KINDS[bulk.kind])


def _import(bulk: BulkImport, source: Source, attempt: Attempt, seconds: float, watch: Watch | None) -> None:
    until = time.monotonic() + seconds
    bulk.refresh_from_db()  # an earlier attempt may have gone on after this row was read
    ledger = Ledger(bulk, attempt, watch)
    if bulk.total is None:
        attempt.record(total=source.count())
    line, unknown = source.unknown_columns() if ledger.position == 0 else (0, [])
    if unknown:
        ledger.note(line, "header", "columns_unknown", UNKNOWN_COLUMNS, columns=printable(", ".join(unknown)))
    rows, begun_at = _rows_of(bulk, ledger), ledger.position
    for row in source.rows():
        if row.number <= begun_at:
            rows.skip(row)
            continue
        attempt.check()
        rows.take(row)
        # Rows that belong together are done at once: a slice goes on until it has done something.
        if time.monotonic() >= until and ledger.position > begun_at:
            _pause(bulk, ledger, attempt)
            return
    rows.finish()
    with transaction.atomic():
        ledger.flush()
        attempt.finish(_S.SUCCEEDED, ended_at=Now(), **ledger.values())


def _rows_of(bulk: BulkImport, ledger: Ledger) -> Rows:
    importer = Importer(bulk.team, bulk.created_by, bulk.dry_run)
    return (CandidateRows if bulk.kind == BulkImport.Kind.CANDIDATES else ProductRows)(importer, ledger)


def _pause(bulk: BulkImport, ledger: Ledger, attempt: Attempt) -> None:
    """Hand over to the next slice, behind whatever else waits."""
    with transaction.atomic():
        ledger.flush()
        attempt.finish(_S.QUEUED, **ledger.values())
        outbox.post(IMPORTING.topic, bulk.pk)
