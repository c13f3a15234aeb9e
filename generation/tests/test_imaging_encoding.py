import io

import numpy as np
import pytest
from PIL import Image as Pillow

from generation.imaging.encoding import decode, decode_mask, encode_mask, encode_png, encode_webp
from generation.imaging.previews import FIT, THUMB, make_preview
from generation.tests.image_cast import product_photo, table_scene


def test_lossless_encodings_come_back_byte_for_byte_and_repeat() -> None:
    image, mask = product_photo()
    assert np.array_equal(decode(encode_png(image)), image)
    assert np.array_equal(decode(encode_webp(image, lossless=True)), image)
    assert np.array_equal(decode_mask(encode_mask(mask)), mask)
    assert encode_png(image) == encode_png(image.copy())
    assert encode_webp(image) == encode_webp(image.copy())


def test_lossy_webp_is_smaller_and_close() -> None:
    image = table_scene()
    lossy = encode_webp(image, 80)
    assert len(lossy) < len(encode_png(image)) / 4
    assert np.abs(decode(lossy).astype(int) - image).mean() < 3


def test_a_mask_is_one_grey_channel_of_two_values() -> None:
    _, mask = product_photo()
    opened = Pillow.open(io.BytesIO(encode_mask(mask)))
    assert opened.mode == "L"
    assert set(np.unique(np.asarray(opened))) == {0, 255}


def test_only_our_own_formats_are_decoded() -> None:
    buffer = io.BytesIO()
    Pillow.fromarray(table_scene()).save(buffer, "TIFF")
    with pytest.raises(OSError, match="cannot identify"):
        decode(buffer.getvalue())


@pytest.mark.parametrize(("height", "width", "expected"), [(1000, 500, (256, 128)), (30, 4000, (2, 256))])
def test_a_preview_fits_and_keeps_proportions(height: int, width: int, expected: tuple[int, int]) -> None:
    image = np.full((height, width, 3), (9, 99, 199), np.uint8)
    preview = make_preview(image, THUMB)
    assert preview.shape == (*expected, 3)
    assert (preview == (9, 99, 199)).all()


def test_a_small_picture_is_never_enlarged() -> None:
    image = table_scene()
    preview = make_preview(image, FIT)
    assert np.array_equal(preview, image)
    assert preview is not image
