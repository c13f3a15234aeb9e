"""Is there lettering in the scene that the photo did not have?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from generation.contracts import Mask, Region
from generation.imaging.regions import regions_around

_FEWEST_CHARACTERS = 2
_LEAST_CONFIDENCE = 0.5
_SAME_PLACE = 0.5


@dataclass(frozen=True)
class Reading:
    """Lettering that was read in a picture. `corners` are four (x, y) in pixels, `confidence` is 0..1."""

    corners: npt.NDArray[np.float32]
    words: str
    confidence: float


def scene_lettering(found: Iterable[Reading], mask: Mask) -> list[Reading]:
    """Return what is surely lettering, and in the scene. `mask` has the shape of the picture that was read.

    What lies mostly on the product is its own label. Readings of a single character or of little confidence do not
    count, nor does one that holds half of the product: a mug with its handle reads "D".
    """
    return [reading for reading in found if _is_sure(reading) and not _is_label(_covered([reading], mask), mask)]


def new_text_area(found: Sequence[Reading], known: Iterable[Reading], mask: Mask) -> float:
    """Return the share of the scene, 0..1, that is covered by lettering the source did not have there.

    `found` was read in the candidate, `known` in the source; both pictures have the shape of `mask`. What was read
    where the source had lettering, whatever that said, is not new. Each reading counts by its confidence.
    """
    scene = ~mask
    if not found or not scene.any():
        return 0.0
    return float(_new_lettering(found, known, mask)[scene].sum() / np.count_nonzero(scene))


def new_text_places(found: Sequence[Reading], known: Iterable[Reading], mask: Mask) -> list[Region]:
    """Return where that lettering is."""
    return regions_around(_new_lettering(found, known, mask) > 0)


def _new_lettering(found: Iterable[Reading], known: Iterable[Reading], mask: Mask) -> npt.NDArray[np.float32]:
    """Return for each pixel how surely it is covered by new lettering, 0..1."""
    before = _covered((reading for reading in known if _is_sure(reading)), mask)
    weight = np.zeros(mask.shape, np.float32)
    for reading in found:
        box = _covered([reading], mask)
        if not _overlaps(box, before):
            weight[box] = np.maximum(weight[box], reading.confidence)
    return weight


def _is_sure(reading: Reading) -> bool:
    letters = sum(mark.isalnum() for mark in reading.words)
    return letters >= _FEWEST_CHARACTERS and reading.confidence >= _LEAST_CONFIDENCE


def _is_label(box: Mask, mask: Mask) -> bool:
    """Whether it is on the product, or is the product itself, read as a letter."""
    shared = np.count_nonzero(box & mask)
    return bool(shared * 2 > np.count_nonzero(box) or (shared > 0 and shared * 2 > np.count_nonzero(mask)))


def _overlaps(box: Mask, others: Mask) -> bool:
    return bool(np.count_nonzero(box & others) >= _SAME_PLACE * np.count_nonzero(box))


def _covered(readings: Iterable[Reading], mask: Mask) -> Mask:
    painted = np.zeros(mask.shape, np.uint8)
    for reading in readings:
        cv2.fillPoly(painted, [np.rint(reading.corners).astype(np.int32)], 1)
    return painted > 0
