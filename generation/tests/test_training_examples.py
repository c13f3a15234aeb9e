"""A snapshot in storage as a trainer reads it."""

from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from django.core.files.storage import default_storage

from accounts.tests.factories import Cast
from generation.contracts import EngineError, LabelledPair
from generation.imaging.previews import FIT
from generation.services import examples
from generation.services.examples import SnapshotReader
from generation.tests.frozen import VARIANT, Frozen


@pytest.fixture
def frozen(cast: Cast, tmp_path: Path) -> Frozen:
    folder = tmp_path / "rows"
    folder.mkdir()
    return Frozen(cast, folder)


def test_candidates_and_pairs_come_as_they_were_frozen(frozen: Frozen) -> None:
    reader = SnapshotReader(frozen.freeze(), VARIANT)
    candidates = list(reader.candidates())
    assert [(one.key, one.product, one.split, one.approved) for one in candidates[:2] + candidates[-1:]] == [
        ("0-0", "product-0", "train", True), ("0-1", "product-0", "train", False), ("4-1", "product-4", "test", False),
    ]  # fmt: skip
    for candidate in candidates:
        subject = candidate.subject
        assert np.array_equal(subject.candidate, frozen.images[candidate.key])
        assert np.array_equal(subject.source[subject.mask], subject.candidate[subject.mask])
        assert (subject.prompt, subject.measures) == ("a box on a plain table", {"seam_energy": 1.0})
    assert list(reader.pairs())[3] == LabelledPair("3-0", "3-1", "validation")


def test_pictures_are_read_only_when_they_are_asked_for(frozen: Frozen) -> None:
    reader = SnapshotReader(frozen.freeze(), VARIANT)
    with patch.object(examples, "_read", wraps=examples._read) as read:
        first, second = list(reader.candidates())[:2]
        assert read.call_count == 0
        _ = first.subject, second.subject
        assert read.call_count == 4, "photo and mask once for both siblings"


def test_large_pictures_come_as_scoring_sees_them(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "rows").mkdir()
    reader = SnapshotReader(Frozen(cast, tmp_path / "rows", products=1, side=FIT + 40).freeze(), VARIANT)
    subject = next(reader.candidates()).subject
    assert subject.source.shape == subject.candidate.shape == (FIT, FIT, 3)
    assert subject.mask.shape == (FIT, FIT)


def test_only_the_variant_that_is_trained_is_read(frozen: Frozen) -> None:
    reader = SnapshotReader(frozen.freeze(), "outpainting")
    assert list(reader.candidates()) == []
    assert list(reader.pairs()) == []


def test_changed_rows_and_changed_pictures_stop_a_training_for_good(frozen: Frozen) -> None:
    snapshot = frozen.freeze()
    reader = SnapshotReader(snapshot, VARIANT)
    candidate = next(reader.candidates())
    for directory in Path(default_storage.path("")).glob("*/*/*.webp"):
        directory.write_bytes(b"another picture")
    with pytest.raises(EngineError, match="not the one that was frozen") as error:
        _ = candidate.subject
    assert error.value.permanent
    rows = Path(default_storage.path(snapshot.files["candidates.jsonl"]))
    rows.write_bytes(rows.read_bytes().replace(b"true", b"false"))
    with pytest.raises(EngineError, match=r"candidates.jsonl is not the file") as error:
        list(SnapshotReader(snapshot, VARIANT).candidates())
    assert error.value.permanent
