"""Pictures in a bucket: stored once, shown, and nothing half done when the bucket fails, hangs or is gone."""

import time

import numpy as np
import pytest
from django.core.files.storage import storages

from accounts.files import StorageAway
from accounts.tests.bucket import BucketServer
from accounts.tests.factories import Cast
from generation.models import Picture, Product
from generation.services.attempts import PRODUCING, run_attempt
from generation.services.derivatives import load_image, load_source, store_bytes, store_picture
from generation.tests.api_calls import api, mask, photo, post_product
from generation.tests.factories import make_request
from generation.tests.image_cast import product_photo


def test_a_product_is_stored_once(cast: Cast, bucket: BucketServer) -> None:
    first = post_product(api(cast.operator))
    assert first.status_code == 201
    written = bucket.written()
    pictures = list(Picture.objects.all())
    assert sorted(written) == sorted({n for row in pictures for n in (row.name, row.thumb_name, row.fit_name)})
    assert post_product(api(cast.operator)).status_code == 201
    assert bucket.written() == written
    assert list(Picture.objects.all()) == pictures
    shown = api(cast.operator).get(first.json()["revisions"][0]["photo"]["fit_url"])
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert len(b"".join(shown.streaming_content)) == int(shown["Content-Length"]) > 100  # type: ignore[attr-defined]


def test_a_picture_comes_back_exactly(cast: Cast, bucket: BucketServer) -> None:
    image, _mask = product_photo(400, 600)
    np.testing.assert_array_equal(load_image(store_picture(cast.team, image, lossless=True)), image)
    with pytest.raises(FileNotFoundError):
        load_image(Picture(name="aa/bb/nobody.webp"))


@pytest.mark.parametrize("writes", [0, 1, 3])  # of four: photo and mask, each with the one preview of a small picture
def test_a_bucket_that_fails_in_the_middle_leaves_no_row(cast: Cast, bucket: BucketServer, writes: int) -> None:
    client = api(cast.operator)
    bucket.fail_after(writes)
    refused = post_product(client)
    assert refused.status_code == 503
    assert (refused["Content-Type"], refused["Retry-After"]) == ("application/problem+json", "60")
    assert refused.json()["code"] == "files_away"
    assert not Product.objects.exists()
    assert not Picture.objects.exists()
    bucket.recover()
    assert post_product(client).status_code == 201


def test_a_page_says_what_to_do(cast: Cast, bucket: BucketServer) -> None:
    bucket.stop()
    form = {"title": "Mug", "category": "", "external_id": "", "photo": photo(), "mask": mask()}
    refused = api(cast.operator).post("/products/new/", form)
    assert refused.status_code == 503
    assert refused["Retry-After"] == "60"
    assert "send the same again in a minute" in refused.content.decode()
    assert not Product.objects.exists()


def test_a_bucket_that_hangs_holds_nobody_up(cast: Cast, bucket: BucketServer) -> None:
    bucket.hang()
    start = time.monotonic()
    assert post_product(api(cast.operator)).status_code == 503
    # Two tries of one second each, and the pause between them.
    assert 1.5 < time.monotonic() - start < 10
    assert not Picture.objects.exists()


def test_a_missing_bucket_is_no_missing_file(bucket: BucketServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storages["default"], "bucket_name", "nobody-made-it")
    with pytest.raises(StorageAway, match="nobody-made-it"):
        store_bytes(b"bytes", "webp")


def test_an_attempt_is_tried_again_when_the_bucket_is_back(cast: Cast, bucket: BucketServer) -> None:
    assert post_product(api(cast.operator)).status_code == 201
    request = make_request(cast.operator, revision=Product.objects.get().revisions.get())
    bucket.fail_after(0)
    assert not run_attempt(request, PRODUCING, lambda _attempt: load_source(request) and None)
    request.refresh_from_db()
    assert (request.state, request.attempt_token, request.attempts) == ("generating", None, 1)
    bucket.recover()
    assert run_attempt(request, PRODUCING, lambda _attempt: load_source(request) and None)
