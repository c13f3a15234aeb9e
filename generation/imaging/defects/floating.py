"""The product hangs in the air above its shadow."""

import cv2
import numpy as np
import numpy.typing as npt

from generation.contracts import Image, Mask
from generation.imaging.compositing import feather_width, paste_product

_FILL_SIDE = 192


def floating(source: Image, mask: Mask, candidate: Image, rng: np.random.Generator, strength: float) -> Image:
    """Lift the product's foot by 8 to 35 % of its height and fill its old place from the scene.

    What the room above does not allow is made up by shrinking the product towards its top.
    """
    rows = np.flatnonzero(mask.any(axis=1))
    if not len(rows):
        return candidate.copy()
    top, height = int(rows[0]), int(rows[-1] - rows[0] + 1)
    lift = max(2, round(height * (0.08 + 0.27 * strength) * rng.uniform(0.85, 1.15)))
    up = min(lift, top)
    lifted, lifted_mask = _moved(candidate, mask, up, scale=1 - (lift - up) / height)
    return paste_product(lifted, lifted_mask, _without_product(candidate, mask), feather_width(mask.shape))


def _moved(image: Image, mask: Mask, up: int, scale: float) -> tuple[Image, Mask]:
    """Scale around the middle of the product's top edge, then move up."""
    columns = np.flatnonzero(mask.any(axis=0))
    x, y = (columns[0] + columns[-1]) / 2, int(np.argmax(mask.any(axis=1)))
    matrix = np.array([[scale, 0, x * (1 - scale)], [0, scale, y * (1 - scale) - up]], dtype=np.float64)
    size = (mask.shape[1], mask.shape[0])
    moved = np.asarray(cv2.warpAffine(image, matrix, size, flags=cv2.INTER_LINEAR), dtype=np.uint8)
    covered = cv2.warpAffine(mask.astype(np.uint8), matrix, size, flags=cv2.INTER_NEAREST)
    return moved, covered.astype(bool)


def _without_product(candidate: Image, mask: Mask) -> Image:
    """Carry the scene across the product's place along each row: walls and table edges run sideways.

    Filled at a small size, since the gap needs tone and not detail; widened, since a rim of the product's colour
    surrounds it.
    """
    height, width = mask.shape
    scale = min(1.0, _FILL_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = np.asarray(cv2.resize(candidate, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    touched = (cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0).astype(np.uint8)
    gap = cv2.dilate(touched, np.ones((9, 9), np.uint8))
    filled = cv2.resize(_across(small, gap > 0), (width, height), interpolation=cv2.INTER_CUBIC)
    opacity = cv2.resize(cv2.GaussianBlur(gap.astype(np.float32), (0, 0), 1), (width, height))[..., None]
    return np.clip(np.rint(filled * opacity + candidate * (1 - opacity)), 0, 255).astype(np.uint8)


def _across(image: npt.NDArray[np.uint8], gap: Mask) -> npt.NDArray[np.float32]:
    filled = image.astype(np.float32)
    columns = np.arange(image.shape[1])
    for row in np.flatnonzero(gap.any(axis=1)):
        known = ~gap[row]
        if known.any():
            for band in range(3):
                filled[row, :, band] = np.interp(columns, columns[known], filled[row, known, band])
        elif row > 0:
            filled[row] = filled[row - 1]
    smooth = cv2.GaussianBlur(filled, (0, 0), 2)
    filled[gap] = smooth[gap]
    return filled
