"""What specialists are taught: a lesson shows a part and hides a part, repeats by its seed, and is put into words."""

import numpy as np
import pytest

from generation.contracts import EngineError
from generation.engines.base_model.chance import numbers
from generation.engines.loading import load_lessons
from generation.engines.specialists.lesson import Lesson
from generation.registries import LESSONS
from generation.variants import VARIANTS


def draw(variant: str, seed: int) -> Lesson:
    return load_lessons(variant).draw(seed, numbers(1, "lesson", seed))


@pytest.mark.parametrize("variant", LESSONS)
def test_the_same_seed_gives_the_same_lesson_and_another_one_another(variant: str) -> None:
    first, again, other = draw(variant, 3), draw(variant, 3), draw(variant, 4)
    np.testing.assert_array_equal(first.picture, again.picture)
    np.testing.assert_array_equal(first.kept, again.kept)
    assert first.caption == again.caption
    assert not np.array_equal(first.picture, other.picture)


@pytest.mark.parametrize("variant", LESSONS)
def test_a_part_is_shown_and_a_part_is_hidden(variant: str) -> None:
    for seed in range(6):
        lesson = draw(variant, seed)
        assert lesson.picture.shape == (256, 256, 3)
        assert lesson.kept.shape == (256, 256)
        assert 0.02 < lesson.kept.mean() < 0.98
        assert lesson.caption


@pytest.mark.parametrize("variant", LESSONS)
def test_each_is_for_a_variant_that_there_is(variant: str) -> None:
    assert variant in VARIANTS


def test_a_variant_without_lessons_has_no_specialist() -> None:
    with pytest.raises(EngineError) as caught:
        load_lessons("nothing")
    assert caught.value.permanent


def test_outpainting_keeps_a_whole_band_with_most_of_the_product_in_it() -> None:
    bands = [draw("outpainting", seed).kept for seed in range(8)]
    for kept in bands:
        rows, columns = kept.any(axis=1), kept.any(axis=0)
        assert kept[np.ix_(rows, columns)].all()
        assert rows.all() or columns.all()
    assert {bool(kept.any(axis=1).all()) for kept in bands} == {True, False}
