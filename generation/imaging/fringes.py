"""Does a rim of foreign colour hug the product's outline?"""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from generation.contracts import Image, Mask, Region
from generation.imaging.outlines import Outline, is_scene_at, mean_colours, outline_of
from generation.imaging.regions import regions_along

Floats = npt.NDArray[np.float32]

_RING_STEPS = 6
_BEYOND_SHARE = 0.02
_FEWEST = 24


def fringe_contrast(image: Image, mask: Mask, feather: float, reach: float) -> float:
    """Return how foreign the rim around the product is, in CIELAB units; 0 where there is too little outline to tell.

    From the product's own edge to the scene a little further out, colours should go straight. For each point of the
    outline and each of six distances between `feather` and `reach` (pixels out of the product), take how far the
    colour lies from the straight way between those two. The contrast is the median over the outline, at the distance
    where it is largest: a rim goes all around, a contact shadow or a leaf that touches the product does not.
    """
    return max((float(np.median(off)) for _places, off in _rims(image, mask, feather, reach)), default=0.0)


def fringe_places(image: Image, mask: Mask, feather: float, reach: float, contrast: float) -> list[Region]:
    """Return where the rim that `fringe_contrast` found is more foreign than `contrast`."""
    rims = list(_rims(image, mask, feather, reach))
    if not rims:
        return []
    places, off = max(rims, key=lambda rim: float(np.median(rim[1])))
    return regions_along(places[off > contrast], mask.shape)


def _rims(image: Image, mask: Mask, feather: float, reach: float) -> Iterator[tuple[Floats, Floats]]:
    """Yield for each distance the places (x, y) around the product, N x 2, and how foreign each is, N."""
    ring = [float(d) for d in np.linspace(feather + 1, max(reach, feather + 2), _RING_STEPS)]
    beyond = ring[-1] + max(2.0, _BEYOND_SHARE * max(mask.shape))
    outline = outline_of(mask).where(lambda line: _is_open(mask, line, (*ring, (ring[-1] + beyond) / 2, beyond)))
    if len(outline.points) < _FEWEST:
        return
    product = mean_colours(image, outline, (-2.5, -1.5, -0.5))
    scene = mean_colours(image, outline, (beyond - 1, beyond, beyond + 1))
    for d in ring:
        yield outline.at(d), _off_the_way(mean_colours(image, outline, (d,)), product, scene)


def _is_open(mask: Mask, outline: Outline, distances: Iterable[float]) -> npt.NDArray[np.bool_]:
    return np.asarray(np.all([is_scene_at(mask, outline, distance) for distance in distances], axis=0), dtype=np.bool_)


def _off_the_way(colours: Floats, start: Floats, end: Floats) -> Floats:
    """Return how far each colour lies from the straight way between two others."""
    way = end - start
    length = np.maximum((way * way).sum(axis=1), 1e-6)
    share = np.clip(((colours - start) * way).sum(axis=1) / length, 0, 1)
    return np.asarray(np.linalg.norm(colours - (start + way * share[:, None]), axis=1), dtype=np.float32)
