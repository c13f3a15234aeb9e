"""A 64-bit fingerprint of what a picture looks like from afar.

The classic DCT hash (C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010): 32 x 32
grey, discrete cosine transform, the 8 x 8 lowest frequencies, one bit each for above or below their median.
"""

import cv2
import numpy as np

from generation.contracts import Image, Mask

BITS = 64
_SIDE = 32
_LOW = 8


def perceptual_hash(image: Image) -> int:
    """Return the hash as an unsigned 64-bit int, the lowest frequency in the highest bit."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    frequencies = cv2.dct(cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA))
    low = frequencies[:_LOW, :_LOW].ravel()
    # The median leaves the first term out: it is the mean brightness and would outweigh all others.
    bits = low > np.median(low[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def scene_hash(image: Image, mask: Mask) -> int:
    """Return the hash of the scene alone: the product, alike in all candidates, would drown what differs.

    Its place takes the mean colour of the scene beside it, row by row, so that a wall and a table stay what they are.
    """
    scene = (~mask).astype(np.float32)
    beside = scene.sum(axis=1)
    means = (image * scene[..., None]).sum(axis=1) / np.maximum(beside, 1)[:, None]
    if beside.any():
        means[beside == 0] = image[~mask].mean(axis=0)
    filled = np.where(mask[..., None], np.rint(means)[:, None], image).astype(np.uint8)
    return perceptual_hash(filled)


def hamming(first: int, second: int) -> int:
    """Return in how many bits, 0..64, two hashes differ."""
    return (first ^ second).bit_count()
