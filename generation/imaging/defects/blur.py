"""The product is out of focus."""

import cv2
import numpy as np

from generation.contracts import Image, Mask


def blur(source: Image, mask: Mask, candidate: Image, rng: np.random.Generator, strength: float) -> Image:
    """Blur the product along one random axis more than the other, as focus and camera shake do."""
    sigma = max(1.0, max(mask.shape) * (0.006 + 0.02 * strength))
    wide, narrow = sigma * rng.uniform(1.0, 1.3), sigma * rng.uniform(0.7, 1.0)
    across, down = (wide, narrow) if rng.random() < 0.5 else (narrow, wide)
    # Where the blur reaches over the outline it must find product, not scene, or it would draw a halo as well.
    weight = mask.astype(np.float32)
    mixed = cv2.GaussianBlur(source * weight[..., None], (0, 0), sigmaX=across, sigmaY=down)
    reach = cv2.GaussianBlur(weight, (0, 0), sigmaX=across, sigmaY=down)
    soft = mixed / np.maximum(reach, 1e-6)[..., None]
    damaged = candidate.copy()
    damaged[mask] = np.clip(np.rint(soft[mask]), 0, 255).astype(np.uint8)
    return damaged
