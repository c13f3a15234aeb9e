"""Every scene encoded once: the picture, the picture without its scene, and the hole to be painted."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from generation.contracts import Image, Mask
from generation.engines.base_model.autoencoder import FACTOR, as_input
from generation.engines.base_model.chance import numbers
from generation.engines.base_model.progress import Report, StageProgress
from generation.engines.base_model.scene_store import SceneStore
from generation.engines.base_model.shards import Shards

_SHARE_WIDER, _SHARE_NARROWER = 0.2, 0.15
_BATCH = 16


class Latents:
    """Encoded pictures on disk, as the pipeline would make them: scaled latents, and a hole of ones on 32 x 32."""

    def __init__(self, folder: Path, count: int) -> None:
        self._shards = Shards(folder, count)

    def read(self, indices: Sequence[int] | npt.NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the latents (N x 4 x 32 x 32), those of the masked pictures, and the holes (N x 1 x 32 x 32)."""
        picture, masked, hole = (
            torch.from_numpy(self._shards.rows(name, indices)).float() for name in ("picture", "masked", "hole")
        )
        return picture, masked, hole


class LatentStore(Latents):
    """Row n belongs to scene n; what is kept of it is its product."""

    def __init__(self, folder: Path, scenes: SceneStore, seed: int) -> None:
        super().__init__(folder, scenes.count)
        self._scenes, self._seed = scenes, seed

    def fill(self, autoencoder: Any, report: Report) -> None:
        """Encode what is missing. There are no mirrored copies: the encoder of a mirrored picture is not mirrored."""
        encoder = autoencoder.eval().to(memory_format=torch.channels_last)
        for number, rows in self._shards.missing():
            parts = [self._encode(encoder, rows[at : at + _BATCH]) for at in range(0, len(rows), _BATCH)]
            self._shards.write(number, {name: np.concatenate([part[name] for part in parts]) for name in parts[0]})
            report(StageProgress("latents", rows.stop, self._shards.count))

    def _encode(self, encoder: Any, rows: Sequence[int]) -> dict[str, npt.NDArray[Any]]:
        masks = self._scenes.masks(rows)
        kept = np.stack([redrawn(mask, self._seed, row) for mask, row in zip(masks, rows, strict=True)])
        return encode(encoder, self._scenes.images(rows), kept)


@torch.no_grad()
def encode(encoder: Any, images: Image, kept: Mask) -> dict[str, npt.NDArray[Any]]:
    """Return what `Latents` hold of N x 256 x 256 x 3 bytes, of which N x 256 x 256 are kept."""
    pictures = as_input(images)
    hole = torch.from_numpy(~kept).float()[:, None]
    scale = float(encoder.config.scaling_factor)
    masked = (pictures * (hole < 0.5)).contiguous(memory_format=torch.channels_last)
    return {
        "picture": (encoder.encode(pictures).latents * scale).half().contiguous().numpy(),
        "masked": (encoder.encode(masked).latents * scale).half().contiguous().numpy(),
        "hole": functional.interpolate(hole, scale_factor=1 / FACTOR).byte().numpy(),
    }


def redrawn(mask: Mask, seed: int, index: int) -> Mask:
    """Return the mask a little too wide (one in five), too narrow (one in seven) or as it is: as people's are."""
    random = numbers(seed, "mask", index)
    lot, pixels = random.random(), int(random.integers(1, 4))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    if lot < _SHARE_WIDER:
        return cv2.dilate(mask.astype(np.uint8), disc, iterations=pixels).astype(np.bool_)
    if lot < _SHARE_WIDER + _SHARE_NARROWER:
        return cv2.erode(mask.astype(np.uint8), disc, iterations=min(pixels, 2)).astype(np.bool_)
    return mask
