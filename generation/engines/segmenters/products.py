"""What the segmenters share: what a mask must be before it is anybody's proposal."""

import numpy as np

from generation.contracts import EngineError, Mask, Rectangle
from generation.contracts import gettext_noop as _
from generation.imaging.mask_shapes import without_specks


def keep_within(mask: Mask, rectangle: Rectangle | None) -> Mask:
    """Return `mask` with everything outside of `rectangle` taken away."""
    if rectangle is None:
        return mask
    height, width = mask.shape
    kept = np.zeros_like(mask)
    rows = slice(int(rectangle.top * height), round(rectangle.bottom * height))
    columns = slice(int(rectangle.left * width), round(rectangle.right * width))
    kept[rows, columns] = mask[rows, columns]
    return kept


def require_product(mask: Mask) -> Mask:
    """Return `mask` without specks. Raises EngineError(permanent=True) when nothing or everything is product."""
    cleaned = without_specks(mask)
    if not cleaned.any() or cleaned.all():
        raise EngineError(_("No product was found in this photo. Draw a rectangle around it."), permanent=True)
    return cleaned
