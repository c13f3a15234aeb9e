"""Is there a scene at all?"""

import cv2
import numpy as np

from generation.contracts import Image, Mask
from generation.imaging.colour import srgb_to_lab

_SIDE = 32


def scene_deviation(image: Image, mask: Mask) -> float:
    """Return how far the scene's colours spread around their mean, in CIELAB units; 0 is one flat colour.

    The picture is reduced to 32 pixels first, so grain and noise on an empty wall do not pass for a scene. It is the
    root of the mean squared distance from the mean colour, over the pixels that hold no product.
    """
    small = cv2.resize(image, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    outside = cv2.resize(mask.astype(np.float32), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA) == 0
    if np.count_nonzero(outside) < 2:
        outside = cv2.resize((~mask).astype(np.float32), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA) > 0
    colours = srgb_to_lab(small[outside])
    return float(np.sqrt(((colours - colours.mean(axis=0)) ** 2).sum(axis=1).mean())) if len(colours) else 0.0
