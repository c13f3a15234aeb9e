"""What every format does: render a snapshot into a folder, and say in a manifest what lies there."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from generation.snapshotfiles import SnapshotFiles

MANIFEST = "manifest.json"
_BLOCK = 1 << 20

OpenImage = Callable[[str], bytes]
"""Takes a picture's storage name and returns its bytes; raises FileNotFoundError."""

ReportRows = Callable[[int, int], None]
"""Called with (rows written, rows in all); may raise to stop the work."""


class Renderer(Protocol):
    """The same snapshot always gives the same bytes with the same libraries."""

    def render(self, snapshot: SnapshotFiles, open_image: OpenImage, folder: Path, report: ReportRows) -> None:
        """Write the whole export, its manifest included, into the empty `folder`.

        Raises EngineError(permanent=True) when the snapshot has nothing for this format or a picture is not the one
        that was frozen, SnapshotDamaged, and whatever `report` raises.
        """
        ...


@dataclass(frozen=True)
class WrittenFile:
    """`name` is relative to the export's folder, with forward slashes."""

    name: str
    bytes: int
    sha256: str


def list_files(folder: Path) -> list[WrittenFile]:
    """Return every file below `folder` in the order of the names, the manifest first."""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return [_written(name, paths[name]) for name in sorted(paths, key=lambda name: (name != MANIFEST, name))]


def write_export_manifest(folder: Path, values: Mapping[str, Any], rows: Mapping[str, int]) -> None:
    """Write the manifest of everything in `folder`; `rows` holds the row count of the files that have rows."""
    files: Sequence[dict[str, Any]] = [
        {"name": file.name, "bytes": file.bytes, "sha256": file.sha256}
        | ({"rows": rows[file.name]} if file.name in rows else {})
        for file in list_files(folder)
    ]
    content = json.dumps({**values, "files": files}, indent=1, sort_keys=True, ensure_ascii=False)
    (folder / MANIFEST).write_text(content + "\n", encoding="utf-8")


def _written(name: str, path: Path) -> WrittenFile:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return WrittenFile(name, path.stat().st_size, digest.hexdigest())
