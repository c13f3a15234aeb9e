"""A folder of pictures: which are products, which are masks, and that nothing outside is ever read."""

import os
from pathlib import Path

import pytest

from generation.importfiles.refusals import RowRefused, SourceRefused
from generation.importfiles.sources import PRODUCTS, Row, open_path
from generation.tests.import_files import archive, mask_png, photo_png, products, table, write


def rows(path: Path) -> list[Row]:
    source, stream = open_path(path, PRODUCTS)
    found = list(source.rows())
    if stream:
        stream.close()
    return found


def test_pictures_are_products_and_masks_are_found_by_name(tmp_path: Path) -> None:
    files = {
        "one.JPG": b"1", "one.mask.png": b"m", "two_mask.png": b"m", "two.webp": b"2", "red-mug_3.png": b"3",
        "x/four.png": b"4", "x/masks/four.png": b"m", "masks/x/five.png": b"m", "x/five.png": b"5",
    }  # fmt: skip
    found = {row.cells["external_id"]: row.cells for row in rows(write(tmp_path, files))}
    assert {name: cells["mask"] for name, cells in found.items()} == {
        "one": "one.mask.png", "two": "two_mask.png", "red-mug_3": "", "x/four": "x/masks/four.png",
        "x/five": "masks/x/five.png",
    }  # fmt: skip
    assert (found["red-mug_3"]["title"], found["x/four"]["title"]) == ("Red mug 3", "Four")


def test_a_mask_without_a_photo_is_told(tmp_path: Path) -> None:
    (row,) = rows(write(tmp_path, {"masks/a.png": b"m"}))
    assert row.refused is not None
    assert (row.name, row.refused.code) == ("masks/a.png", "mask_alone")


def test_a_table_in_the_folder_wins_and_a_table_alone_will_do(tmp_path: Path) -> None:
    write(tmp_path, products(2) | {"photos/9.png": photo_png()})
    assert [row.cells["external_id"] for row in rows(tmp_path)] == ["sku-0", "sku-1"]
    assert [row.read("mask") for row in rows(tmp_path / "products.csv")] == [mask_png(), mask_png()]


@pytest.mark.parametrize("path", ["../secret.png", "link.png", "inner/../../secret.png", "folder", "pipe.png", ""])
def test_nothing_outside_and_nothing_but_a_file_is_read(tmp_path: Path, path: str) -> None:
    folder = write(tmp_path / "in", {"products.csv": table([["a", "A", "", path or "/etc/hostname", ""]])})
    write(tmp_path, {"secret.png": photo_png()})
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe.png")
    (row,) = rows(folder)
    with pytest.raises(RowRefused):
        row.read("photo")


def test_a_name_that_is_no_text_is_refused_and_can_be_shown(tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/a\xff.png", "wb") as file:  # noqa: PTH123  (bytes are no Path)
        file.write(photo_png())
    (row,) = rows(tmp_path)
    assert row.refused is not None
    assert row.refused.code == "name_marks"
    row.name.encode()


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.png").open("wb") as file:
        file.truncate(21 * 1024 * 1024)
    (row,) = rows(tmp_path)
    with pytest.raises(RowRefused) as refused:
        row.read("photo")
    assert (refused.value.code, refused.value.field, refused.value.params) == ("too_large", "photo", {"limit": 20})


def test_an_archive_is_told_from_its_content(tmp_path: Path) -> None:
    write(tmp_path, {"many.zip": archive(products(2)), "no.zip": b"x"})
    assert len(rows(tmp_path / "many.zip")) == 2
    for name, code in (("no.zip", "archive_unreadable"), ("nowhere", "file_missing")):
        with pytest.raises(SourceRefused) as refused:
            rows(tmp_path / name)
        assert refused.value.code == code
