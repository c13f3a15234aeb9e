"""The Pick-a-Pic export, read back as its trainers read it."""

import hashlib
import io
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from accounts.tests.factories import Cast
from generation.contracts import EngineError
from generation.models import Candidate, DatasetSnapshot
from generation.snapshotfiles import PairRow
from reviews.exports.pickapic_parquet import PickapicParquet
from reviews.exports.rendering import WrittenFile
from reviews.services.exports import render_folder
from reviews.services.snapshots import freeze_snapshot, open_snapshot
from reviews.tests.judged_world import Bundle, World, picture_bytes


@pytest.fixture
def world(cast: Cast) -> World:
    return World(cast)


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datasets.config.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


def freeze(world: World) -> DatasetSnapshot:
    return freeze_snapshot(world.cast.team, world.cast.ml_engineer, name="mugs")


def render(snapshot: DatasetSnapshot, folder: Path, rows_per_file: int = 500) -> list[WrittenFile]:
    folder.mkdir()
    return render_folder(snapshot, PickapicParquet(rows_per_file), folder, lambda done, total: None)


def load(folder: Path, split: str | None = None) -> Any:
    import datasets

    return datasets.load_dataset(str(folder), split=split, cache_dir=str(folder.parent / "cache"))


def original(handle: str) -> bytes:
    picture = Candidate.objects.get(handle=handle).composed
    assert picture is not None
    data: bytes = default_storage.open(picture.name).read()
    return data


def as_diffusers_reads(row: dict[str, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], str]:
    """(preferred, other, caption) by the rule of the scripts: label_0 == 0 swaps, anything else does not."""
    pixels = [np.asarray(Pillow.open(io.BytesIO(row[name])).convert("RGB")) for name in ("jpg_0", "jpg_1")]
    if row["label_0"] == 0:
        pixels = pixels[::-1]
    return pixels[0], pixels[1], row["caption"]


def test_the_folder_loads_and_every_pair_is_the_one_that_was_frozen(world: World, tmp_path: Path) -> None:
    world.add_judged(6)
    snapshot = freeze(world)
    folder = tmp_path / "export"
    render(snapshot, folder)
    loaded = load(folder)
    pairs: dict[str, list[PairRow]] = {}
    for pair in open_snapshot(snapshot).pairs():
        pairs.setdefault(pair.split, []).append(pair)
    sides = set()
    for split, frozen in pairs.items():
        assert len(loaded[split]) == len(frozen)
        for row, pair in zip(loaded[split], frozen, strict=True):
            preferred, other, caption = as_diffusers_reads(row)
            winner, loser = original(pair.winner), original(pair.loser)
            assert np.array_equal(preferred, np.asarray(Pillow.open(io.BytesIO(winner)).convert("RGB")))
            assert np.array_equal(other, np.asarray(Pillow.open(io.BytesIO(loser)).convert("RGB")))
            assert {row["jpg_0"], row["jpg_1"]} == {winner, loser}, "what is fit already is not encoded again"
            assert {row["label_0"], row["label_1"]} == {0.0, 1.0}
            assert row["best_image_uid"] == row[f"image_{int(row['label_1'])}_uid"] == pair.winner
            assert (caption, row["are_different"], row["has_label"]) == (world_prompt(pair), True, True)
            sides.add(row["label_0"])
    assert sides == {0.0, 1.0} or len(frozen) < 6, "the preferred one stands on both sides"


def world_prompt(pair: PairRow) -> str:
    return Candidate.objects.select_related("request").get(handle=pair.winner).request.prompt


def test_columns_have_the_types_that_the_trainers_need(world: World, tmp_path: Path) -> None:
    world.add_judged(3)
    render(freeze(world), tmp_path / "export")
    features = load(tmp_path / "export", "train").features
    kinds = {name: feature.dtype for name, feature in features.items() if hasattr(feature, "dtype")}
    expected = {
        "jpg_0": "binary", "jpg_1": "binary", "label_0": "float64", "label_1": "float64", "caption": "string",
        "are_different": "bool", "has_label": "bool", "num_example_per_prompt": "int64", "image_0_uid": "string",
        "image_1_uid": "string", "best_image_uid": "string", "model_0": "string", "model_1": "string",
        "ranking_id": "int64", "user_id": "int64", "created_at": "timestamp[ns]", "source": "binary", "mask": "binary",
    }  # fmt: skip
    assert {name: kinds[name] for name in expected} == expected


def test_what_the_house_knows_stands_beside_the_pictures(world: World, tmp_path: Path) -> None:
    (request,) = world.add_judged(1)
    render(freeze(world), tmp_path / "export")
    (row,) = load(tmp_path / "export", "train")
    revision = request.revisions.get()
    winner = int(row["label_1"])
    loser = 1 - winner
    assert row["source"] == default_storage.open(revision.photo.name).read()
    assert revision.mask is not None
    assert row["mask"] == default_storage.open(revision.mask.name).read()
    assert (row[f"codes_{winner}"], row[f"codes_{loser}"]) == ([], ["colour_shift"])
    assert (row[f"score_{winner}"], row[f"score_{loser}"]) == (0.9, 0.8)
    assert (row["rule"], row["confidence"], row[f"propensity_{loser}"]) == ("best_over_sibling", 1.0, 1.0)
    assert row["model_0"] == "Painter v1 (aaaaaaaaaaaa)"
    handle = str(world.cast.reviewer.handle)
    assert row["user_id"] == int.from_bytes(hashlib.sha256(handle.encode()).digest()[:8], "big") >> 1
    decided = request.review_items.get().slots.get().decisions.get().created_at
    assert row["created_at"].isoformat()[:26] == decided.replace(tzinfo=None).isoformat()


def test_prompts_are_counted_and_unique_splits_hold_one_pair_each(world: World, tmp_path: Path) -> None:
    revision = world.add_revision()
    for prompt in ["a mug", "a mug", "a cup"]:
        world.judge(world.add_request(revision, prompt=prompt), Bundle(world.cast.reviewer, [True, ["floating"]]))
    world.add_judged(5)
    snapshot = freeze(world)
    render(snapshot, tmp_path / "export")
    loaded = load(tmp_path / "export")
    rows = [row for split in ("train", "validation", "test") for row in loaded[split]]
    counts = {(row["product"], row["caption"]): row["num_example_per_prompt"] for row in rows}
    product = f"product-{revision.product_id}"
    assert (counts[(product, "a mug")], counts[(product, "a cup")]) == (2, 1)
    for split in ("validation", "test"):
        prompts = [row["caption"] for row in loaded[f"{split}_unique"]]
        assert sorted(prompts) == sorted({row["caption"] for row in loaded[split]})


def test_the_same_snapshot_gives_the_same_bytes_in_any_number_of_files(world: World, tmp_path: Path) -> None:
    world.add_judged(8)
    snapshot = freeze(world)
    first, again = render(snapshot, tmp_path / "a"), render(snapshot, tmp_path / "b")
    assert first == again
    assert first[0].name == "manifest.json"
    split = render(snapshot, tmp_path / "c", rows_per_file=2)
    whole, parts = load(tmp_path / "a"), load(tmp_path / "c")
    count = math.ceil(len(whole["train"]) / 2)
    names = [file.name for file in split if file.name.startswith("data/train-")]
    assert names == [f"data/train-{number:05d}-of-{count:05d}.parquet" for number in range(count)]
    assert [list(whole[name]) for name in whole] == [list(parts[name]) for name in whole]


def test_the_manifest_lists_every_file(world: World, tmp_path: Path) -> None:
    world.add_judged(4)
    snapshot = freeze(world)
    folder = tmp_path / "export"
    written = {file.name for file in render(snapshot, folder)}
    manifest = json.loads((folder / "manifest.json").read_text())
    assert {entry["name"] for entry in manifest["files"]} == written - {"manifest.json"}
    for entry in manifest["files"]:
        content = (folder / entry["name"]).read_bytes()
        assert (entry["bytes"], entry["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    rows = sum(entry["rows"] for entry in manifest["files"] if "unique" not in entry["name"] and "rows" in entry)
    assert rows == sum(snapshot.counts["pairs"].values()) == 4
    assert manifest["snapshot"] == {"name": "mugs", "sha256": snapshot.sha256}


def test_two_products_with_pairs_fill_train_and_validation(world: World, tmp_path: Path) -> None:
    for _ in range(6):
        world.judge(world.add_request(), Bundle(world.cast.reviewer, [True, True]))
    world.add_judged(2)
    render(freeze(world), tmp_path / "export")
    loaded = load(tmp_path / "export")
    assert {name: len(rows) for name, rows in loaded.items()} == {"train": 1, "validation": 1, "validation_unique": 1}


def test_one_product_still_loads(world: World, tmp_path: Path) -> None:
    world.add_judged(1)
    render(freeze(world), tmp_path / "export")
    assert {name: len(rows) for name, rows in load(tmp_path / "export").items()} == {"train": 1}


def test_transparency_is_laid_onto_white_and_sizes_are_made_equal(world: World, tmp_path: Path) -> None:
    images = [picture_bytes(1, mode="RGBA", opacity=0), picture_bytes(2, size=(96, 80), encoding="WEBP")]
    world.judge(world.add_request(images=images), Bundle(world.cast.reviewer, [True, ["floating"]]))
    render(freeze(world), tmp_path / "export")
    preferred, other, _caption = as_diffusers_reads(load(tmp_path / "export", "train")[0])
    assert (preferred == 255).all(), "a fully transparent picture is white, not what lies under its alpha"
    assert preferred.shape == other.shape == (40, 48, 3)


def change(name: str) -> None:
    path = Path(default_storage.path(name))
    path.write_bytes(path.read_bytes()[:-1] + b"?")


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [(change, "not the one that was frozen"), (lambda name: default_storage.delete(name), "no longer in storage")],
)
def test_a_picture_that_is_not_the_frozen_one_stops_the_export(
    world: World, tmp_path: Path, harm: Any, sentence: str
) -> None:  # fmt: skip
    (request,) = world.add_judged(1)
    snapshot = freeze(world)
    picture = request.candidates.all()[0].composed
    assert picture is not None
    harm(picture.name)
    with pytest.raises(EngineError, match=sentence) as error:
        render(snapshot, tmp_path / "export")
    assert error.value.permanent


def test_a_picture_that_no_one_can_decode_stops_the_export(world: World, tmp_path: Path) -> None:
    request = world.add_request()
    candidate = request.candidates.all()[0]
    picture = candidate.composed
    assert picture is not None
    content = Path(default_storage.path(picture.name)).read_bytes()[:200]
    Path(default_storage.path(picture.name)).write_bytes(content)
    picture.sha256 = hashlib.sha256(content).hexdigest()
    picture.save()
    world.judge(request, Bundle(world.cast.reviewer, [True, ["floating"]]))
    with pytest.raises(EngineError, match="cannot be decoded"):
        render(freeze(world), tmp_path / "export")


def test_a_snapshot_without_pairs_has_nothing_for_this_format(world: World, tmp_path: Path) -> None:
    world.judge(world.add_request(), Bundle(world.cast.reviewer, [True, True]))
    with pytest.raises(EngineError, match="no preference pair"):
        render(freeze(world), tmp_path / "export")
