"""How far a picture of the product is from the product."""

import cv2
import numpy as np
import numpy.typing as npt

from generation.contracts import Image, Mask, Region
from generation.imaging.colour import ciede2000, srgb_to_lab
from generation.imaging.compositing import window_around
from generation.imaging.regions import regions_around

Floats = npt.NDArray[np.float32]

_ENOUGH_PIXELS = 120_000
_ROWS = 1024
_HEAT_RANGE = 20.0


def raw_fidelity(source: Image, mask: Mask, raw: Image) -> tuple[float, float, float]:
    """Compare the product as the model drew it with the product itself; all three share one shape.

    Returns (mean CIEDE2000, its 99th percentile, mean structural similarity), all over the mask. Large products are
    sampled on a regular grid for the colour difference, which moves the mean by less than its second decimal.
    """
    inside = np.flatnonzero(mask)
    if not len(inside):
        raise ValueError("an empty mask has no fidelity")
    picked = inside[:: max(1, len(inside) // _ENOUGH_PIXELS)]
    differences = ciede2000(srgb_to_lab(source.reshape(-1, 3)[picked]), srgb_to_lab(raw.reshape(-1, 3)[picked]))
    window = window_around(mask, 6)
    similarity = similarity_map(source[window], raw[window])[mask[window]]
    return float(differences.mean()), float(np.percentile(differences, 99)), float(similarity.mean())


def strayed_places(source: Image, mask: Mask, raw: Image, beyond: float) -> list[Region]:
    """Return where the product as the model drew it differs from the product by more than `beyond` (CIEDE2000)."""
    places = np.zeros_like(mask)
    places[mask] = ciede2000(srgb_to_lab(source[mask]), srgb_to_lab(raw[mask])) > beyond
    return regions_around(places)


def unlike_places(source: Image, mask: Mask, raw: Image, below: float) -> list[Region]:
    """Return where the structural similarity of the product as the model drew it is less than `below`."""
    window = window_around(mask, 6)
    places = np.zeros_like(mask)
    places[window] = similarity_map(source[window], raw[window]) < below
    return regions_around(places & mask)


def similarity_map(first: Image, second: Image) -> Floats:
    """Return the structural similarity of two pictures' luma at every pixel, -1..1.

    Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, "Image Quality Assessment: From Error Visibility to
    Structural Similarity", IEEE TIP 13(4), 2004: Gaussian window of 11 x 11, sigma 1.5, K1 = 0.01, K2 = 0.03.
    """
    x, y = (cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32) for image in (first, second))
    mean_x, mean_y = _windowed(x), _windowed(y)
    variance_x = _windowed(x * x) - mean_x * mean_x
    variance_y = _windowed(y * y) - mean_y * mean_y
    covariance = _windowed(x * y) - mean_x * mean_y
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    likeness = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    spread = (mean_x**2 + mean_y**2 + c1) * (variance_x + variance_y + c2)
    return np.asarray(likeness / spread, dtype=np.float32)


def changed_bytes(source: Image, mask: Mask, full: Image) -> int:
    """Count the bytes inside the mask that differ from the source. A picture of another shape has changed them all."""
    if source.shape != full.shape:
        return int(np.count_nonzero(mask)) * 3
    changed = 0
    for top in range(0, mask.shape[0], _ROWS):
        rows = slice(top, top + _ROWS)
        inside = mask[rows]
        changed += int(np.count_nonzero(source[rows][inside] != full[rows][inside]))
    return changed


def changed_places(source: Image, mask: Mask, full: Image) -> list[Region]:
    """Return where bytes inside the mask differ from the source; none for a picture of another shape."""
    if source.shape != full.shape:
        return []
    return regions_around(mask & (source != full).any(axis=2))


def difference_map(source: Image, mask: Mask, raw: Image) -> Image:
    """Paint where the model would have changed the product: black is no difference, bright is CIEDE2000 20 or more.

    Outside the mask the source shows through in dim grey, for orientation.
    """
    grey = cv2.cvtColor(source, cv2.COLOR_RGB2GRAY) // 3
    painted: Image = np.repeat(grey[..., None], 3, axis=2).astype(np.uint8)
    differences = ciede2000(srgb_to_lab(source[mask]), srgb_to_lab(raw[mask]))
    heat = np.clip(differences / _HEAT_RANGE * 255, 0, 255).astype(np.uint8)
    coloured = cv2.applyColorMap(heat.reshape(-1, 1), cv2.COLORMAP_INFERNO)
    painted[mask] = coloured[:, 0, ::-1]
    return painted


def _windowed(values: Floats) -> Floats:
    return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5, borderType=cv2.BORDER_REFLECT), dtype=np.float32)
