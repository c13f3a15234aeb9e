"""Does the product sit in its scene, or on a visible patch of its own?"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from generation.contracts import Image, Mask, Region
from generation.imaging.colour import srgb_to_lab
from generation.imaging.compositing import window_around
from generation.imaging.regions import placed, regions_around

Floats = npt.NDArray[np.float32]

_WORKING_SIDE = 384
_REACH = 0.09
_FLOOR = 0.6
_FEWEST = 24


def seam_energy(image: Image, mask: Mask, skip: float) -> float:
    """Return how much a contour around the product stands out of its neighbourhood; about 1 when none does.

    Let D be the distance from the product. For each whole distance d beyond `skip`, p(d) is the mean over all pixels
    with round(D) = d of |dI/dn|: the change of colour (CIELAB units a pixel) along the outward direction n = grad D.
    A halo or a patch ends at one distance all around, so p has a peak there; a table edge or a plant crosses many
    distances and lifts p everywhere. The energy is max p / (median p + 0.6), the floor being what a smooth wall's
    grain amounts to. Measured at a working size of 384 pixels, up to 9 % of the longest side away.

    `skip` is the width in pixels, at the image's size, of the feather and of what scaling up has softened: there the
    product itself fades out, which is no fault.
    """
    profile = _rings(image, mask, skip).profile
    if len(profile) < 3:
        return 0.0
    return max(profile.values()) / _ground(profile)


def seam_places(image: Image, mask: Mask, skip: float, energy: float) -> list[Region]:
    """Return where the contour that `seam_energy` found stands out by more than `energy`: arcs, or all around."""
    rings = _rings(image, mask, skip)
    if len(rings.profile) < 3:
        return []
    at = max(rings.profile, key=lambda d: rings.profile[d])
    places = _ring(rings.distances, at) & (rings.across > energy * _ground(rings.profile))
    return placed(regions_around(places), rings.window, mask.shape)


@dataclass(frozen=True)
class _Rings:
    """Per pixel of `window`, at the working size: the distance from the product, and |dI/dn|; and p(d)."""

    window: tuple[slice, slice]
    distances: Floats
    across: Floats
    profile: dict[int, float]


def _rings(image: Image, mask: Mask, skip: float) -> _Rings:
    longest = max(mask.shape)
    scale = min(1.0, _WORKING_SIDE / longest)
    window = window_around(mask, int(longest * _REACH * 1.5) + 4)
    distances, across = _change_along_normal(image[window], mask[window], scale)
    first = max(2, round(skip * scale + 1.5))
    last = first + max(6, round(longest * scale * _REACH))
    profile = {
        d: float(across[ring].mean())
        for d in range(first, last)
        if np.count_nonzero(ring := _ring(distances, d)) >= _FEWEST
    }
    return _Rings(window, distances, across, profile)


def _ring(distances: Floats, d: int) -> Mask:
    ring: Mask = np.abs(distances - d) < 0.5
    return ring


def _ground(profile: dict[int, float]) -> float:
    return float(np.median(list(profile.values()))) + _FLOOR


def _change_along_normal(image: Image, mask: Mask, scale: float) -> tuple[Floats, Floats]:
    """Return the distance from the product and |dI/dn| per pixel, both at the working size."""
    size = (max(8, round(image.shape[1] * scale)), max(8, round(image.shape[0] * scale)))
    small = srgb_to_lab(np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8))
    covered = cv2.resize(mask.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA)
    distances = cv2.distanceTransform((covered == 0).astype(np.uint8), cv2.DIST_L2, 5)
    normal_y, normal_x = np.gradient(distances)
    length = np.maximum(np.hypot(normal_y, normal_x), 1e-3)
    change_y, change_x = np.gradient(small, axis=(0, 1))
    along = (change_y * normal_y[..., None] + change_x * normal_x[..., None]) / length[..., None]
    return distances, np.linalg.norm(along, axis=-1).astype(np.float32)
