"""Features of judged candidates on disk, in chunks that are whole or absent, so that a killed run loses one chunk."""

import itertools
import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from generation.contracts import EngineError, LabelledCandidate, TrainingExamples
from generation.contracts import gettext_noop as _
from generation.engines.rewards.backbone import BACKBONE_SHA256, Backbone
from generation.engines.rewards.features import FEATURES_VERSION, extract
from generation.engines.trainers.preference_fit import Judged

CHUNK = 16


@dataclass(frozen=True)
class Labels:
    """What is known of one stored candidate beside its features."""

    key: str
    product: str
    split: str
    approved: bool


class FeatureStore:
    """Chunk number n holds the candidates 16n .. 16n + 15 of one snapshot, in the snapshot's order."""

    def __init__(self, folder: Path, snapshot_sha256: str) -> None:
        """Open `folder`; what another snapshot or other features left there is thrown away."""
        self._folder = folder
        manifest = {"snapshot": snapshot_sha256, "features": FEATURES_VERSION, "backbone": BACKBONE_SHA256}
        path = folder / "manifest.json"
        if not path.exists() or json.loads(path.read_text(encoding="utf-8")) != manifest:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            write_whole(path, json.dumps(manifest).encode())

    def fill(self, examples: TrainingExamples, backbone: Backbone, deadline: float) -> Iterator[int]:
        """Extract what is missing, yielding the number of candidates stored after each chunk.

        Stops silently at `deadline` (time.monotonic()), but never before one more chunk: a run with very short
        slices still ends. `is_complete` tells whether it got to the end.
        """
        stored = self._chunks()
        candidates = itertools.islice(examples.candidates(), stored * CHUNK, None)
        while not self.is_complete:
            chunk = list(itertools.islice(candidates, CHUNK))
            if chunk:
                self._write(stored, chunk, backbone)
                stored += 1
            if len(chunk) < CHUNK:
                write_whole(self._folder / "complete", b"")
            yield (stored - 1) * CHUNK + len(chunk) if chunk else stored * CHUNK
            if time.monotonic() >= deadline:
                return

    @property
    def is_complete(self) -> bool:
        return (self._folder / "complete").exists()

    def read(self) -> tuple[list[Labels], npt.NDArray[np.float32]]:
        """Return everything stored: N labels and N x width() features."""
        from safetensors import safe_open

        labels: list[Labels] = []
        features = []
        for number in range(self._chunks()):
            with safe_open(self._path(number), framework="numpy") as chunk:
                features.append(chunk.get_tensor("features"))
                labels += [Labels(**entry) for entry in json.loads(chunk.metadata()["labels"])]
        if not features:
            raise EngineError(_("The snapshot holds no candidates."), permanent=True)
        return labels, np.concatenate(features)

    def _write(self, number: int, chunk: Sequence[LabelledCandidate], backbone: Backbone) -> None:
        from safetensors.numpy import save

        features = extract([candidate.subject for candidate in chunk], backbone)
        entries = [{"key": c.key, "product": c.product, "split": c.split, "approved": c.approved} for c in chunk]
        write_whole(self._path(number), save({"features": features}, metadata={"labels": json.dumps(entries)}))

    def _chunks(self) -> int:
        return sum(1 for _ in self._folder.glob("chunk-*.safetensors"))

    def _path(self, number: int) -> Path:
        return self._folder / f"chunk-{number:05d}.safetensors"


@dataclass(frozen=True)
class Splits:
    """The judged candidates and preferences of one snapshot, by split."""

    train: Judged
    validation: Judged
    test: Judged


def split(labels: Sequence[Labels], features: npt.NDArray[np.float32], examples: TrainingExamples) -> Splits:
    """Bring stored candidates and the snapshot's preferences together.

    Raises EngineError for a preference that names a candidate the snapshot does not hold, or one of another split.
    """
    row = {label.key: number for number, label in enumerate(labels)}
    pairs: dict[str, list[tuple[int, int]]] = {"train": [], "validation": [], "test": []}
    for pair in examples.pairs():
        if pair.winner not in row or pair.loser not in row:
            raise EngineError(_("A preference names a candidate that the snapshot does not hold."), permanent=True)
        ends = row[pair.winner], row[pair.loser]
        if any(labels[end].split != pair.split for end in ends):
            raise EngineError(_("A preference and its candidates lie in different splits."), permanent=True)
        pairs[pair.split].append(ends)
    whole = {
        "features": features,
        "approved": np.array([label.approved for label in labels], np.bool_),
        "products": np.array([label.product for label in labels]),
    }
    return Splits(**{name: _one_split(name, labels, pairs[name], whole) for name in pairs})


def _one_split(name: str, labels: Sequence[Labels], pairs: list[tuple[int, int]], whole: dict[str, Any]) -> Judged:
    judged = Judged(**whole, pairs=np.array(sorted(pairs), np.intp).reshape(-1, 2))
    return judged.part(np.array([label.split == name for label in labels], np.bool_))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there with all its bytes or not at all, even if the process is killed or power fails."""
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
