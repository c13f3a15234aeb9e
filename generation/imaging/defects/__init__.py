"""INJECTORS: known damage, done on purpose, to teach and to test the judges. One file per kind."""

from collections.abc import Callable

import numpy as np

from generation.contracts import Image, Mask
from generation.imaging.defects.blur import blur
from generation.imaging.defects.floating import floating
from generation.imaging.defects.halo import halo
from generation.imaging.defects.hue_shift import hue_shift
from generation.imaging.defects.noise import noise
from generation.imaging.defects.seam import seam

Injector = Callable[[Image, Mask, Image, np.random.Generator, float], Image]
"""(source, mask, candidate, rng, strength 0..1) -> a damaged copy of the candidate; all share one shape.

The same generator state gives the same bytes, and strength 0 the mildest form, not an untouched picture.
"""

INJECTORS: dict[str, Injector] = {
    "hue_shift": hue_shift,
    "halo": halo,
    "blur": blur,
    "seam": seam,
    "floating": floating,
    "noise": noise,
}
