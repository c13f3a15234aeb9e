"""A mask as polygons, to be drawn as a line at any size."""

import cv2
import numpy as np
import numpy.typing as npt

from generation.contracts import Mask

Polygon = list[list[float]]
"""[x, y] in shares of the picture's width and height."""

MOST_POINTS = 2000
_WORKING_SIDE = 1536
_FINEST = 0.6
_COARSER = 1.5
_COARSEST = 24.0
_DECIMALS = 5

_Line = npt.NDArray[np.int32]


def outline_polygons(mask: Mask, most_points: int = MOST_POINTS) -> list[Polygon]:
    """Return the outlines of a mask's parts and of their holes, the longest first, in `most_points` points or fewer.

    Filled by the even-odd rule they give the mask again, but for corners that were cut by less than a few thousandths
    of the picture. A mask of so many specks that no simpler line would do loses the smallest ones.
    """
    height, width = mask.shape
    scale = _WORKING_SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    grown = cv2.resize(
        mask.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST
    )
    found, _levels = cv2.findContours((grown > 127).astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    lines = sorted((np.asarray(line[:, 0], np.int32) for line in found if len(line) > 2), key=len, reverse=True)
    tolerance = _FINEST
    simple = _simplified(lines, tolerance)
    while sum(map(len, simple)) > most_points and tolerance < _COARSEST:
        tolerance *= _COARSER
        simple = _simplified(lines, tolerance)
    # A pixel's middle lies half a pixel behind its corner.
    return [((line + 0.5) / size).round(_DECIMALS).tolist() for line in _first(simple, most_points)]


def _simplified(lines: list[_Line], tolerance: float) -> list[_Line]:
    simple = (np.asarray(cv2.approxPolyDP(line, tolerance, closed=True)[:, 0], np.int32) for line in lines)
    return [line for line in simple if len(line) > 2]


def _first(lines: list[_Line], most_points: int) -> list[_Line]:
    """Return the first lines that stay within the number of points."""
    totals = np.cumsum([len(line) for line in lines])
    return lines[: int(np.searchsorted(totals, most_points, side="right"))]
