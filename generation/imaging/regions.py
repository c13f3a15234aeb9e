"""From flagged pixels to a few boxes that a person can look at."""

import cv2
import numpy as np
import numpy.typing as npt

from generation.contracts import Mask, Region
from generation.imaging.framing import capped_shape, shrink_mask

MOST = 12
_GRID = 256
_DECIMALS = 4
_MARGIN = 1


def regions_around(flags: Mask, most: int = MOST) -> list[Region]:
    """Return at most `most` boxes that hold every flagged pixel, the largest first; none where nothing is flagged.

    Flags that lie near one another share a box. How near that is grows until the boxes are few enough, so grain all
    over a product becomes one box and two spots stay two. A box within another is left out.
    """
    if not flags.any():
        return []
    cells = shrink_mask(flags, capped_shape((flags.shape[0], flags.shape[1]), _GRID))
    reach = 1
    while True:
        joined = cv2.dilate(cells.astype(np.uint8), np.ones((2 * reach + 1,) * 2, np.uint8))
        count, labels = cv2.connectedComponents(joined, connectivity=8)
        if count - 1 <= most:
            break
        reach *= 2
    boxes = [_box(cells & (labels == label)) for label in range(1, count)]
    kept = [box for box in boxes if not any(_holds(other, box) for other in boxes if other is not box)]
    regions = [_region(box, cells.shape) for box in dict.fromkeys(kept)]
    return sorted(regions, key=lambda region: -region.width * region.height)


def regions_along(points: npt.NDArray[np.float32], shape: tuple[int, ...]) -> list[Region]:
    """Return boxes around places (x, y) in pixels of a picture of `shape`, N x 2, as `regions_around` does."""
    grid = capped_shape((shape[0], shape[1]), _GRID)
    flags = np.zeros(grid, np.bool_)
    x = np.clip(points[:, 0] * grid[1] / shape[1], 0, grid[1] - 1).astype(np.int64)
    y = np.clip(points[:, 1] * grid[0] / shape[0], 0, grid[0] - 1).astype(np.int64)
    flags[y, x] = True
    return regions_around(flags)


def placed(regions: list[Region], window: tuple[slice, slice], shape: tuple[int, ...]) -> list[Region]:
    """Return regions of a window as regions of the whole picture of `shape`."""
    height, width = shape[0], shape[1]
    top, left = window[0].start, window[1].start
    tall, wide = min(window[0].stop, height) - top, min(window[1].stop, width) - left
    return [
        _within(
            (left + region.x * wide) / width,
            (top + region.y * tall) / height,
            (left + (region.x + region.width) * wide) / width,
            (top + (region.y + region.height) * tall) / height,
        )
        for region in regions
    ]


_Box = tuple[int, int, int, int]
"""left, top, right, bottom in cells; the last two are one beyond."""


def _box(cells: Mask) -> _Box:
    rows, columns = np.flatnonzero(cells.any(axis=1)), np.flatnonzero(cells.any(axis=0))
    height, width = cells.shape
    return (
        max(0, int(columns[0]) - _MARGIN), max(0, int(rows[0]) - _MARGIN),
        min(width, int(columns[-1]) + 1 + _MARGIN), min(height, int(rows[-1]) + 1 + _MARGIN),
    )  # fmt: skip


def _holds(outer: _Box, inner: _Box) -> bool:
    is_within = outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]
    return is_within and outer != inner


def _region(box: _Box, shape: tuple[int, ...]) -> Region:
    height, width = shape[0], shape[1]
    return _within(box[0] / width, box[1] / height, box[2] / width, box[3] / height)


def _within(left: float, top: float, right: float, bottom: float) -> Region:
    """Round outwards, so that what was held stays held, and keep it on the picture."""
    steps = 10**_DECIMALS
    x, y = max(0, int(np.floor(left * steps))), max(0, int(np.floor(top * steps)))
    end_x, end_y = min(steps, int(np.ceil(right * steps))), min(steps, int(np.ceil(bottom * steps)))
    return Region(x / steps, y / steps, (end_x - x) / steps, (end_y - y) / steps)
