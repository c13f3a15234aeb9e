"""Can the product be told from what is behind it?"""

import numpy as np
import numpy.typing as npt

from generation.contracts import Image, Mask
from generation.imaging.colour import ciede2000, srgb_to_lab
from generation.imaging.outlines import Outline, colours_at, is_scene_at, mean_colours, outline_of

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
    longest = max(mask.shape)
    inner = [float(-share * longest) for share in np.linspace(*_INNER, _STEPS)]
    outer = [float(feather + 1 + share * longest) for share in np.linspace(*_OUTER, _STEPS)]
    outline = outline_of(mask).where(
        lambda line: np.all(
            [is_scene_at(mask, line, d) for d in outer] + [~is_scene_at(mask, line, d) for d in inner], axis=0
        )
    )
    if len(outline.points) < _FEWEST:
        return 0.0, 0.0
    differences = ciede2000(mean_colours(image, outline, inner), mean_colours(image, outline, outer))
    return float((differences < FAINT).mean()), _in_common(_band(image, outline, inner), _band(image, outline, outer))


def _band(image: Image, outline: Outline, distances: list[float]) -> Floats:
    return srgb_to_lab(np.concatenate([colours_at(image, outline, distance) for distance in distances]))


def _in_common(first: Floats, second: Floats) -> float:
    """Return the intersection, 0..1, of two equally many colours' histograms."""
    cubes = np.floor(np.concatenate([first, second]) / _CUBE).astype(np.int64)
    _cubes, places = np.unique(cubes, axis=0, return_inverse=True)
    counts = [np.bincount(part, minlength=len(_cubes)) for part in np.split(places.ravel(), [len(first)])]
    return float(np.minimum(*counts).sum() / len(first))
