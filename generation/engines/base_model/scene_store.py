"""The drawn scenes of a plan on disk: those to train on first, then those that are only measured on."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from generation.contracts import Image, Mask
from generation.engines.base_model.plan import Plan
from generation.engines.base_model.progress import Report, StageProgress
from generation.engines.base_model.scenes.scene import Scene, draw_scene
from generation.engines.base_model.shards import Shards

_SEEDS, _HELD_OUT = 10_000_000, 1_000_000
"""A plan's seed has ten million scenes of its own; those from the millionth on are never trained on."""


def held_out_seed(plan: Plan, number: int) -> int:
    """Return the seed of the held-out scene of that number."""
    return plan.seed * _SEEDS + _HELD_OUT + number


class SceneStore:
    """Row n is scene n of the plan; every one can be drawn again from `seed_of(n)`."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self._plan = plan
        self._shards = Shards(folder, plan.scenes + plan.held_out)
        self.count = self._shards.count

    def seed_of(self, index: int) -> int:
        if index >= self._plan.scenes:
            return held_out_seed(self._plan, index - self._plan.scenes)
        return self._plan.seed * _SEEDS + index

    def fill(self, report: Report) -> None:
        """Draw what is missing, file by file."""
        for number, rows in self._shards.missing():
            scenes = [draw_scene(self.seed_of(index)) for index in rows]
            self._write(number, scenes)
            report(StageProgress("scenes", rows.stop, self.count))

    def images(self, indices: Sequence[int] | npt.NDArray[np.int64]) -> Image:
        """Return N x 256 x 256 x 3 bytes."""
        return self._shards.rows("images", indices)

    def crop(self, index: int, top: int, left: int, side: int) -> Image:
        return self._shards.row("images", index, slice(top, top + side), slice(left, left + side))

    def masks(self, indices: Sequence[int] | npt.NDArray[np.int64]) -> Mask:
        """Return N x 256 x 256, True where the product is."""
        packed = self._shards.rows("masks", indices)
        return np.unpackbits(packed, axis=-1).astype(np.bool_)

    def captions(self) -> list[str]:
        return [text for texts in self._shards.texts("captions") for text in json.loads(texts)]

    def _write(self, number: int, scenes: Sequence[Scene]) -> None:
        masks = np.stack([scene.mask for scene in scenes])
        arrays = {"images": np.stack([scene.image for scene in scenes]), "masks": np.packbits(masks, axis=-1)}
        self._shards.write(number, arrays, captions=json.dumps([scene.caption for scene in scenes]))
