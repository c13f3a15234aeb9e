"""Canvases: a photo laid out larger, so that what lies beyond its frame can be painted."""

from fractions import Fraction

import cv2
import numpy as np

from generation.contracts import Canvas, Image, Mask

Shape = tuple[int, int]

EMPTY = 128
"""The grey of what is not painted yet."""


def widened_shape(photo: Shape, aspect: Fraction) -> Shape:
    """Return (height, width) of the smallest frame of `aspect` (width : height) that holds the whole photo.

    One side stays the photo's own, the other is rounded up to a whole pixel.
    """
    height, width = photo
    if Fraction(width, height) > aspect:
        return -(-width * aspect.denominator // aspect.numerator), width
    return height, -(-height * aspect.numerator // aspect.denominator)


def widen(photo: Image, aspect: Fraction, place: Fraction) -> Canvas:
    """Lay the photo into the frame of `aspect`. `place` of the room that is gained is above it, or left of it."""
    height, width = photo.shape[:2]
    frame = widened_shape((height, width), aspect)
    top, left = (int((whole - part) * place) for whole, part in zip(frame, (height, width), strict=True))
    image = np.full((*frame, 3), EMPTY, np.uint8)
    kept = np.zeros(frame, np.bool_)
    there = (slice(top, top + height), slice(left, left + width))
    image[there], kept[there] = photo, True
    return Canvas(image, kept)


def carried_on(image: Image, kept: Mask) -> Image:
    """Return the picture with what is not kept filled from the nearest kept pixels, the softer the farther away.

    A photo of a table before a wall goes on as a table before a wall: a start for painting, not a result.
    """
    rows, columns = np.flatnonzero(kept.any(axis=1)), np.flatnonzero(kept.any(axis=0))
    box = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    known = cv2.GaussianBlur(image[box], (0, 0), max(1.0, max(image[box].shape[:2]) / 40))
    height, width = kept.shape
    beyond = (int(rows[0]), height - 1 - int(rows[-1]), int(columns[0]), width - 1 - int(columns[-1]))
    filled = cv2.copyMakeBorder(known, *beyond, cv2.BORDER_REPLICATE)
    softened = cv2.GaussianBlur(filled, (0, 0), max(1.0, max(height, width) / 60))
    return np.where(kept[..., None], image, softened).astype(np.uint8)
