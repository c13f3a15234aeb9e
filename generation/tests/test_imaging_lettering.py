"""What counts as new lettering, told from readings alone; the reader itself is tested in test_guard_text.py."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.contracts import Mask
from generation.imaging.lettering import Reading, new_text_area, scene_lettering

MASK: Mask = np.zeros((100, 200), np.bool_)
MASK[20:90, 70:130] = True
SCENE = int((~MASK).sum())


def reading(left: float, top: float, width: float, height: float, words: str = "SALE", sure: float = 1.0) -> Reading:
    right, bottom = left + width - 1, top + height - 1
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    return Reading(corners, words, sure)


def area(found: list[Reading], known: list[Reading] | None = None) -> float:
    return new_text_area(scene_lettering(found, MASK), known or [], MASK)


def test_lettering_in_the_scene_counts_by_area_and_confidence() -> None:
    assert area([reading(5, 5, 40, 10)]) == pytest.approx(400 / SCENE)
    assert area([reading(5, 5, 40, 10, sure=0.75)]) == pytest.approx(300 / SCENE)
    assert area([reading(5, 5, 40, 10), reading(5, 5, 40, 10, sure=0.75)]) == pytest.approx(400 / SCENE)


@pytest.mark.parametrize(
    "label",
    [reading(80, 40, 30, 10), reading(105, 40, 40, 10), reading(60, 10, 80, 85, "10")],
    ids=["on the product", "mostly on it", "the product itself"],
)
def test_what_lies_on_the_product_is_its_own(label: Reading) -> None:
    assert area([label]) == 0


def test_what_reaches_from_the_scene_into_the_product_counts_outside_it() -> None:
    assert area([reading(30, 40, 50, 10)]) == pytest.approx(400 / SCENE)


@pytest.mark.parametrize(
    "weak", [reading(5, 5, 40, 10, "O"), reading(5, 5, 40, 10, "-!"), reading(5, 5, 9, 9, "AB", 0.4)]
)
def test_a_single_mark_or_a_guess_is_no_lettering(weak: Reading) -> None:
    assert area([weak]) == 0


def test_lettering_where_the_source_had_some_is_not_new_whatever_it_says() -> None:
    shop = reading(5, 5, 40, 10, "CAFE")
    assert area([reading(7, 6, 38, 10, "GAFF")], [shop]) == 0
    assert area([reading(5, 60, 40, 10, "CAFE")], [shop]) > 0
    assert area([reading(5, 5, 40, 10)], [reading(5, 5, 40, 10, "I")]) > 0  # the source held no lettering there


def test_a_picture_that_is_all_product_has_no_scene() -> None:
    assert new_text_area([reading(5, 5, 40, 10)], [], np.ones_like(MASK)) == 0


boxes = st.builds(
    reading, st.floats(-50, 220), st.floats(-50, 120), st.floats(1, 150), st.floats(1, 80), st.text(max_size=4),
    st.floats(0, 1),
)  # fmt: skip


@given(st.lists(boxes, max_size=5), st.lists(boxes, max_size=3))
def test_it_is_always_a_share_and_what_the_source_had_never_adds(found: list[Reading], known: list[Reading]) -> None:
    alone = area(found)
    assert 0 <= area(found, known) <= alone <= 1
