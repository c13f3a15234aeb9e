"""`/api/v1/products/`: photos come in by multipart, with a mask or an alpha channel, once for each key."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.tests.factories import Cast
from generation.models import Picture, Product
from generation.tests.api_calls import PRODUCTS, SIDE, api, fields_of, mask, photo, post_product
from generation.tests.painting import mask_of


def test_a_product_comes_with_its_first_revision(cast: Cast) -> None:
    answer = post_product(api(cast.operator), title="  Red   mug ", category="mug", external_id="sku-1")
    assert answer.status_code == 201
    body = answer.json()
    assert (body["title"], body["category"], body["external_id"]) == ("Red mug", "mug", "sku-1")
    (revision,) = body["revisions"]
    assert (revision["number"], revision["photo"]["width"], revision["mask_coverage"]) == (1, SIDE, 0.25)
    assert api(cast.operator).get(f"{PRODUCTS}{body['id']}/").json() == body
    assert api(cast.operator).get(revision["photo"]["fit_url"]).status_code == 200


def test_the_alpha_channel_is_the_mask(cast: Cast) -> None:
    answer = post_product(api(cast.operator), photo=photo(cut_out=True), mask=None)
    assert answer.status_code == 201
    drawn = mask_of(Product.objects.get().revisions.get())
    assert drawn.sum() == 48 * 48
    assert bool(np.all(drawn[24:72, 24:72]))


def test_a_photo_may_come_before_its_mask(cast: Cast) -> None:
    client = api(cast.operator)
    made = post_product(client, mask=None).json()
    (first,) = made["revisions"]
    assert (first["mask"], first["mask_coverage"]) == (None, None)
    asked = client.post("/api/v1/requests/", {"product": made["id"], "prompt": "a mug"}, "application/json")
    assert (asked.status_code, fields_of(asked)) == (400, {"products": "mask_missing"})
    answer = client.post(f"{PRODUCTS}{made['id']}/revisions/", {"mask": mask()})
    assert answer.status_code == 201
    assert answer.json()["revisions"][0]["mask_coverage"] == 0.25


@pytest.mark.parametrize(
    ("sent", "field", "code"),
    [
        ({"mask": mask(64, inset=16)}, "mask", "mask_size"),
        ({"title": "\u202e \u200f"}, "title", "title_missing"),
        ({"title": "x" * 201}, "title", "max_length"),
        ({"title": None}, "title", "required"),
        ({"photo": None}, "photo", "required"),
        ({"photo": "not a file"}, "photo", "invalid"),
        ({"photo": SimpleUploadedFile("a.png", b"", "image/png")}, "photo", "empty"),
        ({"photo": SimpleUploadedFile("a.png", b"<svg onload=alert(1)>", "image/png")}, "photo", None),
        ({"category": "a\x00b"}, "category", "null_characters_not_allowed"),
    ],
)
def test_what_is_no_product_is_refused_by_field_and_leaves_nothing(
    cast: Cast, sent: dict[str, Any], field: str, code: str | None
) -> None:
    answer = post_product(api(cast.operator), **sent)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    refused = fields_of(answer)
    assert list(refused) == [field]
    assert code is None or refused[field] == code
    assert not Product.objects.exists()
    assert not Picture.objects.exists()


def test_an_external_id_is_taken_once(cast: Cast) -> None:
    assert post_product(api(cast.operator), external_id="sku-1").status_code == 201
    again = post_product(api(cast.operator), external_id="sku-1")
    assert again.status_code == 400
    assert fields_of(again) == {"external_id": "external_id_taken"}


def test_a_key_makes_one_product(cast: Cast) -> None:
    first = post_product(api(cast.operator), key="k-1", external_id="sku-1")
    again = post_product(api(cast.operator), key="k-1", external_id="sku-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Product.objects.count() == 1


@pytest.mark.parametrize("other", [{"title": "Another"}, {"photo": photo(170)}, {"mask": mask(inset=20)}])
def test_a_key_stands_for_one_content(cast: Cast, other: dict[str, Any]) -> None:
    post_product(api(cast.operator), key="k-1")
    answer = post_product(api(cast.operator), key="k-1", **other)
    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency_key_reused"
    assert Product.objects.count() == 1


def test_a_key_is_its_senders_own(cast: Cast) -> None:
    post_product(api(cast.operator), key="k-1")
    assert post_product(api(cast.admin), key="k-1").status_code == 201
    assert post_product(api(cast.stranger), key="k-1", title="Another").status_code == 201


@pytest.mark.parametrize("key", ["x" * 101, "a\tb"])
def test_a_key_is_short_and_printable(cast: Cast, key: str) -> None:
    assert fields_of(post_product(api(cast.operator), key=key)) == {"Idempotency-Key": "invalid"}


@pytest.mark.django_db(transaction=True)
def test_the_same_key_from_four_at_once_makes_one_product(cast: Cast) -> None:
    def send(_number: int) -> tuple[int, int]:
        answer = post_product(api(cast.operator), key="k-1", external_id="sku-1")
        return answer.status_code, answer.json().get("id", 0)

    def send_apart(number: int) -> tuple[int, int]:
        try:
            start.wait(30)
            return send(number)
        finally:
            connection.close()

    start = Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send_apart, range(4)))
    assert sorted(status for status, _pk in answers) == [200, 200, 200, 201]
    assert len({pk for _status, pk in answers}) == 1
    assert Product.objects.count() == 1


@pytest.mark.parametrize("sent", [{"photo": photo(170), "mask": mask()}, {"mask": mask(inset=30)}])
def test_a_revision_is_added_and_the_first_one_stays(cast: Cast, sent: dict[str, SimpleUploadedFile]) -> None:
    client = api(cast.operator)
    made = post_product(client).json()
    for file in sent.values():
        file.seek(0)
    answer = client.post(f"{PRODUCTS}{made['id']}/revisions/", sent)
    assert answer.status_code == 201
    newest, first = answer.json()["revisions"]
    assert (newest["number"], first) == (2, made["revisions"][0])
    assert newest != first


def test_a_revision_of_nothing_is_refused(cast: Cast) -> None:
    client = api(cast.operator)
    made = post_product(client).json()
    answer = client.post(f"{PRODUCTS}{made['id']}/revisions/", {})
    assert (answer.status_code, fields_of(answer)) == (400, {"photo": "nothing_sent"})


def test_what_nobody_may_set_is_not_set(cast: Cast) -> None:
    answer = post_product(
        api(cast.operator), id="7", team=str(cast.stranger.team.pk if cast.stranger.team else 0),
        created_by=str(cast.admin.pk), created_at="2001-01-01",
    )  # fmt: skip
    assert answer.status_code == 201
    product = Product.objects.get()
    assert (product.team, product.created_by) == (cast.team, cast.operator)
    assert product.created_at.year > 2001
