"""The outline of a mask: made smooth at another size, and rid of specks."""

import cv2
import numpy as np
import numpy.typing as npt

from generation.contracts import Mask

_SPECK = 0.004


def enlarge_mask(small: Mask, shape: tuple[int, int]) -> Mask:
    """Return `small` at `shape` (height, width) with a smooth outline instead of its stairs.

    Following the photo's edges at full resolution (a guided filter) was tried: docs/decisions/0009-masks.md.
    """
    if small.shape == shape:
        return small
    height, width = shape
    soft = cv2.resize(small.astype(np.uint8) * 255, (width, height), interpolation=cv2.INTER_CUBIC)
    grain = max(shape) / max(small.shape)
    return np.asarray(cv2.GaussianBlur(soft, (0, 0), max(0.5, grain)) > 127, np.bool_)


def without_specks(mask: Mask) -> Mask:
    """Return `mask` without parts, and without holes, smaller than 0.4 % of the largest part."""
    parts, sizes = label_parts(mask)
    if not len(sizes):
        return mask
    least = sizes.max() * _SPECK
    kept: Mask = np.concatenate([[False], sizes >= least])[parts]
    gaps, gap_sizes = label_parts(~kept)
    filled: Mask = kept | np.concatenate([[False], gap_sizes < least])[gaps]
    return filled


def label_parts(mask: Mask) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Return each pixel's part (0 outside of the mask), and the sizes of parts 1, 2, ... in pixels."""
    _count, labels, stats, _centres = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    return np.asarray(labels, np.int32), stats[1:, cv2.CC_STAT_AREA].astype(np.int64)
