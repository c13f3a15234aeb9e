"""Between the photo's full resolution and the size a model paints at."""

import cv2
import numpy as np
import numpy.typing as npt

from generation.contracts import Image, Mask

_ROUNDING = 16


def model_shape(height: int, width: int, longest: int, multiple: int = 32) -> tuple[int, int]:
    """Return (height, width) with the source's proportions, as near as multiples of `multiple` allow.

    The longest side becomes `longest` (rounded to the multiple): a model paints best at the size it was taught, so a
    small source is enlarged too.
    """
    scale = longest / max(height, width)
    return _to_multiple(height * scale, multiple), _to_multiple(width * scale, multiple)


def capped_shape(shape: tuple[int, int], longest: int) -> tuple[int, int]:
    """Return (height, width) with the same proportions and no side above `longest`."""
    scale = min(1.0, longest / max(shape))
    return max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale))


def is_framed_alike(shape: tuple[int, int], photo: tuple[int, int]) -> bool:
    """Whether a picture of `shape` (height, width) has the photo's proportions, but for rounding.

    Models paint sides that are multiples of up to 32 pixels, so the shorter side may be 16 off; of a small picture,
    a sixteenth of the longer one.
    """
    longer = 0 if photo[0] >= photo[1] else 1
    exact = shape[longer] * photo[1 - longer] / photo[longer]
    return abs(shape[1 - longer] - exact) <= min(_ROUNDING, shape[longer] / _ROUNDING)


def shrink(image: Image, shape: tuple[int, int]) -> Image:
    """Resize to `shape` (height, width), every source pixel counting by its area."""
    return _resize(image, shape)


def enlarge(image: Image, shape: tuple[int, int]) -> Image:
    """Resize to `shape` (height, width) with Lanczos; a side that gets smaller is averaged by area."""
    return _resize(image, shape)


def shrink_mask(mask: Mask, shape: tuple[int, int]) -> Mask:
    """Resize to `shape` (height, width); a pixel is product as soon as any source pixel it touches is.

    A model that may paint a pixel which is half product would paint over the product.
    """
    return _any_within(_any_within(mask, shape[0]).T, shape[1]).T.copy()


def _resize(image: Image, shape: tuple[int, int]) -> Image:
    height, width = shape
    smaller = height * width < image.shape[0] * image.shape[1]
    interpolation = cv2.INTER_AREA if smaller else cv2.INTER_LANCZOS4
    return np.asarray(cv2.resize(image, (width, height), interpolation=interpolation), dtype=np.uint8)


def _any_within(mask: Mask, rows: int) -> Mask:
    """For each of `rows` equal bands, whether any of the mask's rows that the band touches is set, per column."""
    height = mask.shape[0]
    band: npt.NDArray[np.int64] = np.arange(rows)
    starts = band * height // rows
    ends = -(-(band + 1) * height // rows)
    # reduceat takes [start, end) from neighbouring indices; the extra row lets `end` stand behind the last one.
    padded = np.vstack([mask, np.zeros_like(mask[:1])])
    edges = np.stack([starts, ends], axis=1).ravel()
    within: Mask = np.logical_or.reduceat(padded, edges, axis=0)[::2]
    return within


def _to_multiple(length: float, multiple: int) -> int:
    return max(multiple, round(length / multiple) * multiple)
