"""The folder of pictures: what is written is what is read, and the check finds what was changed."""

import json
from pathlib import Path

import numpy as np
import pytest

from generation.imaging.scenes.album import (
    PHOTO_TOLERANCE,
    check_album,
    encoded_photo,
    read_mask,
    read_photo,
    write_album,
)
from generation.imaging.scenes.catalogue import PRODUCTS
from generation.imaging.scenes.photograph import draw

SIZE = 128
FEW = PRODUCTS[:2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_album(tmp_path, FEW, SIZE)
    return tmp_path


def test_written_files_are_read_back(folder: Path) -> None:
    drawn = draw(FEW[0], SIZE)
    assert np.array_equal(read_mask(folder / "serum.mask.png"), drawn.mask)
    photo = read_photo(folder / "serum.webp")
    assert np.abs(photo.astype(int) - drawn.image).mean() < PHOTO_TOLERANCE
    assert [entry["key"] for entry in json.loads((folder / "products.json").read_text())] == ["serum", "flacon"]


def test_writing_twice_gives_the_same_bytes(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    again = tmp_path_factory.mktemp("again")
    write_album(again, FEW, SIZE)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        path.name: path.read_bytes() for path in again.iterdir()
    }


def test_check_is_silent_on_a_fresh_album(folder: Path) -> None:
    assert check_album(folder, FEW, SIZE) == []


def test_check_names_each_change(folder: Path) -> None:
    (folder / "serum.mask.png").write_bytes((folder / "flacon.mask.png").read_bytes())
    (folder / "flacon.webp").write_bytes(encoded_photo(255 - read_photo(folder / "flacon.webp")))
    (folder / "products.json").write_text("[]")
    assert check_album(folder, FEW, SIZE) == [
        "serum: the mask differs",
        "flacon: the photograph differs",
        "products.json differs",
    ]


def test_check_reports_missing_and_broken_files(folder: Path) -> None:
    (folder / "serum.webp").unlink()
    (folder / "flacon.webp").write_bytes(b"not a picture")
    found = check_album(folder, FEW, SIZE)
    assert len(found) == 2
    assert "serum" in found[0]
    assert found[1] == "flacon: flacon.webp is not a picture"
