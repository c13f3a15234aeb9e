import io

import numpy as np
import pytest
from PIL import Image as Pillow

from generation.imaging.encoding import encode_mask
from generation.imaging.uploads import UploadRejected, read_mask

SHAPE = (80, 120)
DRAWN = np.zeros(SHAPE, bool)
DRAWN[20:60, 30:90] = True


def png(pixels: np.ndarray, mode: str | None = None) -> bytes:
    buffer = io.BytesIO()
    image = Pillow.fromarray(pixels)
    (image.convert(mode) if mode else image).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(("dark", "bright"), [(0, 255), (0, 1), (10, 200), (254, 255)])
@pytest.mark.parametrize("mode", ["L", "RGB", "P", "RGBA"])
def test_any_two_values_make_a_mask_and_the_brighter_is_the_product(dark: int, bright: int, mode: str) -> None:
    data = png(np.where(DRAWN, bright, dark).astype(np.uint8), mode)
    assert np.array_equal(read_mask(data, "image/png", SHAPE), DRAWN)


def test_one_bit_and_sixteen_bit_masks_are_read() -> None:
    assert np.array_equal(read_mask(png(DRAWN), "image/png", SHAPE), DRAWN)
    assert np.array_equal(read_mask(png(DRAWN.astype(np.uint16) * 65535), "image/png", SHAPE), DRAWN)


def test_our_own_masks_are_read_back() -> None:
    assert np.array_equal(read_mask(encode_mask(DRAWN), "image/png", SHAPE), DRAWN)


def square(side: int) -> np.ndarray:
    mask = np.zeros((200, 200), np.uint8)
    mask[:side, :side] = 255
    return mask


@pytest.mark.parametrize(
    ("code", "pixels"),
    [
        ("mask_empty", np.zeros((200, 200), np.uint8)),
        ("mask_full", np.full((200, 200), 255, np.uint8)),
        ("mask_empty", square(6)),
        ("mask_full", square(196)),
        ("mask_grey", np.tile(np.arange(200, dtype=np.uint8), (200, 1))),
        ("mask_grey", square(100) // 2 + square(50) // 2),
        ("mask_size", np.zeros((200, 199), np.uint8)),
        ("mask_not_grey", np.dstack([square(100), square(0), square(0)])),
        ("mask_not_grey", np.dstack([square(100)] * 3 + [square(150)])),
    ],
)
def test_a_mask_that_marks_nothing_clear_is_refused(code: str, pixels: np.ndarray) -> None:
    with pytest.raises(UploadRejected) as caught:
        read_mask(png(pixels), "image/png", (200, 200))
    assert caught.value.code == code
    assert "%(" not in str(caught.value)


def test_a_mask_lying_on_its_side_is_refused() -> None:
    with pytest.raises(UploadRejected) as caught:
        read_mask(png(DRAWN.T.astype(np.uint8)), "image/png", SHAPE)
    assert caught.value.code == "mask_size"


@pytest.mark.parametrize("side", [7, 194])
def test_coverage_just_inside_the_limits_is_taken(side: int) -> None:
    assert read_mask(png(square(side)), "image/png", (200, 200)).sum() == side * side
