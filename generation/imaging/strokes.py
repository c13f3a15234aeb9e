"""Strokes of a brush and an eraser: read from outside, and replayed on a mask at any resolution."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import cv2
import numpy as np

from generation.contracts import Mask, Rectangle, Stroke
from generation.contracts import gettext_noop as _

BRUSH, ERASER = "brush", "eraser"
MOST_STROKES = 2000
MOST_POINTS = 40_000
LARGEST_RADIUS = 0.25

_FRACTION_BITS = 4
_MARGIN = 0.5
"""How far outside of the photo a stroke may go, in shares: a hand slips over the edge."""


class StrokesRejected(Exception):
    """`code` is stable; `message` is a translatable sentence whose named % fields `params` fills."""

    def __init__(self, code: str, message: str, **params: object) -> None:
        self.code = code
        self.message = message
        self.params = params
        super().__init__(message % params)


def read_strokes(raw: object) -> tuple[Stroke, ...]:
    """Check strokes that came as JSON: `[{"tool": ..., "radius": ..., "points": [[x, y], ...]}, ...]`.

    Raises StrokesRejected.
    """
    if not isinstance(raw, list):
        raise _malformed()
    if len(raw) > MOST_STROKES:
        raise _too_many()
    strokes = tuple(_read_stroke(entry) for entry in raw)
    if sum(len(stroke.points) for stroke in strokes) > MOST_POINTS:
        raise _too_many()
    return strokes


def read_rectangle(raw: object) -> Rectangle:
    """Check a rectangle that came as JSON: `{"left": ..., "top": ..., "right": ..., "bottom": ...}`.

    Raises StrokesRejected.
    """
    if not isinstance(raw, dict) or set(raw) != {"left", "top", "right", "bottom"}:
        raise StrokesRejected("rectangle", _("Give the rectangle as left, top, right and bottom, from 0 to 1."))
    sides = {name: _number(value, 0.0, 1.0) for name, value in raw.items()}
    rectangle = Rectangle(**sides)
    width, height = rectangle.right - rectangle.left, rectangle.bottom - rectangle.top
    if width < 0.01 or height < 0.01:
        raise StrokesRejected("rectangle_small", _("The rectangle is too small. Draw it around the whole product."))
    if width * height > 0.98:
        raise StrokesRejected(
            "rectangle_large", _("The rectangle leaves no background outside. Draw it closer around the product.")
        )
    return rectangle


def apply_strokes(base: Mask, strokes: Sequence[Stroke]) -> Mask:
    """Return `base` after the strokes, one after the other; every pixel that none of them touches keeps its value."""
    canvas = base.astype(np.uint8)
    for stroke in strokes:
        _draw(canvas, stroke, 1 if stroke.tool == BRUSH else 0)
    return canvas.astype(np.bool_)


def _draw(canvas: "np.ndarray[Any, np.dtype[np.uint8]]", stroke: Stroke, value: int) -> None:
    height, width = canvas.shape
    scale = 1 << _FRACTION_BITS
    radius = max(0.5, stroke.radius * max(height, width))
    # A pixel's middle lies half a pixel behind its corner.
    points = [(round((x * width - 0.5) * scale), round((y * height - 0.5) * scale)) for x, y in stroke.points]
    for point in points:
        cv2.circle(canvas, point, round(radius * scale), value, cv2.FILLED, cv2.LINE_8, _FRACTION_BITS)
    for start, end in pairwise(points):
        if start != end:
            cv2.fillConvexPoly(canvas, _band(start, end, radius * scale), value, cv2.LINE_8, _FRACTION_BITS)


def _band(start: tuple[int, int], end: tuple[int, int], reach: float) -> "np.ndarray[Any, np.dtype[np.int32]]":
    """Return the four corners of what a round brush covers between two points, without its ends."""
    along = np.array([end[0] - start[0], end[1] - start[1]], np.float64)
    across = np.array([-along[1], along[0]]) / np.hypot(*along) * reach
    corners = [start + across, end + across, end - across, start - across]
    return np.rint(corners).astype(np.int32)


def _read_stroke(raw: object) -> Stroke:
    if not isinstance(raw, dict) or set(raw) != {"tool", "radius", "points"} or raw["tool"] not in (BRUSH, ERASER):
        raise _malformed()
    points = raw["points"]
    if not isinstance(points, list) or not points:
        raise _malformed()
    if len(points) > MOST_POINTS:
        raise _too_many()
    return Stroke(
        tool=raw["tool"],
        radius=_number(raw["radius"], 0.0, LARGEST_RADIUS),
        points=tuple(_read_point(point) for point in points),
    )


def _read_point(raw: object) -> tuple[float, float]:
    if not isinstance(raw, list) or len(raw) != 2:
        raise _malformed()
    return _number(raw[0], -_MARGIN, 1 + _MARGIN), _number(raw[1], -_MARGIN, 1 + _MARGIN)


def _number(raw: object, least: float, most: float) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
        raise _malformed()
    if not least <= raw <= most:
        raise StrokesRejected("out_of_range", _("A stroke or rectangle lies outside of the photo. Draw it again."))
    return float(raw)


def _malformed() -> StrokesRejected:
    return StrokesRejected("strokes", _("The strokes cannot be read. Reload the page; what you have drawn is kept."))


def _too_many() -> StrokesRejected:
    return StrokesRejected(
        "too_many_strokes",
        _("These are too many strokes for one mask (%(strokes)d, or %(points)d points). Save in between."),
        strokes=MOST_STROKES,
        points=MOST_POINTS,
    )
