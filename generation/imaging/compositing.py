"""The product goes back over what was painted, byte for byte."""

import cv2
import numpy as np
import numpy.typing as npt

from generation.contracts import Image, Mask
from generation.imaging.framing import enlarge

Floats = npt.NDArray[np.float32]

_STRIP_ROWS = 256


def paste_product(source: Image, mask: Mask, scene: Image, feather_px: float) -> Image:
    """Lay the product of `source` over `scene`; all three share one shape.

    Inside the mask every byte is the source's. Outside, the product's own colours are carried over the edge and fade
    out within `feather_px` pixels, so no pixel of the old background is ever mixed in. 0 gives a hard edge.
    """
    pasted = scene.copy()
    pasted[mask] = source[mask]
    if feather_px <= 0 or not mask.any() or mask.all():
        return pasted
    window = window_around(mask, int(np.ceil(feather_px)) + 1)
    inside = mask[window]
    distance = cv2.distanceTransform((~inside).astype(np.uint8), cv2.DIST_L2, 5)
    ring = ~inside & (distance <= feather_px)
    alpha = (1 - distance[ring] / (feather_px + 1))[:, None]
    carried = _carried_over(source[window], inside, ring, feather_px)
    blended = carried * alpha + scene[window][ring] * (1 - alpha)
    pasted[window][ring] = np.clip(np.rint(blended), 0, 255).astype(np.uint8)
    return pasted


def compose(source: Image, mask: Mask, raw: Image) -> tuple[Image, Image]:
    """Paste twice: at the model's size, then, scaled up, with the full-resolution cut-out.

    `source` and `mask` share the full shape, `raw` has the model's. Returns (at the model's size, at full size).
    """
    small = _paste_by_coverage(source, mask, raw)
    shape = (mask.shape[0], mask.shape[1])
    return small, paste_product(source, mask, enlarge(small, shape), feather_width(shape))


def feather_width(shape: tuple[int, int]) -> float:
    """Return the feather in pixels for a picture of `shape`: 1 for small ones, up to 3 for large ones."""
    return float(np.clip(max(shape) / 640, 1.0, 3.0))


def _paste_by_coverage(source: Image, mask: Mask, raw: Image) -> Image:
    """Blend by how much of each model pixel the product covers, with the mean colour of that part alone.

    A plain paste of the shrunk photo would bring a rim of old background along, since shrinking mixes both.
    """
    size = (raw.shape[1], raw.shape[0])
    covered = cv2.resize(mask.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA)
    product = cv2.resize(np.where(mask[..., None], source, 0), size, interpolation=cv2.INTER_AREA)
    blended: Image = np.empty_like(raw)
    for top in range(0, len(raw), _STRIP_ROWS):  # floats of a whole photo would fill a worker
        rows = slice(top, top + _STRIP_ROWS)
        exact = product[rows] + raw[rows] * (1 - covered[rows].astype(np.float32) / 255)[..., None]
        blended[rows] = np.clip(np.rint(exact), 0, 255).astype(np.uint8)
    return blended


def _carried_over(source: Image, inside: Mask, ring: Mask, feather_px: float) -> Floats:
    """Return the product's colours continued into the ring (N x 3): a Gaussian mean over product pixels only."""
    weight = inside.astype(np.float32)
    sigma = max(1.0, feather_px)
    near = cv2.GaussianBlur(weight, (0, 0), sigma)
    colours = cv2.GaussianBlur(source * weight[..., None], (0, 0), sigma)
    return np.asarray(colours[ring] / np.maximum(near[ring], 1e-6)[:, None], dtype=np.float32)


def window_around(mask: Mask, margin: int) -> tuple[slice, slice]:
    """Return the mask's bounding box, widened by `margin`, as slices."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return (
        slice(max(0, int(rows[0]) - margin), int(rows[-1]) + margin + 1),
        slice(max(0, int(columns[0]) - margin), int(columns[-1]) + margin + 1),
    )
