"""Rendering a snapshot in a trainer's format, on a worker: in attempts, with progress, and to the same bytes again."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import User
from delivery import outbox
from generation.contracts import EngineError
from generation.lifecycle import move
from generation.models import DatasetSnapshot
from generation.services.attempts import Attempt, Stage, run_attempt
from generation.services.derivatives import open_file
from generation.snapshotfiles import SnapshotDamaged
from reviews.exports.rendering import Renderer, ReportRows, WrittenFile, list_files
from reviews.models import SnapshotExport
from reviews.services.snapshots import open_snapshot

_S = SnapshotExport.State
RENDERING = Stage(
    SnapshotExport, _S.RENDERING, "export.queued", (_S.QUEUED, _S.RENDERING),
    "export", lambda export: reverse("reviews:snapshot", args=[export.snapshot_id]),
)  # fmt: skip


def request_export(snapshot: DatasetSnapshot, format_key: str, user: User) -> SnapshotExport:
    """Return the snapshot's export in that format; one that failed or was cancelled is asked for anew."""
    made = SnapshotExport.objects.filter(snapshot=snapshot, format=format_key).exclude(
        state__in=[_S.FAILED, _S.CANCELLED]
    )
    existing = made.first()
    if existing is not None:
        return existing
    try:
        with transaction.atomic():
            export = SnapshotExport.objects.create(snapshot=snapshot, format=format_key, created_by=user)
            outbox.post(RENDERING.topic, export.pk)
    except IntegrityError:
        # Somebody asked for the same in this moment; the constraint let one through.
        return made.get()
    return export


def cancel_export(export: SnapshotExport) -> None:
    """Stop it at its next row. Raises IllegalMove when it has ended already."""
    move(export, _S.CANCELLED, attempt_token=None)


def render_export(export: SnapshotExport, renderer: Renderer) -> bool:
    """Render the export and make it READY; returns whether this call did it.

    An attempt that breaks off leaves nothing behind; the next one starts afresh and comes to the same bytes.
    """
    return run_attempt(export, RENDERING, lambda attempt: _render(export, renderer, attempt))


def render_folder(snapshot: DatasetSnapshot, renderer: Renderer, folder: Path, report: ReportRows) -> list[WrittenFile]:
    """Render into the empty `folder` and return the files, the manifest first.

    Raises EngineError(permanent=True) with a sentence, and whatever `report` raises.
    """
    try:
        renderer.render(open_snapshot(snapshot), _read_picture, folder, report)
    except SnapshotDamaged as damage:
        raise EngineError(str(damage), permanent=True) from damage
    return list_files(folder)


def _read_picture(name: str) -> bytes:
    with open_file(name) as stream:
        data: bytes = stream.read()
    return data


def _render(export: SnapshotExport, renderer: Renderer, attempt: Attempt) -> None:
    workroom = Path(settings.DATA_DIR) / "rendering"
    workroom.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=workroom) as folder:
        written = render_folder(export.snapshot, renderer, Path(folder), attempt.report)
        stored: list[dict[str, Any]] = []
        try:
            _store(Path(folder), written, attempt, stored)
            attempt.finish(_S.READY, files=stored)
        except BaseException:
            for entry in stored:
                default_storage.delete(entry["storage"])
            raise


def _store(folder: Path, written: Sequence[WrittenFile], attempt: Attempt, stored: list[dict[str, Any]]) -> None:
    # The token keeps two attempts that overlap out of each other's files, and the name from being guessed.
    place = f"exports/{written[0].sha256}-{attempt.token.hex}"
    for file in written:
        attempt.check()
        with (folder / file.name).open("rb") as stream:
            storage = default_storage.save(f"{place}/{file.name}", File(stream))
        stored.append({"name": file.name, "storage": storage, "bytes": file.bytes, "sha256": file.sha256})
