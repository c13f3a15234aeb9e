"""Datasets in a bucket, and files that leave in ranges, from a folder and from a bucket."""

import hashlib
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client, RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.files import ranged_response
from accounts.tests.bucket import BucketServer
from accounts.tests.factories import Cast
from generation.models import DatasetSnapshot
from generation.services.derivatives import open_file, store_picture
from generation.tests.api_calls import api
from generation.tests.image_cast import table_scene
from reviews.exports.pickapic_parquet import PickapicParquet
from reviews.models import SnapshotExport
from reviews.services.exports import render_export, request_export
from reviews.services.snapshots import freeze_snapshot, open_snapshot
from reviews.tests.factories import claimed, decide, make_item
from reviews.tests.judged_world import World

FORMAT = "pickapic-parquet/1"


@pytest.fixture
def snapshot(cast: Cast, both_storages: str) -> DatasetSnapshot:
    World(cast).add_judged(3)
    return freeze_snapshot(cast.team, cast.ml_engineer, name="mugs")


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def stored(name: str) -> bytes:
    with open_file(name) as stream:
        data: bytes = stream.read()
    return data


def assert_ranges(client: Client, address: str, whole: bytes) -> None:
    """206 for a part, 416 for none, and the whole file when the tag is an older one."""
    complete = client.get(address)
    assert (complete.status_code, complete["Accept-Ranges"], body(complete)) == (200, "bytes", whole)
    etag, size = complete["ETag"], len(whole)
    for asked, first, last in (("5-9", 5, 9), (f"{size - 3}-", size - 3, size - 1), ("-4", size - 4, size - 1)):
        part = client.get(address, headers={"Range": f"bytes={asked}", "If-Range": etag})
        assert (part.status_code, part["Content-Range"]) == (206, f"bytes {first}-{last}/{size}")
        assert (body(part), part["Content-Length"]) == (whole[first : last + 1], str(last - first + 1))
    beyond = client.get(address, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{size}")
    older = client.get(address, headers={"Range": "bytes=5-9", "If-Range": '"older"'})
    assert (older.status_code, body(older)) == (200, whole)
    head = client.head(address, headers={"Range": "bytes=5-9"})
    assert (head.status_code, head["Content-Length"], body(head)) == (200, str(size), b"")


def test_a_snapshot_and_its_export_leave_in_ranges(cast: Cast, snapshot: DatasetSnapshot) -> None:
    assert len(list(open_snapshot(snapshot).candidates())) == 6
    export = request_export(snapshot, FORMAT, cast.ml_engineer)
    assert render_export(export, PickapicParquet())
    export.refresh_from_db()
    for entry in export.files:
        whole = stored(entry["storage"])
        assert hashlib.sha256(whole).hexdigest() == entry["sha256"]
        assert_ranges(api(cast.ml_engineer), f"/exports/{export.handle}/{entry['name']}", whole)


def test_an_approved_image_leaves_in_ranges(cast: Cast, both_storages: str) -> None:
    candidate = make_item(cast.operator).candidates.get()
    candidate.composed = store_picture(cast.team, table_scene(), lossless=True)
    candidate.save()
    decide(cast.reviewer, claimed(cast.reviewer))
    address = f"/approved/{candidate.handle}"
    assert_ranges(api(cast.operator), address, stored(candidate.composed.name))
    default_storage.delete(candidate.composed.name)
    assert api(cast.operator).get(address).status_code == 404


def test_a_download_from_a_bucket_that_is_away_says_so(cast: Cast, bucket: BucketServer) -> None:
    candidate = make_item(cast.operator).candidates.get()
    candidate.composed = store_picture(cast.team, table_scene(), lossless=True)
    candidate.save()
    decide(cast.reviewer, claimed(cast.reviewer))
    bucket.fail_after(0)
    assert api(cast.operator).get(f"/approved/{candidate.handle}").status_code == 503


@pytest.mark.parametrize("asked", ["bytes=2-1", "bytes=-", "bytes=1-2,4-5", "lines=1-2", "bytes=a-b", "bytes=１-2"])
def test_what_is_not_understood_gets_everything(own_files: object, asked: str) -> None:
    name = default_storage.save("a", ContentFile(b"0123456789"))
    answer = ranged_response(RequestFactory().get("/", headers={"Range": asked}), name, etag="a")
    assert (answer.status_code, body(answer)) == (200, b"0123456789")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=40), first=st.integers(0, 50) | st.none(), last=st.integers(0, 50) | st.none())
def test_a_range_is_the_slice_it_names(own_files: object, data: bytes, first: int | None, last: int | None) -> None:
    name = default_storage.save("b", ContentFile(data))
    asked = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    answer = ranged_response(RequestFactory().get("/", headers={"Range": asked}), name, etag="b")
    got = body(answer)
    if (first is None and last is None) or (first is not None and last is not None and last < first):
        assert (answer.status_code, got) == (200, data)
        return
    wanted = data[-(last or 0) or len(data) :] if first is None else data[first : None if last is None else last + 1]
    if wanted:
        assert (answer.status_code, got) == (206, wanted)
    else:
        assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(data)}")


def test_an_export_is_tried_again_when_the_bucket_is_back(cast: Cast, bucket: BucketServer) -> None:
    World(cast).add_judged(3)
    snapshot = freeze_snapshot(cast.team, cast.ml_engineer, name="mugs")
    export = request_export(snapshot, FORMAT, cast.ml_engineer)
    bucket.fail_after(1)
    assert not render_export(export, PickapicParquet())
    export.refresh_from_db()
    assert (export.state, export.attempt_token, export.files) == (SnapshotExport.State.RENDERING, None, [])
    bucket.recover()
    assert render_export(export, PickapicParquet())


def test_a_freeze_that_cannot_store_leaves_no_row(cast: Cast, bucket: BucketServer) -> None:
    World(cast).add_judged(3)
    bucket.fail_after(2)
    form = {"name": "mugs", "variant": "background_enhancement", "include_exploration": "on"}
    assert api(cast.ml_engineer).post("/datasets/freeze/", form).status_code == 503
    assert not DatasetSnapshot.objects.exists()
    bucket.recover()
    assert freeze_snapshot(cast.team, cast.ml_engineer, name="mugs").version == 1
