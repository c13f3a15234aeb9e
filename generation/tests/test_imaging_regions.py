"""Regions: few boxes, on the picture, that hold every flagged pixel and no more than they must."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from generation.contracts import Mask, Region
from generation.imaging.regions import MOST, placed, regions_along, regions_around

SHAPES = st.tuples(st.integers(1, 300), st.integers(1, 300))


def covered(regions: list[Region], shape: tuple[int, ...]) -> Mask:
    """Pixels that lie wholly in a box."""
    held = np.zeros(shape, np.bool_)
    top, left = np.arange(shape[0]) / shape[0], np.arange(shape[1]) / shape[1]
    for box in regions:
        rows = (top >= box.y - 1e-9) & (top + 1 / shape[0] <= box.y + box.height + 1e-9)
        columns = (left >= box.x - 1e-9) & (left + 1 / shape[1] <= box.x + box.width + 1e-9)
        held |= rows[:, None] & columns[None, :]
    return held


def on_the_picture(box: Region) -> bool:
    ends = (box.x, box.y, box.x + box.width, box.y + box.height)
    return all(0 <= end <= 1 + 1e-9 for end in ends) and box.width > 0 and box.height > 0


@settings(max_examples=80, deadline=None)
@given(SHAPES.flatmap(lambda shape: arrays.arrays(np.bool_, shape, elements=st.booleans(), fill=st.just(False))))
def test_every_flag_is_held_by_few_boxes_on_the_picture(flags: Mask) -> None:
    regions = regions_around(flags)
    assert len(regions) <= MOST
    assert bool(regions) == bool(flags.any())
    assert all(on_the_picture(box) for box in regions)
    assert not (flags & ~covered(regions, flags.shape)).any()


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 2000), st.floats(0, 0.2), st.integers(0, 99))
def test_grain_of_any_size_and_density_does_too(width: int, density: float, seed: int) -> None:
    flags = np.random.default_rng(seed).random((301, width)) < density
    regions = regions_around(flags, 5)
    assert len(regions) <= 5
    assert all(on_the_picture(box) for box in regions)
    assert not (flags & ~covered(regions, flags.shape)).any()


def test_two_spots_are_two_boxes_the_larger_first() -> None:
    flags = np.zeros((400, 600), np.bool_)
    flags[50:60, 50:60] = flags[300:350, 400:500] = True
    large, small = regions_around(flags)
    assert (0.65 < large.x < 0.67, 0.74 < large.y < 0.75) == (True, True)
    assert large.width < 0.19
    assert small.width < 0.04


def test_a_box_within_another_is_left_out() -> None:
    flags = np.zeros((200, 200), np.bool_)
    flags[20:180, 20] = flags[20:180, 180] = flags[20, 20:181] = flags[180, 20:181] = True
    flags[100, 100] = True
    assert len(regions_around(flags)) == 1


def test_places_along_an_outline() -> None:
    points = np.array([[10.0, 10.0], [12.0, 10.0], [90.0, 190.0], [-3.0, 250.0]], np.float32)
    regions = regions_along(points, (200, 100))
    assert len(regions) == 3
    assert all(on_the_picture(box) for box in regions)
    assert regions_along(points[:0], (200, 100)) == []


@given(st.integers(0, 80), st.integers(0, 80), st.integers(20, 200))
def test_a_region_of_a_window_lies_in_that_window(top: int, left: int, size: int) -> None:
    window = (slice(top, top + size), slice(left, left + size))
    (box,) = placed([Region(0.25, 0.5, 0.5, 0.5)], window, (100, 100))
    assert on_the_picture(box)
    tall, wide = min(100, top + size) - top, min(100, left + size) - left
    assert abs(box.x - (left + 0.25 * wide) / 100) < 2e-4
    assert abs(box.y + box.height - (top + tall) / 100) < 2e-4
