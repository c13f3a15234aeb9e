"""Outlines as polygons: filled again they are the mask, within the picture and within a number of points."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.contracts import Mask
from generation.imaging.encoding import decode_mask
from generation.imaging.polygons import MOST_POINTS, Polygon, outline_polygons
from generation.management.commands.seed_demo import DEMO_FOLDER
from generation.tests.image_cast import product_photo

DEMO = sorted(entry["mask"] for entry in json.loads((DEMO_FOLDER / "products.json").read_text()))


def filled(polygons: list[Polygon], shape: tuple[int, ...]) -> Mask:
    """By the even-odd rule. OpenCV fills each pixel that a line touches, so small pictures are filled larger."""
    times = -(-1500 // max(shape))
    large = (shape[0] * times, shape[1] * times)
    canvas = np.zeros(large, np.uint8)
    lines = [np.rint((np.array(line) * large[::-1] - 0.5) * 16).astype(np.int32) for line in polygons]
    cv2.fillPoly(canvas, lines, 255, shift=4)
    return cv2.resize(canvas, (shape[1], shape[0]), interpolation=cv2.INTER_AREA) > 127


def overlap(first: Mask, second: Mask) -> float:
    return float(np.count_nonzero(first & second) / np.count_nonzero(first | second))


def is_sound(polygons: list[Polygon], most: int = MOST_POINTS) -> bool:
    points = [point for line in polygons for point in line]
    return len(points) <= most and all(0 <= share <= 1 for point in points for share in point)


@pytest.mark.parametrize("name", DEMO)
def test_the_demonstrations_masks_come_back(name: str) -> None:
    mask = decode_mask((Path(DEMO_FOLDER) / name).read_bytes())
    polygons = outline_polygons(mask)
    assert is_sound(polygons)
    assert overlap(filled(polygons, mask.shape), mask) >= 0.97


@pytest.mark.parametrize(("height", "width"), [(64, 64), (192, 256), (1000, 300), (4000, 6000)])
def test_small_and_large_ones_do(height: int, width: int) -> None:
    mask = product_photo(height, width)[1]
    polygons = outline_polygons(mask)
    assert is_sound(polygons)
    assert overlap(filled(polygons, mask.shape), mask) >= 0.97


def test_holes_are_lines_of_their_own_and_stay_open() -> None:
    ring = cv2.circle(np.zeros((400, 400), np.uint8), (200, 200), 150, 1, 40) > 0
    polygons = outline_polygons(ring)
    assert len(polygons) == 2
    again = filled(polygons, ring.shape)
    assert not again[200, 200]
    assert overlap(again, ring) >= 0.97


def test_thousands_of_specks_keep_to_the_number_of_points() -> None:
    specks = np.random.default_rng(1).random((800, 800)) > 0.7
    specks[100:300, 100:300] = True
    assert is_sound(outline_polygons(specks))
    assert is_sound(outline_polygons(specks, 50), 50)


def test_an_empty_mask_has_no_outline() -> None:
    assert outline_polygons(np.zeros((80, 90), np.bool_)) == []


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(*[st.floats(0.05, 0.95)] * 2, *[st.floats(0.03, 0.3)] * 2), min_size=1, max_size=6),
    st.integers(64, 900),
)
def test_any_union_of_ellipses_comes_back(ellipses: list[tuple[float, float, float, float]], width: int) -> None:
    canvas = np.zeros((480, width), np.uint8)
    for x, y, across, down in ellipses:
        cv2.ellipse(
            canvas,
            (int(x * width), int(y * 480)),
            (max(4, int(across * width)), max(4, int(down * 480))),
            0,
            0,
            360,
            1,
            -1,
        )
    mask = canvas > 0
    polygons = outline_polygons(mask)
    assert is_sound(polygons)
    assert overlap(filled(polygons, mask.shape), mask) >= 0.97
