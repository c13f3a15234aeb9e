"""A wider frame holds the whole photo, byte for byte, in the format asked for, and is no larger than it must be."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.imaging.canvases import EMPTY, carried_on, widen, widened_shape

ASPECTS = st.sampled_from(
    [Fraction(16, 9), Fraction(9, 16), Fraction(2, 3), Fraction(4, 5), Fraction(1), Fraction(3, 2)]
)
SIDES = st.integers(min_value=1, max_value=90)
PLACES = st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1)])


@given(height=SIDES, width=SIDES, aspect=ASPECTS, place=PLACES)
def test_the_photo_stands_in_it_unchanged_and_all_else_is_empty(
    height: int, width: int, aspect: Fraction, place: Fraction
) -> None:
    photo = np.random.default_rng(1).integers(0, 100, (height, width, 3), np.uint8)
    canvas = widen(photo, aspect, place)
    assert canvas.image.shape[:2] == canvas.kept.shape == widened_shape((height, width), aspect)
    np.testing.assert_array_equal(canvas.image[canvas.kept].reshape(photo.shape), photo)
    assert np.all(canvas.image[~canvas.kept] == EMPTY)


@given(height=SIDES, width=SIDES, aspect=ASPECTS)
def test_one_side_is_the_photos_and_the_other_the_least_that_gives_the_format(
    height: int, width: int, aspect: Fraction
) -> None:
    tall, wide = widened_shape((height, width), aspect)
    assert tall >= height
    assert wide >= width
    assert tall == height or wide == width
    if wide == width:
        assert Fraction(wide, tall) <= aspect < Fraction(wide, tall - 1) if tall > 1 else True
    if tall == height and wide > width:
        assert Fraction(wide - 1, tall) < aspect <= Fraction(wide, tall)


@pytest.mark.parametrize(("place", "column"), [(Fraction(0), 0), (Fraction(1, 2), 3), (Fraction(1), 6)])
def test_place_says_how_much_of_the_room_is_before_the_photo(place: Fraction, column: int) -> None:
    kept = widen(np.zeros((10, 4, 3), np.uint8), Fraction(1), place).kept
    assert np.flatnonzero(kept[0])[0] == column


def test_what_is_given_goes_on_to_the_edge_and_stays_as_it_was() -> None:
    photo = np.zeros((40, 30, 3), np.uint8)
    photo[:20], photo[20:] = (200, 180, 160), (90, 60, 30)
    canvas = widen(photo, Fraction(16, 9), Fraction(1, 2))
    filled = carried_on(canvas.image, canvas.kept)
    np.testing.assert_array_equal(filled[canvas.kept], canvas.image[canvas.kept])
    assert np.abs(filled[2, 0].astype(int) - (200, 180, 160)).max() <= 3
    assert np.abs(filled[-3, -1].astype(int) - (90, 60, 30)).max() <= 3
