"""Smaller copies for lists and screens."""

import cv2
import numpy as np

from generation.contracts import Image

THUMB = 256
FIT = 1280


def make_preview(image: Image, longest: int) -> Image:
    """Scale down so that the longest side has `longest` pixels; a picture that is small already comes back equal."""
    height, width = image.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return image.copy()
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
