"""Where a learner stood, on disk: whole or absent, checked by a hash in its name, the last two kept."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from generation.engines.trainers.feature_store import write_whole

KEPT = 2
_NAME = re.compile(r"step-(\d{8})-([0-9a-f]{64})\.safetensors")


@dataclass(frozen=True)
class Checkpoint:
    """`step` steps are done; `notes` is what is not a tensor, as JSON."""

    step: int
    tensors: Mapping[str, torch.Tensor]
    notes: Mapping[str, Any]


class Checkpoints:
    def __init__(self, folder: Path) -> None:
        """Open a folder that this process alone uses; what a killed one left half written is deleted."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for draft in folder.glob(".*.draft"):
            draft.unlink()

    def save(self, checkpoint: Checkpoint) -> None:
        """Write a checkpoint, then delete all but the last two. A kill at any point leaves at least one whole."""
        from safetensors.torch import save

        tensors = {name: tensor.detach().contiguous() for name, tensor in checkpoint.tensors.items()}
        content = save(tensors, metadata={"notes": json.dumps(dict(checkpoint.notes))})
        digest = hashlib.sha256(content).hexdigest()
        write_whole(self._folder / f"step-{checkpoint.step:08d}-{digest}.safetensors", content)
        for path in self._newest_first()[KEPT:]:
            path.unlink()

    def latest(self) -> tuple[Checkpoint | None, list[str]]:
        """Return the newest checkpoint that is whole, and the names of newer ones that are damaged and were deleted."""
        damaged: list[str] = []
        for path in self._newest_first():
            content = path.read_bytes()
            step, digest = _parts(path)
            if hashlib.sha256(content).hexdigest() == digest:
                return _read(step, content, path), damaged
            # Left in place it would count as one of the two that are kept, and push out a good one.
            path.unlink()
            damaged.append(path.name)
        return None, damaged

    def _newest_first(self) -> list[Path]:
        found = [path for path in self._folder.iterdir() if _NAME.fullmatch(path.name)]
        return sorted(found, reverse=True)


def _parts(path: Path) -> tuple[int, str]:
    match = _NAME.fullmatch(path.name)
    assert match is not None  # noqa: S101  # only such names are listed
    return int(match[1]), match[2]


def _read(step: int, content: bytes, path: Path) -> Checkpoint:
    from safetensors import safe_open
    from safetensors.torch import load

    with safe_open(path, framework="pt") as opened:
        notes = json.loads(opened.metadata()["notes"])
    return Checkpoint(step, load(content), notes)
