"""The heat map: neutral where nothing differs, ever lighter where more does, and the same to every eye."""

import numpy as np
import numpy.typing as npt

from generation.imaging.colour import srgb_to_lab
from generation.imaging.heatmaps import LONGEST, NEUTRAL, RAMP, heat_map
from generation.tests.image_cast import product_photo

# Linear sRGB of a person without red or without green cones: F. Viénot, H. Brettel, J. D. Mollon, "Digital Video
# Colourmaps for Checking the Legibility of Displays by Dichromats", Color Research and Application 24(4), 1999.
_NO_RED = np.array([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]])
_NO_GREEN = np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]])


def seen(without: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    return np.rint(255 * np.clip((RAMP / 255) ** 2.2 @ without.T, 0, 1) ** (1 / 2.2)).astype(np.uint8)


def test_the_same_product_is_neutral_everywhere() -> None:
    photo, mask = product_photo(300, 400)
    assert (heat_map(photo, mask, photo) == NEUTRAL).all()


def test_a_spot_glows_where_it_is_and_only_inside_the_product() -> None:
    photo, mask = product_photo(300, 400)
    raw = np.full_like(photo, 0)
    raw[mask] = photo[mask]
    raw[150:180, 190:210] = (20, 250, 20)
    painted = heat_map(photo, mask, raw)
    assert tuple(painted[165, 200]) == tuple(RAMP[-1])
    assert (painted[~mask] == NEUTRAL).all()
    assert (painted[220:240, 180:220] == NEUTRAL).all()


def test_it_is_small() -> None:
    photo, mask = product_photo(1024, 2048)
    assert heat_map(photo, mask, photo).shape == (LONGEST // 2, LONGEST, 3)


def test_more_difference_is_lighter_and_further_from_neutral_for_everybody() -> None:
    for ramp in (RAMP, seen(_NO_RED), seen(_NO_GREEN)):
        lab = srgb_to_lab(ramp).astype(np.float64)[::15]
        from_neutral = np.linalg.norm(lab - lab[0], axis=1)
        assert (np.diff(lab[:, 0]) > 0).all()
        assert (np.diff(from_neutral) > 0).all()
        assert from_neutral[-1] > 60
