"""Previews at full size: for judging at 100 %, never the original, and made later for what was stored before."""

import io

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from accounts.tests.factories import Cast
from generation.imaging.colour import ciede2000, srgb_to_lab
from generation.models import Picture
from generation.services.derivatives import load_image, store_mask, store_picture
from generation.tests.api_calls import api
from generation.tests.factories import make_picture
from generation.tests.image_cast import product_photo

LARGE, MASK = product_photo(900, 1400)
SMALL, _ = product_photo(300, 400)


def run(*options: str) -> str:
    out = io.StringIO()
    call_command("make_previews", "--missing", *options, stdout=out)
    return out.getvalue()


def test_it_has_every_pixel_and_hardly_differs(cast: Cast) -> None:
    picture = store_picture(cast.team, LARGE, lossless=True)
    full = load_image(Picture(name=picture.full_name))
    assert full.shape == LARGE.shape
    differences = ciede2000(srgb_to_lab(LARGE[::3, ::3]), srgb_to_lab(full[::3, ::3]))
    assert float(differences.mean()) < 2.0
    assert len({picture.name, picture.fit_name, picture.full_name}) == 3
    assert not np.array_equal(full, LARGE)  # whoever has it has not the original


def test_a_picture_that_fits_a_screen_is_stored_no_third_time(cast: Cast) -> None:
    picture = store_picture(cast.team, SMALL, lossless=True)
    assert picture.full_name == picture.fit_name


def test_a_mask_has_none(cast: Cast) -> None:
    assert store_mask(cast.team, MASK).full_name == ""


def test_it_is_served_behind_the_access_check_and_the_original_is_not(cast: Cast) -> None:
    picture = store_picture(cast.team, LARGE, lossless=True)
    answer = api(cast.reviewer).get(f"/pictures/{picture.full_name}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert "immutable" in answer["Cache-Control"]
    assert api(cast.stranger).get(f"/pictures/{picture.full_name}").status_code == 404
    assert api(cast.reviewer).get(f"/pictures/{picture.name}").status_code == 404


@pytest.fixture
def old(cast: Cast) -> list[Picture]:
    """Stored before there were previews at full size: a large one, a small one, a mask, and one without its file."""
    stored = [store_picture(cast.team, image, lossless=True) for image in (LARGE, SMALL)]
    default_storage.delete(stored[0].full_name)
    rows = [*stored, store_mask(cast.team, MASK), make_picture(cast.team, width=2000)]
    Picture.objects.update(full_name="")
    return rows


def test_missing_ones_are_made_and_twice_is_once(old: list[Picture]) -> None:
    large, small, mask, gone = old
    assert run("--dry-run").startswith("3 ")
    assert run() == "2 of 3 pictures have a preview at full size now.\n"
    for picture in old:
        picture.refresh_from_db()
    assert load_image(Picture(name=large.full_name)).shape == LARGE.shape
    assert small.full_name == small.fit_name
    assert mask.full_name == gone.full_name == ""
    assert run() == "0 of 1 pictures have a preview at full size now.\n"


def test_storing_an_old_picture_anew_gives_it_one(old: list[Picture], cast: Cast) -> None:
    again = store_picture(cast.team, LARGE, lossless=True)
    old[0].refresh_from_db()
    assert again == old[0]
    assert again.full_name == old[0].full_name != ""


def test_it_must_be_said_what_to_make(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("make_previews")
