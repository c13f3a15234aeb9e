"""How far a model strayed inside the product, as a picture to lay over a candidate."""

import cv2
import numpy as np
import numpy.typing as npt

from generation.contracts import Image, Mask
from generation.imaging.colour import ciede2000, srgb_to_lab
from generation.imaging.framing import capped_shape, shrink

LONGEST = 512
NEUTRAL = 128
"""Grey where nothing differs: under the blend mode `hard-light` it leaves the picture below as it is."""

BRIGHTEST = 30.0
"""CIEDE2000 at which the ramp ends; about 1 is just visible, and 12 on average breaks a limit."""

# From neutral over amber to pale yellow: lightness rises all the way, and blue against yellow is what people with a
# weakness for red and green see as others do.
_STOPS = ((0.0, (NEUTRAL, NEUTRAL, NEUTRAL)), (0.25, (166, 132, 84)), (0.6, (226, 152, 24)), (1.0, (255, 236, 92)))


def heat_map(source: Image, mask: Mask, raw: Image) -> Image:
    """Paint the colour difference between the product and what the model drew in its place.

    The three share one shape; the map is at most LONGEST pixels a side. Pixels that are not wholly product are neutral:
    there the old scene and the new one would be compared.
    """
    shape = capped_shape((mask.shape[0], mask.shape[1]), LONGEST)
    covered = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1) * 255
    inside = cv2.resize(covered, (shape[1], shape[0]), interpolation=cv2.INTER_AREA) == 255
    painted: Image = np.full((*shape, 3), NEUTRAL, np.uint8)
    differences = ciede2000(*(srgb_to_lab(shrink(image, shape)[inside]) for image in (source, raw)))
    painted[inside] = RAMP[np.clip(differences / BRIGHTEST * 255, 0, 255).astype(np.uint8)]
    return painted


def _ramp() -> npt.NDArray[np.uint8]:
    places = [place for place, _colour in _STOPS]
    colours = np.array([colour for _place, colour in _STOPS])
    bands = [np.interp(np.linspace(0, 1, 256), places, colours[:, band]) for band in range(3)]
    return np.asarray(np.rint(np.stack(bands, axis=1)), dtype=np.uint8)


RAMP = _ramp()
"""256 x 3: from no difference to BRIGHTEST."""
