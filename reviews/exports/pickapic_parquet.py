"""Preference pairs in the shape of Pick-a-Pic v2, which the Diffusion-DPO scripts of diffusers (SD and SDXL),
DiffusionDPO, PickScore, MaPO and ORPO read as it is."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from generation.contracts import EngineError
from generation.contracts import gettext_noop as _
from generation.snapshotfiles import CandidateRow, Group, PairRow, SnapshotFiles
from reviews.exports.pickapic_card import describe
from reviews.exports.pictures import PictureReader, make_alike
from reviews.exports.rendering import OpenImage, ReportRows, write_export_manifest

KEY = "pickapic-parquet/1"
SPLITS = ("train", "validation", "test", "validation_unique", "test_unique")
ROWS_PER_FILE = 500
_GROUP_ROWS = 64
_GROUP_BYTES = 32 << 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_IMAGES = ("jpg_0", "jpg_1", "source", "mask")

_SIDES: dict[str, pa.DataType] = {
    "approved": pa.bool_(), "codes": pa.list_(pa.string()), "verdicts": pa.int64(), "reason": pa.string(),
    "propensity": pa.float64(), "score": pa.float64(), "score_version": pa.string(),
    "score_version_sha256": pa.string(), "generator_sha256": pa.string(),
}  # fmt: skip
SCHEMA = pa.schema(
    [
        # What the trainers read. The images are plain binary: an Image feature makes diffusers fail.
        ("jpg_0", pa.binary()), ("jpg_1", pa.binary()), ("label_0", pa.float64()), ("label_1", pa.float64()),
        ("caption", pa.string()), ("are_different", pa.bool_()), ("has_label", pa.bool_()),
        ("num_example_per_prompt", pa.int64()), ("image_0_uid", pa.string()), ("image_1_uid", pa.string()),
        ("best_image_uid", pa.string()), ("model_0", pa.string()), ("model_1", pa.string()),
        ("ranking_id", pa.int64()), ("user_id", pa.int64()), ("created_at", pa.timestamp("ns")),
        # What this house knows beside it; trainers pass over columns they do not know.
        ("source", pa.binary()), ("mask", pa.binary()), ("product", pa.string()), ("request", pa.string()),
        ("variant", pa.string()), ("rule", pa.string()), ("confidence", pa.float64()),
        ("guideline_version", pa.string()),
        *((f"{name}_{side}", kind) for name, kind in _SIDES.items() for side in (0, 1)),
    ]
)  # fmt: skip


class PickapicParquet:
    """Implements `rendering.Renderer`. A snapshot holds no ties, so neither does the export."""

    def __init__(self, rows_per_file: int = ROWS_PER_FILE) -> None:
        self._rows_per_file = rows_per_file

    def render(self, snapshot: SnapshotFiles, open_image: OpenImage, folder: Path, report: ReportRows) -> None:
        counts, prompts = _count(snapshot)
        total = sum(counts[split] for split in ("train", "validation", "test"))
        if not total:
            raise EngineError(
                _("The snapshot holds no preference pair, and this format has nothing else."), permanent=True
            )
        (folder / "data").mkdir(parents=True)
        written: dict[str, SplitWriter] = {}
        pictures = PictureReader(open_image)
        done = 0
        try:
            for split in SPLITS:
                # A file without rows would stop `datasets` from loading any split at all.
                if counts[split]:
                    written[split] = SplitWriter(folder / "data", split, counts[split], self._rows_per_file)
            for split, is_first, row in _rows(snapshot, pictures, prompts):
                written[split].write(row)
                if is_first and f"{split}_unique" in written:
                    written[f"{split}_unique"].write(row)
                done += 1
                report(done, total)
        finally:
            for writer in written.values():
                writer.close()
        about = {split: writer.summary() for split, writer in written.items()}
        (folder / "README.md").write_text(describe(snapshot, KEY, about), encoding="utf-8")
        libraries = {name: version(name) for name in ("pyarrow", "pillow")}
        values = {
            "format": KEY,
            "snapshot": {"name": snapshot.manifest["name"], "sha256": snapshot.sha256},
            "counts": counts,
            "written_with": libraries,
        }
        write_export_manifest(
            folder, values, {name: rows for writer in written.values() for name, rows in writer.files}
        )


class SplitWriter:
    """Writes one split as `<split>-00000-of-0000N.parquet`, a row group at a time."""

    def __init__(self, folder: Path, split: str, count: int, rows_per_file: int) -> None:
        self._folder, self._split, self._rows_per_file = folder, split, rows_per_file
        self._parts = max(1, -(-count // rows_per_file))
        self._open: pq.ParquetWriter | None = None
        self._rows_in_file = 0
        self._waiting: list[dict[str, Any]] = []
        self._waiting_bytes = 0
        self.files: list[tuple[str, int]] = []
        """(name inside the export, rows) of every file that is complete."""
        self._start_file()

    def write(self, row: dict[str, Any]) -> None:
        if self._rows_in_file == self._rows_per_file:
            self._finish_file()
            self._start_file()
        self._waiting.append(row)
        self._waiting_bytes += sum(len(row[name]) for name in _IMAGES)
        self._rows_in_file += 1
        if len(self._waiting) >= _GROUP_ROWS or self._waiting_bytes >= _GROUP_BYTES:
            self._flush()

    def close(self) -> None:
        if self._open is not None:
            self._finish_file()

    def summary(self) -> dict[str, int]:
        """Return rows, bytes on disk, and bytes after decompression."""
        paths = [self._folder.parent / name for name, _rows in self.files]
        groups = (pq.read_metadata(path) for path in paths)
        unpacked = sum(
            group.row_group(number).total_byte_size for group in groups for number in range(group.num_row_groups)
        )
        return {
            "num_examples": sum(rows for _name, rows in self.files),
            "num_bytes": unpacked,
            "file_bytes": sum(path.stat().st_size for path in paths),
        }

    def _start_file(self) -> None:
        name = f"{self._split}-{len(self.files):05d}-of-{self._parts:05d}.parquet"
        words = [field.name for field in SCHEMA if field.type == pa.string()]
        # Encoded pictures do not get smaller; words do.
        packing = {field.name: "none" if field.name in _IMAGES else "zstd" for field in SCHEMA}
        packing |= {f"codes_{side}.list.element": "zstd" for side in (0, 1)}
        self._open = pq.ParquetWriter(self._folder / name, SCHEMA, compression=packing, use_dictionary=words)
        self._name = f"{self._folder.name}/{name}"
        self._rows_in_file = 0

    def _flush(self) -> None:
        if self._open is not None and self._waiting:
            self._open.write_table(pa.Table.from_pylist(self._waiting, schema=SCHEMA))
        self._waiting, self._waiting_bytes = [], 0

    def _finish_file(self) -> None:
        self._flush()
        if self._open is not None:
            self._open.close()
            self._open = None
            self.files.append((self._name, self._rows_in_file))


def _count(snapshot: SnapshotFiles) -> tuple[dict[str, int], Counter[tuple[str, bytes]]]:
    """Return the rows of every split, and of every prompt in each, without touching a picture."""
    counts = dict.fromkeys(SPLITS, 0)
    prompts: Counter[tuple[str, bytes]] = Counter()
    for group in snapshot.groups():
        for pair in group.pairs:
            counts[pair.split] += 1
            prompts[_prompt_key(pair, group)] += 1
    for split, _prompt in prompts:
        if f"{split}_unique" in counts:
            counts[f"{split}_unique"] += 1
    return counts, prompts


def _prompt_key(pair: PairRow, group: Group) -> tuple[str, bytes]:
    return pair.split, hashlib.sha256(group.candidates[0].prompt.encode()).digest()[:12]


def _rows(
    snapshot: SnapshotFiles, pictures: PictureReader, prompts: Mapping[tuple[str, bytes], int]
) -> Iterator[tuple[str, bool, dict[str, Any]]]:
    """Yield (split, whether its prompt comes for the first time there, row)."""
    seen: set[tuple[str, bytes]] = set()
    for group in snapshot.groups():
        candidates = {candidate.key: candidate for candidate in group.candidates}
        for pair in group.pairs:
            key = _prompt_key(pair, group)
            row = _row(group, pair, candidates[pair.winner], candidates[pair.loser], pictures)
            yield pair.split, key not in seen, row | {"num_example_per_prompt": prompts[key]}
            seen.add(key)


def _row(
    group: Group, pair: PairRow, winner: CandidateRow, loser: CandidateRow, pictures: PictureReader
) -> dict[str, Any]:
    source = group.source
    images = make_alike(*(pictures.read(side.picture, side.picture_sha256) for side in (winner, loser)))
    sides = [(winner, images[0], 1.0), (loser, images[1], 0.0)]
    # Where the winner stands follows from the pair alone: random to a model, the same at every rendering.
    digest = hashlib.sha256(f"{pair.decision}:{winner.key}:{loser.key}".encode()).digest()
    if digest[0] % 2:
        sides.reverse()
    row: dict[str, Any] = {
        "caption": winner.prompt, "are_different": True, "has_label": True, "best_image_uid": winner.key,
        "ranking_id": pair.decision, "user_id": _pseudonym(pair.reviewer), "created_at": _nanoseconds(pair.created_at),
        "source": pictures.read(source.photo, source.photo_sha256),
        "mask": pictures.read(source.mask, source.mask_sha256), "product": source.product, "request": pair.request,
        "variant": winner.variant, "rule": pair.rule, "confidence": pair.confidence,
        "guideline_version": winner.guideline_version,
    }  # fmt: skip
    for side, (candidate, image, label) in enumerate(sides):
        row |= {
            f"jpg_{side}": image, f"label_{side}": label, f"image_{side}_uid": candidate.key,
            f"model_{side}": _model(candidate),
            **{f"{name}_{side}": getattr(candidate, name) for name in _SIDES},
        }  # fmt: skip
    return row


def _model(candidate: CandidateRow) -> str:
    pinned = candidate.generator_sha256[:12] if candidate.generator_sha256 else "made elsewhere"
    return f"{candidate.generator_version} ({pinned})"


def _pseudonym(handle: str) -> int:
    """A positive 63-bit number for a reviewer's random handle."""
    return int.from_bytes(hashlib.sha256(handle.encode()).digest()[:8], "big") >> 1


def _nanoseconds(moment: str) -> int:
    return (datetime.fromisoformat(moment) - _EPOCH) // timedelta(microseconds=1) * 1000
