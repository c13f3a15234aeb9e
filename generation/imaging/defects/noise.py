"""The whole picture is grainy, as from a sensor in the dark."""

import cv2
import numpy as np

from generation.contracts import Image, Mask


def noise(source: Image, mask: Mask, candidate: Image, rng: np.random.Generator, strength: float) -> Image:
    """Add Gaussian grain with a deviation of 10 to 50 levels, coarser than one pixel in large pictures."""
    deviation = 10 + 40 * strength
    height, width = mask.shape
    grain_size = max(1, round(max(height, width) / 512))
    shape = (-(-height // grain_size), -(-width // grain_size), 3)
    grain = rng.normal(0, deviation, shape).astype(np.float32)
    full = cv2.resize(grain, (width, height), interpolation=cv2.INTER_NEAREST)
    grainy: Image = np.clip(np.rint(candidate + full), 0, 255).astype(np.uint8)
    return grainy
