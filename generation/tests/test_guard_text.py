"""The reader at work: letters in the scene are found, those on the product or in the photo are not new."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from generation.contracts import GuardSubject, Image
from generation.engines.guards import text
from generation.engines.guards.text import Text
from generation.imaging.lettering import Reading
from generation.tests.image_cast import subject_for, table_scene
from generation.variants import VARIANTS

LIMIT = next(x for x in VARIANTS["background_enhancement"].limits if x.measure == "new_text_area")
CORNER, MIDDLE = (8, 8), (112, 96)


def written(image: Image, place: tuple[int, int], size: int, contrast: int, words: str = "ROOIBOS 24") -> Image:
    """`words` on `image`, lighter or darker than it is there."""
    picture = Pillow.fromarray(image)
    around = image[place[1] : place[1] + size, place[0] : place[0] + 60].mean(axis=(0, 1))
    towards = contrast if around.mean() < 128 else -contrast
    colour = tuple(int(c) for c in np.clip(around + towards, 0, 255))
    ImageDraw.Draw(picture).text(place, words, font=ImageFont.load_default(size), fill=colour)
    return np.asarray(picture, dtype=np.uint8)


def measured(subject: GuardSubject) -> float:
    return Text().measure(subject)["new_text_area"]


def painted(seed: int = 1) -> GuardSubject:
    return subject_for(table_scene(seed=seed))


@pytest.mark.parametrize(("size", "contrast"), [(9, 150), (11, 60), (16, 60), (16, 150), (26, 60), (26, 150)])
def test_letters_in_the_scene_break_the_limit(size: int, contrast: int) -> None:
    subject = painted()
    value = measured(replace(subject, composed=written(subject.composed, CORNER, size, contrast)))
    assert LIMIT.is_broken_by(value)
    assert value < 0.2


def test_a_large_picture_is_read_at_a_bounded_size() -> None:
    raw = np.asarray(cv2.resize(table_scene(seed=1), None, fx=5, fy=5), dtype=np.uint8)
    subject = subject_for(raw)
    assert LIMIT.is_broken_by(measured(replace(subject, composed=written(subject.composed, (40, 40), 70, 100))))


def test_letters_on_the_product_are_its_own_label() -> None:
    subject = painted()
    plain = subject.composed.copy()
    plain[subject.small_mask] = (180, 40, 40)
    labelled = written(plain, MIDDLE, 12, 120, "TEA")
    assert {reading.words for reading in text.read(labelled)} == {"TEA"}  # it is legible
    assert measured(replace(subject, composed=labelled)) == 0


def test_letters_that_the_photo_had_there_are_not_new_and_elsewhere_they_are() -> None:
    subject = painted()
    source = written(subject.small_source, CORNER, 16, 120)
    kept = replace(subject, composed=written(subject.composed, CORNER, 16, 120), small_source=source)
    moved = replace(subject, composed=written(subject.composed, (8, 165), 16, 120), small_source=source)
    assert measured(kept) == 0
    assert LIMIT.is_broken_by(measured(moved))


def wood(seed: int) -> Image:
    rows, columns = np.mgrid[:192, :256]
    waves = np.sin(rows * 0.45 + 3 * np.sin(columns * 0.02 + seed) + np.sin(columns * 0.11))
    return np.asarray(np.clip(np.array([150, 105, 65]) + 22 * waves[..., None], 0, 255), dtype=np.uint8)


def foliage(seed: int) -> Image:
    rng = np.random.default_rng(seed)
    scene = np.full((192, 256, 3), (40, 70, 40), np.uint8)
    for _ in range(250):
        centre = (int(rng.integers(0, 256)), int(rng.integers(0, 192)))
        colour = tuple(float(c) for c in rng.integers((20, 70, 20), (90, 180, 80)))
        cv2.ellipse(scene, centre, (int(rng.integers(4, 16)), 4), float(rng.uniform(0, 180)), 0, 360, colour, -1)
    return scene


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("scene", [wood, foliage, lambda seed: table_scene(seed=seed)], ids=["wood", "leaves", "table"])
def test_grain_and_leaves_are_no_letters(scene: object, seed: int) -> None:
    assert measured(subject_for(scene(seed))) == 0  # type: ignore[operator]


def test_the_photo_is_read_once_for_all_candidates_and_only_when_it_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[tuple[int, ...]] = []
    honest = text.read

    def counted(image: Image) -> list[Reading]:
        reads.append(image.shape)
        return honest(image)

    monkeypatch.setattr(text, "read", counted)
    guard, subject = Text(), painted()
    guard.measure(subject)
    assert len(reads) == 1
    lettered = replace(subject, composed=written(subject.composed, CORNER, 16, 120))
    guard.measure(lettered)
    guard.measure(lettered)
    assert len(reads) == 1 + 2 + 1
    guard.measure(replace(lettered, source=subject.source.copy()))
    assert len(reads) == 6
