"""The demonstration pictures in the repository: readable, small, licensed, and what the program draws."""

import json
from io import StringIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from django.core.management import CommandError, call_command

from generation.imaging.scenes.album import Entry, differences, read_mask, read_photo
from generation.imaging.scenes.catalogue import PRODUCTS
from generation.imaging.scenes.photograph import Product, draw
from generation.management.commands import draw_demo_products

DEMO = Path(draw_demo_products.DEMO_FOLDER)
ENTRIES: list[Entry] = json.loads((DEMO / "products.json").read_text(encoding="utf-8"))
each = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["key"])


@each
def test_pictures_are_readable_and_fit_together(entry: Entry) -> None:
    photo, mask = read_photo(DEMO / entry["photo"]), read_mask(DEMO / entry["mask"])
    assert photo.shape[:2] == ((400, 600) if entry["key"] == "coffee" else (1024, 1024))
    assert mask.shape == photo.shape[:2]
    assert 0.05 < mask.mean() < 0.6
    assert (DEMO / entry["photo"]).stat().st_size <= 90 * 1024


@each
def test_mask_has_exactly_two_values_in_one_piece(entry: Entry) -> None:
    stored = cv2.imread(str(DEMO / entry["mask"]), cv2.IMREAD_UNCHANGED)
    assert stored is not None
    assert np.unique(stored).tolist() == [0, 255]
    pieces, _ = cv2.connectedComponents((stored > 0).astype(np.uint8))
    assert pieces == 2


def test_there_are_enough_products_and_no_two_are_named_alike() -> None:
    assert len(ENTRIES) >= 15
    for name in ("key", "title", "external_id", "photo", "mask"):
        assert len({entry[name] for entry in ENTRIES}) == len(ENTRIES)


def test_licences_are_named_and_explained() -> None:
    explained = (DEMO / "LICENCE.md").read_text(encoding="utf-8")
    assert {entry["licence"].split(" ")[0] for entry in ENTRIES} == {"Apache-2.0", "CC0-1.0"}
    assert all(entry["licence"].split(" ")[0] in explained for entry in ENTRIES)
    assert "Rachel Michetti" in explained


def test_folder_is_small_and_holds_nothing_else() -> None:
    files = {path.name for path in DEMO.iterdir()}
    assert files == {"products.json", "LICENCE.md"} | {entry[kind] for entry in ENTRIES for kind in ("photo", "mask")}
    assert sum((DEMO / name).stat().st_size for name in files) < 2 * 1024 * 1024


@pytest.mark.parametrize("product", (PRODUCTS[2], PRODUCTS[4]), ids=lambda product: product.key)
def test_stored_pictures_are_what_the_program_draws(product: Product) -> None:
    assert differences(DEMO, product, draw(product)) == []


def test_command_draws_and_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw_demo_products, "PRODUCTS", PRODUCTS[2:3])
    said = StringIO()
    call_command("draw_demo_products", "--out", str(tmp_path), stdout=said)
    call_command("draw_demo_products", "--out", str(tmp_path), "--check", stdout=said)
    assert "1 products are as drawn" in said.getvalue()
    (tmp_path / "products.json").unlink()
    with pytest.raises(CommandError, match=r"products\.json differs"):
        call_command("draw_demo_products", "--out", str(tmp_path), "--check", stdout=said)
