"""What may be wrong with a mask, as named notes beside the photo. They warn; a person decides."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np

from generation.contracts import Image, Mask
from generation.contracts import gettext_noop as _
from generation.imaging.mask_shapes import label_parts
from generation.imaging.previews import make_preview

WORKING_SIDE = 768
_PART = 0.005
_HOLE = 0.002
_SMALLEST, _LARGEST = 0.01, 0.75
_CUT_OFF = 0.02
_RAGGED = 0.25
_EDGE_REACH = 2
_EDGE_STRENGTH = 6.0
_ON_EDGE = 0.65


@dataclass(frozen=True)
class MaskNote:
    """`code` is stable; `message` is a translatable sentence whose named % fields `params` fills."""

    code: str
    message: str
    params: dict[str, Any] = field(default_factory=dict)


def check_mask(photo: Image, mask: Mask) -> list[MaskNote]:
    """Return what a person should look at again; `photo` and `mask` share one shape.

    Measured at most 768 pixels a side, where the figures below were measured (docs/decisions/0009-masks.md).
    """
    shown = make_preview(photo, WORKING_SIDE)
    size = (shown.shape[1], shown.shape[0])
    covered = cv2.resize(mask.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA) > 127
    if not covered.any() or covered.all():
        return []
    return [*_size(covered), *_cut_off(covered), *_pieces(covered), *_outline(shown, covered)]


def _size(mask: Mask) -> Iterator[MaskNote]:
    share = float(mask.mean())
    if share < _SMALLEST:
        yield MaskNote(
            "small", _("The mask covers only %(share)s %% of the photo. Is this the whole product?"), _percent(share)
        )
    if share > _LARGEST:
        yield MaskNote(
            "large", _("The mask covers %(share)s %% of the photo, which leaves little scene to paint."),
            _percent(share),
        )  # fmt: skip


def _cut_off(mask: Mask) -> Iterator[MaskNote]:
    sides = (mask[0], mask[-1], mask[:, 0], mask[:, -1])
    if any(float(side.mean()) > _CUT_OFF for side in sides):
        yield MaskNote(
            "cut_off", _("The product touches the edge of the photo. What is cut off there cannot be painted.")
        )


def _pieces(mask: Mask) -> Iterator[MaskNote]:
    _labels, sizes = label_parts(mask)
    large = int((sizes >= sizes.max() * _PART).sum())
    if large > 1:
        yield MaskNote("parts", _("The mask has %(count)d separate parts. Is each of them product?"), {"count": large})
    if len(sizes) > large:
        yield MaskNote(
            "specks", _("Small specks beside the mask: %(count)d. Erase them."), {"count": len(sizes) - large}
        )
    gaps, gap_sizes = label_parts(~mask)
    outside = np.unique(np.concatenate([gaps[0], gaps[-1], gaps[:, 0], gaps[:, -1]]))
    inner = np.delete(gap_sizes, [label - 1 for label in outside if label])
    holes = int((inner >= sizes.max() * _HOLE).sum())
    if holes:
        yield MaskNote(
            "holes", _("Holes in the mask: %(count)d. Scene will be painted in them, as behind a handle."),
            {"count": holes},
        )  # fmt: skip


def _outline(photo: Image, mask: Mask) -> Iterator[MaskNote]:
    if raggedness(mask) > _RAGGED:
        yield MaskNote("ragged", _("The outline is ragged. Go over it with the brush, or cut the product out anew."))
    if share_on_edges(photo, mask) < _ON_EDGE:
        yield MaskNote(
            "off_edge", _("Much of the outline lies where the photo shows no edge. Is the mask in the right place?")
        )


def raggedness(mask: Mask) -> float:
    """Return how many pixels a 9 x 9 median changes, per pixel of the smoothed outline."""
    shape = mask.astype(np.uint8)
    smooth = np.asarray(cv2.medianBlur(shape, 9), np.uint8)
    length = int(np.count_nonzero(_ring(smooth)))
    return int(np.count_nonzero(smooth != shape)) / max(length, 1)


def share_on_edges(photo: Image, mask: Mask) -> float:
    """Return the share of the outline within 2 pixels of an edge of the photo.

    An edge is where brightness or colour (8-bit CIELAB) changes twice as much as near the median pixel, and by at
    least 6 of 255 across two pixels.
    """
    bands = cv2.split(cv2.cvtColor(cv2.GaussianBlur(photo, (0, 0), 1.0), cv2.COLOR_RGB2LAB))
    changes = [np.hypot(cv2.Sobel(band, cv2.CV_32F, 1, 0), cv2.Sobel(band, cv2.CV_32F, 0, 1)) / 4 for band in bands]
    change = np.max(changes, axis=0)
    near = cv2.dilate(change, np.ones((2 * _EDGE_REACH + 1,) * 2, np.uint8))
    ring = _ring(mask.astype(np.uint8))
    ring[[0, -1]] = ring[:, [0, -1]] = False  # the photo's own border is no edge of the product
    if not ring.any():
        return 1.0
    return float((near[ring] > max(_EDGE_STRENGTH, 2 * float(np.median(near)))).mean())


def _ring(shape: "np.ndarray[Any, np.dtype[np.uint8]]") -> Mask:
    ring: Mask = cv2.morphologyEx(shape, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    return ring


def _percent(share: float) -> dict[str, Any]:
    return {"share": f"{share * 100:.1f}" if share < 0.1 else f"{share * 100:.0f}"}
