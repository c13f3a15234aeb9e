"""Pictures in storage: named by their bytes and a secret, stored once, exact, and whole after a crash."""

import hashlib
from pathlib import Path
from threading import Barrier, Thread

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import override_settings

from accounts.tests.factories import Cast
from generation.models import Picture
from generation.services.derivatives import load_image, load_mask, open_file, store_bytes, store_mask, store_picture
from generation.tests.image_cast import product_photo

PHOTO, MASK = product_photo(400, 600)


def stored_files(own_files: Path) -> list[Path]:
    return [path for path in (own_files / "files").rglob("*") if path.is_file()]


def test_a_photo_comes_back_exactly(cast: Cast) -> None:
    picture = store_picture(cast.team, PHOTO, lossless=True)
    np.testing.assert_array_equal(load_image(picture), PHOTO)
    assert (picture.width, picture.height, picture.media_type) == (600, 400, "image/webp")
    with open_file(picture.name) as file:
        assert hashlib.sha256(file.read()).hexdigest() == picture.sha256


def test_a_mask_comes_back_exactly(cast: Cast) -> None:
    picture = store_mask(cast.team, MASK)
    np.testing.assert_array_equal(load_mask(picture), MASK)
    assert picture.media_type == "image/png"


def test_previews_are_small_and_never_the_original(cast: Cast) -> None:
    picture = store_picture(cast.team, PHOTO, lossless=True)
    thumb = load_image(Picture(name=picture.thumb_name))
    assert thumb.shape == (171, 256, 3)
    assert load_image(Picture(name=picture.fit_name)).shape == PHOTO.shape
    assert len({picture.name, picture.thumb_name, picture.fit_name}) == 3


def test_the_same_picture_is_stored_once_a_team(cast: Cast, own_files: Path) -> None:
    first = store_picture(cast.team, PHOTO, lossless=True)
    files = stored_files(own_files)
    assert store_picture(cast.team, PHOTO, lossless=True) == first
    assert cast.stranger.team is not None
    other = store_picture(cast.stranger.team, PHOTO, lossless=True)
    assert other != first
    assert other.name == first.name
    assert stored_files(own_files) == files


def test_names_cannot_be_guessed_from_the_bytes(own_files: Path) -> None:
    name = store_bytes(b"bytes", "webp")
    assert hashlib.sha256(b"bytes").hexdigest() not in name
    with override_settings(FILE_NAME_SECRET="another installation"):
        assert store_bytes(b"bytes", "webp") != name


def test_a_file_cut_off_by_a_crash_is_written_again(own_files: Path) -> None:
    name = store_bytes(b"the whole file", "webp")
    (own_files / "files" / name).write_bytes(b"the wh")
    assert store_bytes(b"the whole file", "webp") == name
    with default_storage.open(name) as file:
        assert file.read() == b"the whole file"


@pytest.mark.django_db(transaction=True)
def test_four_at_once_make_one_row_and_one_file(cast: Cast, own_files: Path) -> None:
    start = Barrier(4)
    made: list[int] = []

    def store() -> None:
        start.wait()
        made.append(store_picture(cast.team, PHOTO, lossless=True).pk)
        connection.close()

    threads = [Thread(target=store) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1
    assert len(stored_files(own_files)) == 3
