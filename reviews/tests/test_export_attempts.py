"""An export on a worker: asked for once, in attempts, to the same bytes, and with nothing left behind."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.tests.factories import Cast
from delivery.models import OutboxMessage
from generation.lifecycle import IllegalMove
from generation.models import DatasetSnapshot
from generation.services.attempts import Attempt
from generation.services.sweeping import restart_silent_work
from generation.snapshotfiles import SnapshotFiles
from reviews.exports.pickapic_parquet import PickapicParquet
from reviews.exports.rendering import OpenImage, ReportRows
from reviews.models import SnapshotExport
from reviews.services.exports import RENDERING, cancel_export, render_export, request_export
from reviews.services.snapshots import freeze_snapshot
from reviews.tasks.exports import load_renderer
from reviews.tests.judged_world import World

FORMAT = "pickapic-parquet/1"


class Interrupted:
    """Renders as the real one does, and calls `act` after the first row."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act

    def render(self, snapshot: SnapshotFiles, open_image: OpenImage, folder: Path, report: ReportRows) -> None:
        def acting(done: int, total: int) -> None:
            if done == 1:
                self._act()
            report(done, total)

        PickapicParquet().render(snapshot, open_image, folder, acting)


@pytest.fixture
def snapshot(cast: Cast) -> DatasetSnapshot:
    world = World(cast)
    world.add_judged(4)
    return freeze_snapshot(cast.team, cast.ml_engineer, name="mugs")


@pytest.fixture
def export(snapshot: DatasetSnapshot, cast: Cast) -> SnapshotExport:
    return request_export(snapshot, FORMAT, cast.ml_engineer)


def posted() -> int:
    return OutboxMessage.objects.filter(topic="export.queued").count()


def stored_exports() -> list[str]:
    return default_storage.listdir("exports")[0] if default_storage.exists("exports") else []


def test_asking_twice_gives_the_same_export(export: SnapshotExport, cast: Cast) -> None:
    assert request_export(export.snapshot, FORMAT, cast.ml_engineer) == export
    assert posted() == 1
    cancel_export(export)
    assert request_export(export.snapshot, FORMAT, cast.ml_engineer) != export
    assert posted() == 2


def test_the_worker_stores_every_file(export: SnapshotExport, own_files: Path) -> None:
    assert render_export(export, load_renderer(FORMAT))
    export.refresh_from_db()
    assert (export.state, export.attempt_token) == ("ready", None)
    assert export.files[0]["name"] == "manifest.json"
    assert {"README.md", "data/validation-00000-of-00001.parquet"} < {entry["name"] for entry in export.files}
    for entry in export.files:
        assert default_storage.size(entry["storage"]) == entry["bytes"]
    assert list((own_files / "rendering").iterdir()) == []
    assert not render_export(export, load_renderer(FORMAT)), "a message that comes twice does nothing"


def test_progress_counts_the_rows(export: SnapshotExport) -> None:
    reported: list[tuple[int, int]] = []

    def remember(attempt: Attempt, done: int, total: int) -> None:
        reported.append((done, total))

    with patch.object(Attempt, "report", remember):
        render_export(export, PickapicParquet())
    assert reported == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_late_attempt_loses_and_leaves_nothing(export: SnapshotExport) -> None:
    def taken_over() -> None:
        SnapshotExport.objects.filter(pk=export.pk).update(attempt_token=uuid.uuid4())

    assert not render_export(export, Interrupted(taken_over))
    export.refresh_from_db()
    assert (export.state, export.files) == ("rendering", [])
    assert stored_exports() == [] or all(
        not default_storage.listdir(f"exports/{place}/data")[1] for place in stored_exports()
    )


def test_a_cancelled_export_stops(export: SnapshotExport) -> None:
    assert not render_export(export, Interrupted(lambda: cancel_export(SnapshotExport.objects.get(pk=export.pk))))
    export.refresh_from_db()
    assert (export.state, export.files) == ("cancelled", [])
    with pytest.raises(IllegalMove):
        cancel_export(export)


def test_a_break_is_tried_again_to_the_same_bytes(export: SnapshotExport, snapshot: DatasetSnapshot) -> None:
    def breaks() -> None:
        raise ConnectionError("storage is away")

    assert not render_export(export, Interrupted(breaks))
    export.refresh_from_db()
    assert (export.state, export.attempts, posted()) == ("rendering", 1, 2)
    assert render_export(export, PickapicParquet())
    first = [(entry["name"], entry["sha256"]) for entry in export.files]
    SnapshotExport.objects.filter(pk=export.pk).update(state="failed")
    other = request_export(snapshot, FORMAT, export.created_by)
    assert render_export(other, PickapicParquet())
    assert [(entry["name"], entry["sha256"]) for entry in other.files] == first


def test_three_breaks_fail_it_with_the_reason(export: SnapshotExport) -> None:
    def breaks() -> None:
        raise ConnectionError("storage is away")

    for _ in range(3):
        assert not render_export(export, Interrupted(breaks))
    export.refresh_from_db()
    assert (export.state, export.failure) == ("failed", "ConnectionError: storage is away")


def test_a_damaged_snapshot_fails_at_once(export: SnapshotExport, snapshot: DatasetSnapshot) -> None:
    path = Path(default_storage.path(snapshot.files["pairs.jsonl"]))
    path.write_bytes(path.read_bytes().replace(b"train", b"tests"))
    assert not render_export(export, PickapicParquet())
    export.refresh_from_db()
    assert export.state == "failed"
    assert "pairs.jsonl is not the file that was frozen" in export.failure


def test_the_sweep_restarts_a_silent_export(export: SnapshotExport) -> None:
    long_ago = timezone.now() - timedelta(seconds=61)
    SnapshotExport.objects.filter(pk=export.pk).update(
        state="rendering", attempt_token=uuid.uuid4(), attempts=1, heartbeat_at=long_ago
    )
    assert restart_silent_work(frozenset(), stages=(RENDERING,)) == 1
    export.refresh_from_db()
    assert (export.state, export.attempt_token, posted()) == ("rendering", None, 2)
    assert render_export(export, PickapicParquet())
