"""Can the product be told from what is behind it?"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from generation.contracts import Image, Mask, Region
from generation.imaging.colour import ciede2000, srgb_to_lab
from generation.imaging.outlines import Outline, colours_at, is_scene_at, mean_colours, outline_of
from generation.imaging.regions import regions_along

Floats = npt.NDArray[np.float32]

FAINT = 5.0
"""CIEDE2000 below which an edge is hard to see at a glance; about 1 is just visible side by side."""

_INNER = (0.002, 0.012)
_OUTER = (0.004, 0.016)
_STEPS = 4
_CUBE = 8.0
_FEWEST = 24


def outline_contrast(image: Image, mask: Mask, feather: float) -> tuple[float, float]:
    """Return (the share of the outline that is faint, the share of colours that both sides have in common), each 0..1.

    Both look at two bands along the outline: the product's edge, 0.2 to 1.2 % of the longest side inside, and the
    scene beside it, 0.4 to 1.6 % beyond the feather. A point of the outline is faint where the mean colours of both
    bands differ by less than FAINT. The common share is the intersection of the bands' colour histograms, in cubes of
    8 CIELAB units: it finds a camouflaged product, whose outline is full of small contrasts. (0, 0) where there is too
    little outline to tell.
    """
    bands = _bands(image, mask, feather)
    if bands is None:
        return 0.0, 0.0
    return float((bands.differences < FAINT).mean()), float(bands.shared.mean())


def faint_places(image: Image, mask: Mask, feather: float) -> list[Region]:
    """Return the parts of the outline that are faint."""
    bands = _bands(image, mask, feather)
    return [] if bands is None else regions_along(bands.points[bands.differences < FAINT], mask.shape)


def common_places(image: Image, mask: Mask, feather: float, share: float) -> list[Region]:
    """Return the parts of the outline where more than `share` of the scene's colours are the product's too."""
    bands = _bands(image, mask, feather)
    return [] if bands is None else regions_along(bands.points[bands.shared > share], mask.shape)


@dataclass(frozen=True)
class _Bands:
    """Per point of the outline: its place (x, y), how far the two bands' mean colours differ there, and which share
    of the outer colours is in common with the inner ones."""

    points: Floats
    differences: Floats
    shared: Floats


def _bands(image: Image, mask: Mask, feather: float) -> _Bands | None:
    longest = max(mask.shape)
    inner = [float(-share * longest) for share in np.linspace(*_INNER, _STEPS)]
    outer = [float(feather + 1 + share * longest) for share in np.linspace(*_OUTER, _STEPS)]
    outline = outline_of(mask).where(
        lambda line: np.all(
            [is_scene_at(mask, line, d) for d in outer] + [~is_scene_at(mask, line, d) for d in inner], axis=0
        )
    )
    if len(outline.points) < _FEWEST:
        return None
    differences = ciede2000(mean_colours(image, outline, inner), mean_colours(image, outline, outer))
    shared = _in_common(_band(image, outline, inner), _band(image, outline, outer))
    return _Bands(outline.points, differences, shared.reshape(_STEPS, -1).mean(axis=0))


def _band(image: Image, outline: Outline, distances: list[float]) -> Floats:
    return srgb_to_lab(np.concatenate([colours_at(image, outline, distance) for distance in distances]))


def _in_common(first: Floats, second: Floats) -> Floats:
    """Return for each colour of `second` how much of it is matched in `first`, 0..1; both are equally many.

    The mean is the intersection of the two colour histograms.
    """
    cubes = np.floor(np.concatenate([first, second]) / _CUBE).astype(np.int64)
    _cubes, places = np.unique(cubes, axis=0, return_inverse=True)
    here, there = np.split(places.ravel(), [len(first)])
    counts = [np.bincount(part, minlength=len(_cubes)) for part in (here, there)]
    matched = np.minimum(*counts) / np.maximum(counts[1], 1)
    return np.asarray(matched[there], dtype=np.float32)
