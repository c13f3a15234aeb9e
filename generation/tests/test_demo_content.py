"""The demonstration pictures in the repository: what a merchant could send, small, licensed, with exact masks."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from generation.contracts import Image, Mask
from generation.imaging.uploads import read_mask, read_photo
from generation.management.commands.seed_demo import DEMO_FOLDER as DEMO

ENTRIES: list[dict[str, str]] = json.loads((DEMO / "products.json").read_text(encoding="utf-8"))
RENDERED = [entry for entry in ENTRIES if entry["licence"] == "Apache-2.0"]
KINDS = {
    "bag", "bottle", "bowl", "box", "can", "candle", "clock", "flask", "headset", "jar", "lamp", "mug", "speaker",
    "teapot", "tin", "tube", "vase", "watch",
}  # fmt: skip
each = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["key"])
each_rendered = pytest.mark.parametrize("entry", RENDERED, ids=lambda entry: entry["key"])


def pictures(entry: dict[str, str]) -> tuple[Image, Mask]:
    """What the program makes of photo and mask when they are uploaded."""
    photo, cut_out = read_photo((DEMO / entry["photo"]).read_bytes(), "image/webp")
    assert cut_out is None
    return photo, read_mask((DEMO / entry["mask"]).read_bytes(), "image/png", photo.shape[:2])


@each
def test_the_program_takes_photo_and_mask_as_an_upload(entry: dict[str, str]) -> None:
    photo, mask = pictures(entry)
    assert photo.shape == ((400, 600, 3) if entry["key"] == "coffee" else (1024, 1024, 3))
    assert 0.04 < mask.mean() < 0.6


@each
def test_mask_is_one_piece_that_the_frame_does_not_cut(entry: dict[str, str]) -> None:
    _photo, mask = pictures(entry)
    pieces, _ = cv2.connectedComponents(mask.astype(np.uint8))
    assert pieces == 2
    if entry in RENDERED:
        assert mask.sum() == mask[40:-40, 40:-40].sum()


def around(pixels: Mask) -> Mask:
    """Pixels and what lies up to four pixels beside them."""
    grown: Mask = cv2.dilate(pixels.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    return grown


@each_rendered
def test_mask_leaves_nothing_of_the_product_out(entry: dict[str, str]) -> None:
    photo, mask = pictures(entry)
    # Sets are smooth, but for the level line where a table meets the wall: only sideways steps of brightness count.
    sharp = np.abs(cv2.Sobel(photo.mean(axis=2, dtype=np.float32), cv2.CV_32F, 1, 0)) > 60
    assert sharp.sum() > 1000
    assert (sharp & around(mask)).sum() > 0.98 * sharp.sum()


@each_rendered
def test_mask_ends_where_the_product_ends_and_not_where_its_shadow_does(entry: dict[str, str]) -> None:
    photo, mask = pictures(entry)
    grey = photo.mean(axis=2, dtype=np.float32)
    sharp = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)) > 40
    rim = mask & (cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0)
    assert (rim & around(sharp)).sum() > 0.75 * rim.sum()


def test_there_are_twenty_four_rendered_products_and_one_photograph() -> None:
    assert len(RENDERED) == 24
    assert [entry["key"] for entry in ENTRIES if entry not in RENDERED] == ["coffee"]
    for name in ("key", "title", "external_id", "photo", "mask"):
        assert len({entry[name] for entry in ENTRIES}) == len(ENTRIES)
    assert [entry["external_id"] for entry in RENDERED] == [f"DEMO-{number:03d}" for number in range(1, 25)]


def test_products_are_of_many_known_kinds() -> None:
    assert {entry["category"] for entry in ENTRIES} == KINDS


def test_licences_are_named_and_explained() -> None:
    explained = (DEMO / "LICENCE.md").read_text(encoding="utf-8")
    assert {entry["licence"].split(" ")[0] for entry in ENTRIES} == {"Apache-2.0", "CC0-1.0"}
    assert all(entry["licence"].split(" ")[0] in explained for entry in ENTRIES)
    assert "Rachel Michetti" in explained


def test_folder_is_small_and_holds_nothing_else() -> None:
    files = {path.name for path in Path(DEMO).iterdir()}
    assert files == {"products.json", "LICENCE.md"} | {entry[kind] for entry in ENTRIES for kind in ("photo", "mask")}
    assert sum((DEMO / name).stat().st_size for name in files) < 6 * 1024 * 1024
