"""Strokes on a mask: read strictly, and replayed so that the same strokes draw the same mask."""

from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.contracts import Mask, Stroke
from generation.imaging.strokes import (
    MOST_POINTS,
    MOST_STROKES,
    StrokesRejected,
    apply_strokes,
    read_rectangle,
    read_strokes,
)

SHAPE = (48, 64)
EMPTY: Mask = np.zeros(SHAPE, np.bool_)

_share = st.floats(-0.5, 1.5).map(lambda value: round(value, 4))
_points = st.lists(st.tuples(_share, _share), min_size=1, max_size=6).map(tuple)
_strokes = st.lists(
    st.builds(Stroke, st.sampled_from(["brush", "eraser"]), st.floats(0, 0.25), _points), max_size=5
)  # fmt: skip
_masks = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).random(SHAPE) < 0.5)


def stroke(tool: str, *points: tuple[float, float], radius: float = 0.1) -> Stroke:
    return Stroke(tool, radius, points)


def raw(**changes: Any) -> dict[str, Any]:
    return {"tool": "brush", "radius": 0.05, "points": [[0.5, 0.5]]} | changes


@settings(max_examples=60, deadline=None)
@given(_masks, _strokes)
def test_the_same_strokes_draw_the_same_mask_and_leave_the_base_alone(base: Mask, strokes: list[Stroke]) -> None:
    before = base.copy()
    assert np.array_equal(apply_strokes(base, strokes), apply_strokes(base, strokes))
    assert np.array_equal(base, before)


@settings(max_examples=60, deadline=None)
@given(_masks, st.floats(0, 0.25), _points)
def test_an_eraser_on_the_path_of_a_brush_leaves_nothing_inside_and_the_rest_alone(
    base: Mask, radius: float, points: tuple[tuple[float, float], ...]
) -> None:
    touched = apply_strokes(EMPTY, [Stroke("brush", radius, points)])
    after = apply_strokes(base, [Stroke("brush", radius, points), Stroke("eraser", radius, points)])
    assert not after[touched].any()
    assert np.array_equal(after[~touched], base[~touched])


@settings(max_examples=40, deadline=None)
@given(_masks, _strokes)
def test_only_what_a_stroke_touches_changes(base: Mask, strokes: list[Stroke]) -> None:
    touched = apply_strokes(EMPTY, [Stroke("brush", one.radius, one.points) for one in strokes])
    assert np.array_equal(apply_strokes(base, strokes)[~touched], base[~touched])


@settings(max_examples=40, deadline=None)
@given(_strokes)
def test_what_was_written_down_reads_the_same(strokes: list[Stroke]) -> None:
    written = [{**asdict(one), "points": [list(point) for point in one.points]} for one in strokes]
    assert read_strokes(written) == tuple(strokes)


def test_the_order_matters() -> None:
    brush, eraser = stroke("brush", (0.2, 0.5), (0.8, 0.5)), stroke("eraser", (0.5, 0.2), (0.5, 0.8))
    assert not apply_strokes(EMPTY, [brush, eraser])[24, 32]
    assert apply_strokes(EMPTY, [eraser, brush])[24, 32]


def test_a_line_is_a_round_band_at_any_resolution() -> None:
    line = stroke("brush", (0.25, 0.5), (0.75, 0.5))
    for scale in (1, 4):
        mask = apply_strokes(np.zeros((200 * scale, 400 * scale), np.bool_), [line])
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        assert abs(len(rows) - 80 * scale) <= 2  # twice a tenth of the longest side
        assert abs(len(columns) - 280 * scale) <= 2
        # A round end: at its tip the band is far narrower than in its middle.
        assert mask[:, columns[0] + scale].sum() < mask[:, 200 * scale].sum() / 2


@pytest.mark.parametrize(
    ("strokes", "code"),
    [
        ("no list", "strokes"),
        ([1], "strokes"),
        ([raw(tool="pen")], "strokes"),
        ([raw(extra=1)], "strokes"),
        ([raw(points=[])], "strokes"),
        ([raw(points=[[0.5]])], "strokes"),
        ([raw(points=[["0.5", 0.5]])], "strokes"),
        ([raw(points=[[True, 0.5]])], "strokes"),
        ([raw(radius=float("nan"))], "strokes"),
        ([raw(points=[[float("inf"), 0.5]])], "strokes"),
        ([raw(radius=0.3)], "out_of_range"),
        ([raw(radius=-0.1)], "out_of_range"),
        ([raw(points=[[2, 0.5]])], "out_of_range"),
        ([raw()] * (MOST_STROKES + 1), "too_many_strokes"),
        ([raw(points=[[0.5, 0.5]] * (MOST_POINTS + 1))], "too_many_strokes"),
        ([raw(points=[[0.5, 0.5]] * (MOST_POINTS // 2 + 1))] * 2, "too_many_strokes"),
    ],
)
def test_what_is_no_stroke_is_refused_with_a_sentence(strokes: object, code: str) -> None:
    with pytest.raises(StrokesRejected) as refused:
        read_strokes(strokes)
    assert refused.value.code == code
    assert str(refused.value).endswith((".", "kept."))


@pytest.mark.parametrize(
    ("rectangle", "code"),
    [
        ([0, 0, 1, 1], "rectangle"),
        ({"left": 0.1, "top": 0.1, "right": 0.9}, "rectangle"),
        ({"left": 0.5, "top": 0.1, "right": 0.5, "bottom": 0.9}, "rectangle_small"),
        ({"left": 0.9, "top": 0.1, "right": 0.1, "bottom": 0.9}, "rectangle_small"),
        ({"left": 0, "top": 0, "right": 1, "bottom": 1}, "rectangle_large"),
        ({"left": -0.1, "top": 0, "right": 0.5, "bottom": 0.5}, "out_of_range"),
        ({"left": float("nan"), "top": 0, "right": 0.5, "bottom": 0.5}, "strokes"),
    ],
)
def test_what_is_no_rectangle_is_refused(rectangle: object, code: str) -> None:
    with pytest.raises(StrokesRejected) as refused:
        read_rectangle(rectangle)
    assert refused.value.code == code
