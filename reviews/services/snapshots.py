"""Freezing what was judged: files first, then one transaction that names them and binds the decisions inside."""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, cast

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.validators import validate_slug
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.idempotency import Once, remember
from accounts.models import Team, User
from generation.models import DatasetSnapshot
from generation.services.derivatives import open_file
from generation.snapshotfiles import (
    CANDIDATES,
    MANIFEST,
    PAIRS,
    SOURCES,
    SPLITS,
    CandidateRow,
    LinesWriter,
    PairRow,
    SnapshotFiles,
    SourceRow,
    assign_splits,
    read_rows,
    write_manifest,
)
from reviews.models import Decision, Outcome, SnapshotDecision
from reviews.models.items import ItemState
from reviews.services.announcements import announce_snapshot
from reviews.services.judged import JudgedRequest, SnapshotFilters, judged_requests
from reviews.services.refusals import Conflict

_TRIES = 3
_CHUNK = 2000
_LOCK_SLOTS = """
SELECT slot.id FROM reviews_slot AS slot JOIN reviews_decision AS decision ON decision.slot_id = slot.id
 WHERE decision.id = ANY(%s) ORDER BY slot.id FOR SHARE OF slot
"""

Rows = {SOURCES: SourceRow, CANDIDATES: CandidateRow, PAIRS: PairRow}


class NothingToFreeze(Exception):
    """No standing decision fits the filters, or none that anything can be learned from."""


class SnapshotUnsettled(Conflict):
    """Decisions were undone as fast as they were written down; try again when the floor is quieter."""

    code = "snapshot_unsettled"


class _DecisionsChanged(Exception):
    """What was written down no longer holds."""


@dataclass
class _Draft:
    """What the files rest on. The primary keys take eight bytes each: a million decisions are 8 MB."""

    decisions: "array[int]" = field(default_factory=lambda: array("q"))
    outcomes: "array[int]" = field(default_factory=lambda: array("q"))
    counts: dict[str, Any] = field(default_factory=dict)
    newest: datetime | None = None
    sha256: str = ""
    files: dict[str, str] = field(default_factory=dict)


def freeze_snapshot(
    team: Team,
    user: User,
    *,
    name: str,
    filters: SnapshotFilters | Mapping[str, Any] | None = None,
    once: Once | None = None,
) -> DatasetSnapshot:
    """Freeze what `filters` select as the next version of `name`; from then on these decisions cannot be undone.

    `filters` may also be a mapping with SnapshotFilters' fields. The same decisions under the same name give the same
    sha256, whenever they are frozen.
    Raises NothingToFreeze, SnapshotUnsettled, ValidationError for a name that is no slug, and what `once` raises.
    """
    validate_slug(name)
    if not isinstance(filters, SnapshotFilters):
        filters = SnapshotFilters(**(filters or {}))
    for _try in range(_TRIES):
        with TemporaryDirectory(prefix="snapshot-") as folder:
            draft = _write(team, name, filters, Path(folder))
            try:
                _store(draft, Path(folder))
                return _register(team, user, name, filters, draft, once)
            except BaseException as error:
                for stored in draft.files.values():
                    default_storage.delete(stored)
                if not isinstance(error, _DecisionsChanged):
                    raise
    raise SnapshotUnsettled(_("Decisions changed while they were being frozen. Try again in a moment."))


def preview_snapshot(team: Team, filters: SnapshotFilters) -> dict[str, Any]:
    """Return the counts that a freeze would have now, writing nothing that stays. Raises NothingToFreeze."""
    with TemporaryDirectory(prefix="snapshot-") as folder:
        return _write(team, "preview", filters, Path(folder)).counts


def open_snapshot(snapshot: DatasetSnapshot) -> SnapshotFiles:
    """Open a snapshot's files for reading. Raises SnapshotDamaged when they are not the ones that were frozen."""
    return SnapshotFiles(snapshot.sha256, lambda name: cast(BinaryIO, open_file(snapshot.files[name])))


def _write(team: Team, name: str, filters: SnapshotFilters, folder: Path) -> _Draft:
    """Write the rows once to learn the products, then again with the splits that follow from them."""
    draft = _Draft()
    products: set[str] = set()
    paired: set[str] = set()
    rough = {file: LinesWriter(folder / f"rough-{file}") for file in Rows}
    source = ""
    for judged in judged_requests(team, filters):
        products.add(judged.source.product)
        if judged.pairs:
            paired.add(judged.source.product)
        if judged.source.key != source:
            rough[SOURCES].write(judged.source)
            source = judged.source.key
        _write_judged(judged, rough, draft)
    for writer in rough.values():
        writer.close()
    if draft.newest is None:
        raise NothingToFreeze(_("There is nothing to freeze: no resolved item with a clear outcome fits the filters."))
    splits = assign_splits(products, paired)
    kinds = [*(file.removesuffix(".jsonl") for file in Rows), "approved"]
    draft.counts = {kind: dict.fromkeys(SPLITS, 0) for kind in kinds}
    files = {file: _write_split(file, folder, splits, draft.counts) for file in Rows}
    draft.counts |= {"decisions": len(draft.decisions), "products": len(products)}
    # No clock in the manifest: its hash must depend on what was decided alone. The row says when it was frozen.
    draft.sha256 = write_manifest(
        folder / MANIFEST,
        {
            "name": name,
            "newest_decision_at": draft.newest.isoformat(),
            "filters": filters.as_json(),
            "counts": draft.counts,
            "files": files,
        },
    )
    return draft


def _write_judged(judged: JudgedRequest, rough: dict[str, LinesWriter], draft: _Draft) -> None:
    for candidate in judged.candidates:
        rough[CANDIDATES].write(candidate)
    for pair in judged.pairs:
        rough[PAIRS].write(pair)
    draft.decisions.extend(judged.decisions)
    draft.outcomes.extend(judged.outcomes)
    draft.newest = max(draft.newest or judged.newest, judged.newest)


def _write_split(file: str, folder: Path, splits: dict[str, str], counts: dict[str, Any]) -> dict[str, Any]:
    kind = file.removesuffix(".jsonl")
    writer = LinesWriter(folder / file)
    with (folder / f"rough-{file}").open("rb") as stream:
        for row in read_rows(stream, Rows[file]):
            split = splits[row.product]
            writer.write(replace(row, split=split))
            counts[kind][split] += 1
            counts["approved"][split] += isinstance(row, CandidateRow) and row.approved
    return writer.close()


def _store(draft: _Draft, folder: Path) -> None:
    """Put the files into storage, in a folder of their own: its name cannot be guessed, and no other freeze uses it."""
    place = f"snapshots/{draft.sha256}-{token_hex(8)}"
    for name in (MANIFEST, *Rows):
        with (folder / name).open("rb") as stream:
            draft.files[name] = default_storage.save(f"{place}/{name}", File(stream))


def _register(
    team: Team, user: User, name: str, filters: SnapshotFilters, draft: _Draft, once: Once | None
) -> DatasetSnapshot:
    with transaction.atomic():
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        for keys in _chunks(draft.decisions):
            _bind(keys)
        for keys in _chunks(draft.outcomes):
            if Outcome.objects.filter(pk__in=keys, item__state=ItemState.RESOLVED).count() != len(keys):
                raise _DecisionsChanged
        newest = DatasetSnapshot.objects.filter(team=team, name=name).aggregate(Max("version"))["version__max"] or 0
        snapshot = DatasetSnapshot.objects.create(
            team=team, name=name, version=newest + 1, sha256=draft.sha256, files=draft.files,
            filters=filters.as_json(), counts=draft.counts, created_by=user,
        )  # fmt: skip
        remember(once, snapshot.pk)
        for keys in _chunks(draft.decisions):
            SnapshotDecision.objects.bulk_create(SnapshotDecision(snapshot=snapshot, decision_id=key) for key in keys)
        announce_snapshot(snapshot)
        return snapshot


def _bind(decisions: list[int]) -> None:
    """Hold the slots so that no undo gets between this look and the commit, then look whether all still stand.

    An undo starts with an UPDATE of its slot, which waits for these locks and then finds the decision frozen.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_SLOTS, [decisions])
    if Decision.objects.standing().filter(pk__in=decisions).count() != len(decisions):
        raise _DecisionsChanged


def _chunks(keys: "array[int]") -> Iterator[list[int]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK].tolist()
