"""manage.py check_files: what is missing and what is left over, in a folder and in a bucket."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.files import file_store
from accounts.tests.bucket import BucketServer
from accounts.tests.factories import Cast
from generation.models import DatasetSnapshot, Picture
from generation.services import derivatives, stored_files
from generation.services.derivatives import store_bytes, store_mask, store_picture
from generation.tests.image_cast import product_photo
from reviews.models import SnapshotExport
from reviews.services.exports import request_export

PHOTO, MASK = product_photo(300, 400)
HASH = "a" * 64


@pytest.fixture
def pictures(cast: Cast) -> list[Picture]:
    return [store_picture(cast.team, PHOTO, lossless=True), store_mask(cast.team, MASK)]


@pytest.fixture
def a_day_later(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every stored file is as old as an orphan must be: clocks of buckets cannot be set."""
    now = timezone.now

    class Later:
        now = staticmethod(lambda: now() + timedelta(hours=25))

    monkeypatch.setattr(stored_files, "timezone", Later)
    monkeypatch.setattr(derivatives, "timezone", Later)
    yield


def check(*options: str) -> tuple[list[dict[str, object]], bool]:
    """What the command says, and whether it ends well."""
    out, good = io.StringIO(), True
    try:
        call_command("check_files", *options, format="json", stdout=out)
    except CommandError:
        good = False
    return [json.loads(line) for line in out.getvalue().splitlines()], good


def kinds(*options: str) -> list[tuple[object, object, object]]:
    return [(entry["kind"], entry["name"], entry["repaired"]) for entry in check(*options)[0]]


def test_nothing_is_wrong(pictures: list[Picture], a_day_later: None) -> None:
    assert check("--repair") == ([], True)
    assert check() == ([], True)


def test_previews_are_made_again_from_the_original(both_storages: str, pictures: list[Picture]) -> None:
    gone = [pictures[0].thumb_name, pictures[1].fit_name]
    for name in gone:
        default_storage.delete(name)
    for options in ((), ("--dry-run",)):
        found, good = check(*options)
        assert not good
        assert [(entry["kind"], entry["name"]) for entry in found] == [("preview_missing", name) for name in gone]
        assert not default_storage.exists(gone[0])
    found, good = check("--repair")
    assert good
    assert [entry["repaired"] for entry in found] == [True, True]
    assert all(default_storage.exists(name) for name in gone)
    assert check() == ([], True)


def test_a_preview_at_full_size_is_known_and_made_again(cast: Cast, a_day_later: None) -> None:
    photo, _mask = product_photo(900, 1400)
    picture = store_picture(cast.team, photo, lossless=True)
    assert check("--repair") == ([], True)
    default_storage.delete(picture.full_name)
    assert kinds("--repair") == [("preview_missing", picture.full_name, True)]
    assert default_storage.exists(picture.full_name)
    assert check() == ([], True)


def test_a_missing_original_is_said_and_cannot_be_repaired(pictures: list[Picture]) -> None:
    photo, mask = pictures
    default_storage.delete(photo.name)
    default_storage.delete(photo.thumb_name)
    default_storage.delete(mask.name)
    default_storage.save(mask.name, ContentFile(b"cut off"))
    assert kinds("--repair") == [
        ("original_missing", photo.name, False),
        ("preview_missing", photo.thumb_name, False),
        ("original_damaged", mask.name, False),
    ]
    assert not check("--repair")[1]


def test_old_files_that_no_row_names_are_deleted(
    both_storages: str, pictures: list[Picture], a_day_later: None
) -> None:
    orphans = {
        store_bytes(b"nobody's", "webp"),
        default_storage.save(f"snapshots/{HASH}-{'b' * 16}/manifest.json", ContentFile(b"{}")),
        default_storage.save(f"exports/{HASH}-{'b' * 32}/data/train.parquet", ContentFile(b"rows")),
        default_storage.save(f"aa/bb/.{'c' * 24}", ContentFile(b"dra")),
    }
    foreign = default_storage.save("backup/of/somebody.webp", ContentFile(b"theirs"))
    assert {name for kind, name, repaired in kinds() if kind == "orphan" and not repaired} == orphans
    assert all(default_storage.exists(name) for name in orphans)
    found, good = check("--repair")
    assert good
    assert {entry["name"] for entry in found if entry["repaired"]} == orphans
    assert not any(default_storage.exists(name) for name in orphans)
    assert default_storage.exists(foreign)
    assert check() == ([], True)


def test_young_files_are_left_alone(pictures: list[Picture]) -> None:
    name = store_bytes(b"on its way to a row", "webp")
    assert check("--repair") == ([], True)
    assert default_storage.exists(name)


def test_an_old_file_that_is_used_anew_is_young_again(
    both_storages: str, pictures: list[Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = store_bytes(b"used twice", "webp")
    before = file_store().get_modified_time(name)
    monkeypatch.setattr(derivatives, "STALE", timedelta(0))
    while file_store().get_modified_time(name) == before:
        assert store_bytes(b"used twice", "webp") == name
    with default_storage.open(name) as stream:
        assert stream.read() == b"used twice"


def test_a_file_taken_into_use_since_it_was_listed_stays(
    pictures: list[Picture], a_day_later: None, cast: Cast
) -> None:
    name = store_bytes(b"late", "webp")
    asked = []

    def known(names: list[str]) -> set[str]:
        asked.append(names)
        return stored_files.known_names(names) | ({name} if len(asked) > 1 else set())

    assert list(stored_files.check_orphans([known], repair=True)) == []  # type: ignore[list-item]
    assert default_storage.exists(name)
    assert len(asked) == 2


def test_with_an_empty_database_nothing_is_deleted(db: None, a_day_later: None) -> None:
    name = store_bytes(b"of another database", "webp")
    assert kinds("--repair") == [("orphan", name, False)]
    assert default_storage.exists(name)


def test_snapshots_and_exports_know_their_files(
    pictures: list[Picture], a_day_later: None, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"manifest.json": default_storage.save(f"snapshots/{HASH}-{'d' * 16}/manifest.json", ContentFile(b"{}"))}
    snapshot = DatasetSnapshot.objects.create(
        team=cast.team, name="mugs", version=1, sha256=HASH, files=files, counts={}, created_by=cast.ml_engineer
    )
    export = request_export(snapshot, "pickapic-parquet/1", cast.ml_engineer)
    stored = default_storage.save(f"exports/{HASH}-{'e' * 32}/train.parquet", ContentFile(b"rows"))
    SnapshotExport.objects.filter(pk=export.pk).update(state="ready", files=[{"name": "a", "storage": stored}])
    assert check("--repair") == ([], True)
    default_storage.delete(stored)
    default_storage.delete(files["manifest.json"])
    assert kinds("--repair") == [("file_missing", files["manifest.json"], False), ("file_missing", stored, False)]


def test_a_bucket_that_is_away_is_no_heap_of_missing_files(cast: Cast, bucket: BucketServer) -> None:
    store_picture(cast.team, PHOTO, lossless=True)
    bucket.fail_after(0)
    with pytest.raises(CommandError, match="Not finished"):
        call_command("check_files", repair=True)
    bucket.recover()
    assert check() == ([], True)


def test_looking_and_acting_exclude_each_other(db: None) -> None:
    with pytest.raises(CommandError, match="not allowed with"):
        call_command("check_files", "--repair", "--dry-run")
