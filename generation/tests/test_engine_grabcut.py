"""Cutting a product out of a rectangle: near the exact mask on plain backgrounds, the same every time."""

import numpy as np
import pytest

from generation.contracts import EngineError, Image, Mask, Rectangle, Stroke
from generation.engines.loading import load_segmenter
from generation.engines.runtime import Runtime
from generation.imaging.mask_shapes import enlarge_mask, without_specks
from generation.tests.image_cast import product_photo
from generation.tests.test_imaging_maskchecks import demo

PLAIN = ("cream-jar", "tea-tin", "honey-jar", "candle", "pump-bottle", "drinks-can", "bowl", "teapot", "vase")
HARD = ("mug", "handbag", "coffee")
"""Little contrast against the ground, the hole of a handle, or a busy background: what the brush is for."""

grabcut = load_segmenter("grabcut", None, Runtime())


def around(mask: Mask, margin: float = 0.02) -> Rectangle:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    height, width = mask.shape
    return Rectangle(
        max(0.0, columns[0] / width - margin), max(0.0, rows[0] / height - margin),
        min(1.0, (columns[-1] + 1) / width + margin), min(1.0, (rows[-1] + 1) / height + margin),
    )  # fmt: skip


def likeness(one: Mask, other: Mask) -> float:
    return float((one & other).sum() / (one | other).sum())


@pytest.mark.parametrize("key", PLAIN)
def test_on_a_plain_background_it_finds_nine_tenths_and_more(key: str) -> None:
    photo, exact = demo(key)
    found = grabcut.segment(photo, around(exact))
    assert found.shape == exact.shape
    assert likeness(found, exact) > 0.9


@pytest.mark.parametrize("key", HARD)
def test_on_a_hard_one_it_is_a_beginning(key: str) -> None:
    photo, exact = demo(key)
    assert 0.75 < likeness(grabcut.segment(photo, around(exact)), exact) < 0.9


def test_the_same_call_returns_the_same_mask() -> None:
    photo, exact = demo("mug")
    rectangle = around(exact)
    assert np.array_equal(grabcut.segment(photo, rectangle), grabcut.segment(photo, rectangle))


def two_squares() -> tuple[Image, Rectangle]:
    photo = np.full((120, 160, 3), 200, np.uint8)
    photo[30:90, 20:70] = (200, 30, 30)
    photo[30:90, 90:140] = (30, 30, 200)
    return photo, Rectangle(0.05, 0.15, 0.95, 0.85)


def test_hints_say_what_is_product_and_what_is_not() -> None:
    photo, rectangle = two_squares()
    plain = grabcut.segment(photo, rectangle)
    assert plain[60, 45]
    assert plain[60, 115]
    hints = [Stroke("brush", 0.05, ((0.28, 0.5),)), Stroke("eraser", 0.12, ((0.62, 0.5), (0.8, 0.5)))]
    hinted = grabcut.segment(photo, rectangle, hints)
    assert hinted[60, 45]
    assert not hinted[60, 115]


def test_without_a_rectangle_or_a_difference_it_says_what_to_do() -> None:
    photo, _exact = product_photo()
    with pytest.raises(EngineError, match="rectangle") as refused:
        grabcut.segment(photo, None)
    assert refused.value.permanent
    everything = Stroke("eraser", 0.25, ((0.2, 0.5), (0.8, 0.5)))
    with pytest.raises(EngineError) as failed:
        grabcut.segment(photo, Rectangle(0.3, 0.3, 0.7, 0.7), [everything])
    assert failed.value.permanent


def test_specks_and_pinholes_go_and_real_parts_and_holes_stay() -> None:
    mask = np.zeros((100, 100), np.bool_)
    mask[10:60, 10:60] = True
    mask[30:40, 30:40] = False
    mask[70:90, 70:90] = True
    faulty = mask.copy()
    faulty[5, 90] = True
    faulty[20, 20] = False
    assert np.array_equal(without_specks(faulty), mask)
    assert not without_specks(np.zeros_like(mask)).any()


def test_an_enlarged_outline_has_no_stairs() -> None:
    _photo, small = product_photo(96, 128)
    _photo, exact = product_photo(768, 1024)
    stairs = np.kron(small, np.ones((8, 8), np.bool_))
    assert likeness(enlarge_mask(small, (768, 1024)), exact) > likeness(stairs, exact) > 0.9
    assert enlarge_mask(small, (96, 128)) is small
