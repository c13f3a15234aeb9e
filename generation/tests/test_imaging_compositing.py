import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from generation.contracts import Image, Mask
from generation.imaging.compositing import compose, feather_width, paste_product
from generation.imaging.fidelity import changed_bytes
from generation.tests.image_cast import product_photo, table_scene


@st.composite
def photo_mask_and_scene(draw: st.DrawFn) -> tuple[Image, Mask, Image]:
    height, width = draw(st.integers(3, 40)), draw(st.integers(3, 40))
    mask = draw(arrays.arrays(np.bool_, (height, width)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    source, scene = rng.integers(0, 256, (2, height, width, 3), dtype=np.uint8)
    return source, mask, scene


@settings(max_examples=200, deadline=None)
@given(case=photo_mask_and_scene(), feather=st.floats(0, 6))
def test_every_product_byte_is_the_source_and_the_far_scene_is_untouched(
    case: tuple[Image, Mask, Image], feather: float
) -> None:
    source, mask, scene = case
    pasted = paste_product(source, mask, scene, feather)
    assert np.array_equal(pasted[mask], source[mask])
    inside = np.argwhere(mask)
    for row, column in np.argwhere(~mask):
        if not len(inside) or np.hypot(*(inside - (row, column)).T).min() > feather + 0.5:
            assert np.array_equal(pasted[row, column], scene[row, column])


@settings(max_examples=60, deadline=None)
@given(case=photo_mask_and_scene(), shape=st.tuples(st.integers(2, 20), st.integers(2, 20)))
def test_two_stage_composition_keeps_every_product_byte(
    case: tuple[Image, Mask, Image], shape: tuple[int, int]
) -> None:
    source, mask, scene = case
    small, full = compose(source, mask, np.resize(scene, (*shape, 3)))
    assert small.shape == (*shape, 3)
    assert full.shape == source.shape
    assert changed_bytes(source, mask, full) == 0


@settings(max_examples=60, deadline=None)
@given(case=photo_mask_and_scene(), feather=st.floats(0, 6))
def test_the_old_background_never_leaks(case: tuple[Image, Mask, Image], feather: float) -> None:
    source, mask, scene = case
    other = source.copy()
    other[~mask] = 255 - other[~mask]
    assert np.array_equal(paste_product(source, mask, scene, feather), paste_product(other, mask, scene, feather))
    for one, two in zip(compose(source, mask, scene[::2, ::2]), compose(other, mask, scene[::2, ::2]), strict=True):
        assert np.array_equal(one, two)


def test_the_feather_fades_outwards_from_product_to_scene() -> None:
    source = np.full((9, 40, 3), 200, np.uint8)
    mask = np.zeros((9, 40), bool)
    mask[:, :20] = True
    row = paste_product(source, mask, np.zeros_like(source), 4.0)[4, :, 0].astype(int)
    assert (row[:20] == 200).all()
    assert (np.diff(row[19:26]) <= 0).all()
    assert 0 < row[22] < 200
    assert (row[25:] == 0).all()


def test_the_small_composite_shows_the_product() -> None:
    source, mask = product_photo(384, 512)
    raw = table_scene(192, 256)
    small, full = compose(source, mask, raw)
    assert np.abs(small[105, 128].astype(int) - source[209:213, 255:259].mean(axis=(0, 1))).max() < 40
    assert np.array_equal(small[5, 5], raw[5, 5])
    assert np.abs(full[10:380, 5:20].astype(int).mean(axis=(0, 1)) - raw[5:190, 3:10].mean(axis=(0, 1))).max() < 6


@pytest.mark.parametrize(("longest", "feather"), [(256, 1.0), (1280, 2.0), (6000, 3.0)])
def test_the_feather_grows_with_the_picture_up_to_three_pixels(longest: int, feather: float) -> None:
    assert feather_width((100, longest)) == feather
