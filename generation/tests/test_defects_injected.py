import cv2
import numpy as np
import pytest

from generation.contracts import Image, Mask
from generation.imaging.compositing import compose
from generation.imaging.defects import INJECTORS
from generation.imaging.fidelity import changed_bytes, raw_fidelity
from generation.tests.image_cast import product_photo, table_scene


@pytest.fixture(scope="module")
def clean() -> tuple[Image, Mask, Image]:
    source, mask = product_photo()
    return source, mask, compose(source, mask, table_scene(seed=2))[1]


def damaged(name: str, case: tuple[Image, Mask, Image], strength: float, seed: int = 5) -> Image:
    return INJECTORS[name](*case, np.random.default_rng(seed), strength)


@pytest.mark.parametrize("name", INJECTORS)
@pytest.mark.parametrize("strength", [0.0, 0.5, 1.0])
def test_every_injector_repeats_keeps_the_shape_and_its_inputs(
    name: str, strength: float, clean: tuple[Image, Mask, Image]
) -> None:
    before = [array.copy() for array in clean]
    first = damaged(name, clean, strength)
    assert np.array_equal(first, damaged(name, clean, strength))
    assert first.shape == clean[2].shape
    assert first.dtype == np.uint8
    assert not np.array_equal(first, clean[2])
    assert all(np.array_equal(was, now) for was, now in zip(before, clean, strict=True))


@pytest.mark.parametrize("name", INJECTORS)
def test_more_strength_is_more_damage(name: str, clean: tuple[Image, Mask, Image]) -> None:
    mild, strong = (np.abs(damaged(name, clean, s).astype(int) - clean[2]).mean() for s in (0.0, 1.0))
    assert strong > mild * 1.1


@pytest.mark.parametrize("name", ["halo", "seam"])
def test_scene_damage_leaves_the_product_alone(name: str, clean: tuple[Image, Mask, Image]) -> None:
    source, mask, _ = clean
    hurt = damaged(name, clean, 0.7)
    assert changed_bytes(source, mask, hurt) == 0
    ring = (cv2.dilate(mask.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0) & ~mask
    assert np.abs(hurt[ring].astype(int) - clean[2][ring]).mean() > 15


@pytest.mark.parametrize("name", ["hue_shift", "blur"])
def test_product_damage_leaves_the_scene_alone(name: str, clean: tuple[Image, Mask, Image]) -> None:
    _, mask, candidate = clean
    assert np.array_equal(damaged(name, clean, 0.7)[~mask], candidate[~mask])


def test_a_hue_shift_is_seen_as_colour_and_not_as_structure(clean: tuple[Image, Mask, Image]) -> None:
    source, mask, _ = clean
    mean, _, similarity = raw_fidelity(source, mask, damaged("hue_shift", clean, 0.5))
    assert mean > 12
    assert similarity > 0.75


def test_a_grey_product_is_tinted_too() -> None:
    source = np.full((64, 64, 3), 128, np.uint8)
    mask = np.zeros((64, 64), bool)
    mask[16:48, 16:48] = True
    hurt = damaged("hue_shift", (source, mask, source), 0.5)
    assert raw_fidelity(source, mask, hurt)[0] > 5


def test_blur_takes_the_structure(clean: tuple[Image, Mask, Image]) -> None:
    source, mask, _ = clean
    assert raw_fidelity(source, mask, damaged("blur", clean, 0.5))[2] < 0.5


def test_noise_has_the_stated_deviation(clean: tuple[Image, Mask, Image]) -> None:
    candidate = np.full_like(clean[2], 128)
    assert damaged("noise", (*clean[:2], candidate), 0.25).std() == pytest.approx(20, rel=0.05)


@pytest.mark.parametrize("strength", [0.0, 0.5, 1.0])
def test_floating_lifts_the_whole_product_and_shows_scene_below(
    strength: float, clean: tuple[Image, Mask, Image]
) -> None:
    _, mask, candidate = clean
    hurt = damaged("floating", clean, strength)
    height = int(mask.any(axis=1).sum())

    def mismatch(lift: int) -> float:
        lifted = np.roll(mask, -lift, axis=0)
        return float(np.abs(np.roll(candidate, -lift, axis=0)[lifted].astype(int) - hurt[lifted]).mean())

    lift = min(range(height), key=mismatch)
    assert mismatch(lift) == 0
    assert lift == pytest.approx(height * (0.08 + 0.27 * strength), rel=0.2)
    left_free = mask & ~np.roll(mask, -lift, axis=0)
    assert np.abs(hurt[left_free].astype(int) - candidate[left_free]).mean() > 40


def test_a_product_at_the_upper_edge_floats_as_well() -> None:
    source, mask = product_photo()
    top = int(np.flatnonzero(mask.any(axis=1))[0])
    source, mask = source[top:], mask[top:]
    candidate = compose(source, mask, table_scene(seed=2)[top:])[1]
    hurt = damaged("floating", (source, mask, candidate), 1.0)
    foot = int(np.flatnonzero(mask.any(axis=1))[-1])
    row = mask[foot - 8]
    assert np.abs(hurt[foot - 8][row].astype(int) - source[foot - 8][row]).mean() > 40
