"""Notes on a mask: each fault is named, and honest masks of the demonstration products get none but true ones."""

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from generation.contracts import Image, Mask
from generation.imaging.maskchecks import check_mask
from generation.tests.image_cast import product_photo

DEMO = Path(__file__).resolve().parents[1] / "demo"
KEYS = [entry["key"] for entry in json.loads((DEMO / "products.json").read_text())]
WITH_A_HANDLE = {"mug", "enamel-mug", "teapot", "flask", "handbag", "speaker"}


def demo(key: str) -> tuple[Image, Mask]:
    photo = np.asarray(Pillow.open(DEMO / f"{key}.webp").convert("RGB"))
    return photo, np.asarray(Pillow.open(DEMO / f"{key}.mask.png").convert("L")) > 127


def codes(photo: Image, mask: Mask) -> set[str]:
    notes = check_mask(photo, mask)
    assert all(note.message % note.params for note in notes)
    return {note.code for note in notes}


@pytest.mark.parametrize("key", KEYS)
def test_an_exact_mask_has_no_note_but_that_of_its_handle(key: str) -> None:
    assert codes(*demo(key)) == ({"holes"} if key in WITH_A_HANDLE else set())


@pytest.mark.parametrize("key", KEYS)
def test_a_mask_in_the_wrong_place_is_told(key: str) -> None:
    photo, mask = demo(key)
    assert "off_edge" in codes(photo, np.roll(mask, mask.shape[1] * 8 // 100, axis=1))


def ragged(mask: Mask) -> Mask:
    noise = cv2.GaussianBlur(np.random.default_rng(0).standard_normal(mask.shape).astype(np.float32), (0, 0), 1.5)
    inside = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5)
    outside = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(inside - outside + noise / noise.std() * 3 > 0)


def with_dab(mask: Mask, radius: int) -> Mask:
    drawn = mask.astype(np.uint8)
    cv2.circle(drawn, (60, 60), radius, 1, cv2.FILLED)
    return drawn.astype(np.bool_)


def with_hole(mask: Mask) -> Mask:
    drawn = mask.astype(np.uint8)
    cv2.circle(drawn, (384, 316), 30, 0, cv2.FILLED)
    return drawn.astype(np.bool_)


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda mask: np.roll(mask, 300, axis=1), "cut_off"),
        (lambda mask: with_dab(mask, 30), "parts"),
        (lambda mask: with_dab(mask, 3), "specks"),
        (with_hole, "holes"),
        (ragged, "ragged"),
        (lambda mask: with_dab(np.zeros_like(mask), 20), "small"),
        (lambda mask: cv2.dilate(mask.astype(np.uint8), np.ones((401, 401))) > 0, "large"),
    ],
)
def test_each_fault_has_its_note(damage: Callable[[Mask], Mask], code: str) -> None:
    photo, mask = product_photo(576, 768)
    assert codes(photo, mask) == set()
    assert code in codes(photo, np.asarray(damage(mask), np.bool_))


def test_a_mask_may_be_larger_than_the_preview_beside_it() -> None:
    photo, _mask = product_photo(288, 384)
    _photo, mask = product_photo(1152, 1536)
    assert codes(photo, mask) == set()


def test_nothing_and_everything_are_not_for_notes() -> None:
    photo, mask = product_photo()
    assert check_mask(photo, np.zeros_like(mask)) == check_mask(photo, np.ones_like(mask)) == []
