import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from generation.contracts import Mask
from generation.imaging.framing import enlarge, model_shape, shrink, shrink_mask


@pytest.mark.parametrize(
    ("size", "longest", "expected"),
    [
        ((1000, 1000), 256, (256, 256)),
        ((3000, 4000), 512, (384, 512)),
        ((800, 100), 256, (256, 32)),
        ((64, 64), 256, (256, 256)),
        ((999, 1500), 1000, (672, 992)),
    ],
)
def test_the_model_shape_keeps_proportions_in_whole_blocks(
    size: tuple[int, int], longest: int, expected: tuple[int, int]
) -> None:
    assert model_shape(*size, longest) == expected


@settings(max_examples=200, deadline=None)
@given(
    mask=arrays.arrays(np.bool_, st.tuples(st.integers(1, 30), st.integers(1, 30))),
    shape=st.tuples(st.integers(1, 40), st.integers(1, 40)),
)
def test_a_shrunk_mask_never_loses_a_product_pixel(mask: Mask, shape: tuple[int, int]) -> None:
    small = shrink_mask(mask, shape)
    assert small.shape == shape
    expected = np.zeros(shape, bool)
    for row, column in np.ndindex(*shape):
        top, bottom = row * mask.shape[0] // shape[0], -(-(row + 1) * mask.shape[0] // shape[0])
        left, right = column * mask.shape[1] // shape[1], -(-(column + 1) * mask.shape[1] // shape[1])
        expected[row, column] = mask[top:bottom, left:right].any()
    assert np.array_equal(small, expected)


def test_one_lone_pixel_survives_a_sixteenfold_shrink() -> None:
    mask = np.zeros((1024, 1024), bool)
    mask[700, 333] = True
    assert shrink_mask(mask, (64, 64)).sum() == 1


def test_shrinking_averages_and_enlarging_keeps_flat_colours() -> None:
    checks = np.indices((64, 64)).sum(axis=0) % 2 * 200
    image = np.repeat(checks[..., None], 3, axis=2).astype(np.uint8)
    assert np.abs(shrink(image, (16, 16)).astype(int) - 100).max() <= 1
    flat = np.full((32, 48, 3), (10, 120, 250), np.uint8)
    assert np.array_equal(enlarge(flat, (96, 144)), np.full((96, 144, 3), (10, 120, 250), np.uint8))
