"""The product stands on a patch of its own: a line runs around it where the patch ends."""

import cv2
import numpy as np

from generation.contracts import Image, Mask


def seam(source: Image, mask: Mask, candidate: Image, rng: np.random.Generator, strength: float) -> Image:
    """Shift light and tone of everything within 3 to 7 % of the longest side around the product."""
    reach = max(mask.shape) * rng.uniform(0.03, 0.07)
    sign = -1.0 if candidate[~mask].mean() > 128 else 1.0
    shift = sign * (18 + 50 * strength) * rng.uniform(0.75, 1.25, 3)
    distance = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5)
    patch = np.clip(reach - distance + 0.5, 0, 1)[..., None]
    damaged: Image = np.clip(np.rint(candidate + shift * patch), 0, 255).astype(np.uint8)
    damaged[mask] = candidate[mask]
    return damaged
