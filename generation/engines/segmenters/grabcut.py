"""A product cut out of a rectangle by its colours: GrabCut (Rother, Kolmogorov and Blake, 2004) as OpenCV has it."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from generation.contracts import EngineError, Image, Mask, ModelFiles, Rectangle, Stroke
from generation.contracts import gettext_noop as _
from generation.engines.runtime import Runtime
from generation.imaging.mask_shapes import enlarge_mask, without_specks
from generation.imaging.previews import make_preview
from generation.imaging.strokes import BRUSH, apply_strokes

_WORKING_SIDE = 640
_ROUNDS = 5
_SEED = 20  # of OpenCV's generator, which starts the colour clusters; any, as long as it stays the same


class GrabCut:
    """Implements `contracts.Segmenter`. Needs a rectangle and no weights."""

    def __init__(self, files: ModelFiles | None, runtime: Runtime) -> None:
        pass

    def segment(self, photo: Image, rectangle: Rectangle | None, hints: Sequence[Stroke] = ()) -> Mask:
        """Cut at most 640 pixels a side, then enlarge with a smooth outline.

        Raises EngineError(permanent=True) without a rectangle, or when nothing in it differs from what is outside.
        """
        if rectangle is None:
            raise EngineError(_("Draw a rectangle around the product first."), permanent=True)
        small = make_preview(photo, _WORKING_SIDE)
        labels = _labels((small.shape[0], small.shape[1]), rectangle, hints)
        cut = without_specks(_cut(small, labels))
        if not cut.any():
            raise EngineError(
                _("Nothing in the rectangle stands out from what is outside. Draw it closer, or use the brush."),
                permanent=True,
            )
        return enlarge_mask(cut, (photo.shape[0], photo.shape[1]))


def _labels(shape: tuple[int, int], rectangle: Rectangle, hints: Sequence[Stroke]) -> npt.NDArray[np.uint8]:
    """Return H x W of GrabCut's labels: background outside the rectangle, perhaps product inside, hints for certain."""
    height, width = shape
    labels = np.full(shape, cv2.GC_BGD, np.uint8)
    rows = slice(int(rectangle.top * height), max(1, round(rectangle.bottom * height)))
    columns = slice(int(rectangle.left * width), max(1, round(rectangle.right * width)))
    labels[rows, columns] = cv2.GC_PR_FGD
    for stroke in hints:
        touched = apply_strokes(np.zeros(shape, np.bool_), [Stroke(BRUSH, stroke.radius, stroke.points)])
        labels[touched] = cv2.GC_FGD if stroke.tool == BRUSH else cv2.GC_BGD
    return labels


def _cut(image: Image, labels: npt.NDArray[np.uint8]) -> Mask:
    background, product = np.zeros((1, 65)), np.zeros((1, 65))
    unused = (0, 0, 1, 1)  # the labels say where the rectangle is
    cv2.setRNGSeed(_SEED)
    try:
        cv2.grabCut(image, labels, unused, background, product, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    except cv2.error as error:
        raise EngineError(
            _("The rectangle and the strokes leave nothing to tell product from background. Draw them anew."),
            permanent=True,
        ) from error
    found: Mask = (labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)
    return found
