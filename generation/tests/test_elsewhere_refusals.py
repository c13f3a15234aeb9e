"""What is no candidate of the product is refused with its reason, and leaves nothing."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from accounts.tests.factories import Cast
from delivery.models import OutboxMessage
from generation.imaging.encoding import encode_mask, encode_png
from generation.imaging.framing import is_framed_alike, model_shape
from generation.models import Candidate, GenerationRequest, ModelVersion, Picture
from generation.services.elsewhere import ImageRefused, SentImage
from generation.services.products import create_product
from generation.services.requests import RequestRefused
from generation.tests.adopting import adopt, painted_scene, sent, sent_scenes
from generation.tests.image_cast import product_photo
from generation.tests.painting import HEIGHT, WIDTH, make_product


def _nothing_more(pictures: int) -> bool:
    tables = (GenerationRequest, Candidate, OutboxMessage, ModelVersion.objects.filter(kind="external"))
    left = [table.exists() if hasattr(table, "exists") else table.objects.exists() for table in tables]
    return not any(left) and Picture.objects.count() == pictures


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"variant": "nothing"}, "variant", "variant"),
        ({"prompt": " \u200f"}, "prompt_missing", "prompt"),
        ({"prompt": "x" * 501}, "prompt_long", "prompt"),
        ({"model_name": "\x00 "}, "model_missing", "model"),
        ({"model_name": "x" * 121}, "model_long", "model"),
        ({"images": []}, "images_count", "images"),
        ({"images": [(b"", None)] * 9}, "images_count", "images"),
    ],
)
def test_a_call_that_cannot_be_is_refused(cast: Cast, values: dict[str, Any], code: str, field: str) -> None:
    revision = make_product(cast.operator).revisions.get()
    pictures = Picture.objects.count()
    with pytest.raises(RequestRefused) as refusal:
        adopt(cast.operator, revision, **values)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert _nothing_more(pictures)


def test_a_photo_without_a_mask_is_refused(cast: Cast) -> None:
    product = create_product(
        cast.team, cast.operator, title="Bottle", category="", external_id="",
        photo_bytes=encode_png(product_photo(HEIGHT, WIDTH)[0]), photo_type=None, mask_bytes=None, mask_type=None,
    )  # fmt: skip
    with pytest.raises(RequestRefused) as refusal:
        adopt(cast.operator, product.revisions.get())
    assert refusal.value.code == "mask_missing"


def test_another_teams_product_is_unknown(cast: Cast) -> None:
    with pytest.raises(RequestRefused) as refusal:
        adopt(cast.operator, make_product(cast.stranger).revisions.get())
    assert refusal.value.code == "product_unknown"


def _animated() -> SentImage:
    buffer = io.BytesIO()
    frames = [Pillow.fromarray(painted_scene(seed)) for seed in (0, 1)]
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    return buffer.getvalue(), "image/webp"


BAD: dict[str, Callable[[], SentImage]] = {
    "empty": lambda: (b"", None),
    "format": lambda: (b"GIF89a" + bytes(100), None),
    "declared_type": lambda: sent(painted_scene(), "image/jpeg"),
    "truncated": lambda: (encode_png(painted_scene())[:-200], None),
    "animated": _animated,
    "too_small": lambda: sent(painted_scene()[:48, :64]),
    "proportions": lambda: sent(painted_scene()[:, : HEIGHT - 20]),
    "same_picture": lambda: sent(painted_scene(0), None),
    "photo_itself": lambda: sent(product_photo(HEIGHT, WIDTH)[0]),
}


@pytest.mark.parametrize("code", BAD)
def test_one_bad_picture_refuses_all_and_says_which(cast: Cast, code: str) -> None:
    revision = make_product(cast.operator).revisions.get()
    pictures = Picture.objects.count()
    with pytest.raises(ImageRefused) as refusal:
        adopt(cast.operator, revision, images=[*sent_scenes(2), BAD[code](), sent(painted_scene(7))])
    assert (refusal.value.code, refusal.value.field, refusal.value.position) == (code, "images", 2)
    assert str(refusal.value).startswith("Picture 3: ")
    assert _nothing_more(pictures)


def test_the_same_picture_in_another_format_is_the_same(cast: Cast) -> None:
    buffer = io.BytesIO()
    Pillow.fromarray(painted_scene(0)).save(buffer, "WEBP", lossless=True)
    with pytest.raises(ImageRefused) as refusal:
        adopt(cast.operator, images=[sent(painted_scene(0)), (buffer.getvalue(), None)])
    assert "picture 1" in str(refusal.value)


def test_other_proportions_are_told_with_both_sizes(cast: Cast) -> None:
    with pytest.raises(ImageRefused) as refusal:
        adopt(cast.operator, images=[sent(painted_scene(0, WIDTH, HEIGHT))])
    assert f"{HEIGHT} x {WIDTH}" in str(refusal.value)
    assert f"{WIDTH} x {HEIGHT}" in str(refusal.value)


def test_a_mask_is_no_candidate_but_is_read_as_a_picture(cast: Cast) -> None:
    """Grey files are pictures: whether they are good ones is the guards' business."""
    _photo, mask = product_photo(HEIGHT, WIDTH)
    request, _ = adopt(cast.operator, images=[(encode_mask(mask), None)])
    assert request.candidates.count() == 1


@pytest.mark.parametrize("longest", [256, 512, 768, 1024])
@pytest.mark.parametrize("photo", [(1000, 1000), (667, 1000), (1333, 1000), (3000, 4000), (900, 1600), (1920, 1080)])
def test_what_a_model_makes_of_a_photo_is_framed_alike(photo: tuple[int, int], longest: int) -> None:
    assert is_framed_alike(model_shape(*photo, longest), photo)


@pytest.mark.parametrize(
    ("shape", "photo"),
    [((1024, 1024), (1000, 750)), ((750, 1000), (1000, 750)), ((1080, 1920), (1000, 1500)), ((64, 96), (1000, 1000))],
)
def test_a_crop_is_not(shape: tuple[int, int], photo: tuple[int, int]) -> None:
    assert not is_framed_alike(shape, photo)


def test_a_cut_out_is_laid_over_white_like_any_upload(cast: Cast) -> None:
    pixels = np.dstack([painted_scene(), np.full((HEIGHT, WIDTH), 255, np.uint8)])
    pixels[: HEIGHT // 2, :, 3] = 0
    buffer = io.BytesIO()
    Pillow.fromarray(pixels).save(buffer, "PNG")
    request, _ = adopt(cast.operator, images=[(buffer.getvalue(), "image/png")])
    assert request.candidates.count() == 1
