"""Masks by programs: asking, waiting, uploading, drawing; and every bad input answered with a sentence."""

import uuid
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Scope
from accounts.tests.factories import Cast, make_token
from generation.imaging.encoding import encode_mask
from generation.models import MaskProposal, Product
from generation.tasks.masks import propose_mask
from generation.tests.api_calls import api, fields_of
from generation.tests.image_cast import product_photo
from generation.tests.painting import make_product, make_unmasked_product, mask_of

RECTANGLE = {"left": 0.3, "top": 0.2, "right": 0.7, "bottom": 0.9}
LINE = {"tool": "brush", "radius": 0.1, "points": [[0.4, 0.5], [0.6, 0.5]]}


def path(product: Product, rest: str) -> str:
    return f"/api/v1/products/{product.pk}/{rest}"


def send(client: Client, product: Product, rest: str, body: Any, **headers: str) -> Any:
    return client.post(path(product, rest), body, content_type="application/json", headers=headers)


def test_a_program_asks_waits_and_saves(cast: Cast) -> None:
    product = make_unmasked_product(cast.operator)
    client = api(cast.operator)
    asked = send(client, product, "mask-proposals/", {"rectangle": RECTANGLE})
    assert asked.status_code == 201
    assert asked.json()["state"] == "queued"
    where = path(product, f"mask-proposals/{asked.json()['handle']}/")
    waiting = client.get(where)
    assert client.get(where, headers={"If-None-Match": waiting["ETag"]}).status_code == 304
    propose_mask(MaskProposal.objects.get().pk)
    ready = client.get(where, headers={"If-None-Match": waiting["ETag"]})
    assert ready.status_code == 200
    assert ready.json()["state"] == "ready"
    assert ready.json()["notes"] == []
    assert client.get(ready.json()["mask"]["fit_url"]).status_code == 200
    body = {"base": {"kind": "proposal", "handle": asked.json()["handle"]}, "strokes": []}
    saved = send(client, product, "drawn-masks/", body)
    assert saved.status_code == 201
    assert saved.json()["number"] == 2
    drawn, exact = mask_of(product.revisions.latest("number")), product_photo()[1]
    assert (drawn & exact).sum() / (drawn | exact).sum() > 0.95


def test_the_same_key_asks_and_saves_once(cast: Cast) -> None:
    product = make_unmasked_product(cast.operator)
    client = api(cast.operator)
    for rest, body in (
        ("mask-proposals/", {"rectangle": RECTANGLE}),
        ("drawn-masks/", {"base": {"kind": "nothing"}, "strokes": [LINE]}),
    ):
        answers = [send(client, product, rest, body, **{"Idempotency-Key": rest}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 200]
        assert answers[0].json() == answers[1].json()
    assert MaskProposal.objects.count() == 1
    assert product.revisions.count() == 2


def test_an_upload_is_checked_and_shown_before_it_counts(cast: Cast) -> None:
    product = make_unmasked_product(cast.operator)
    client = api(cast.operator)
    moved = np.roll(product_photo()[1], 30, axis=1)
    file = SimpleUploadedFile("mask.png", encode_mask(moved), "image/png")
    answer = client.post(path(product, "mask-proposals/upload/"), {"mask": file})
    assert answer.status_code == 201
    assert answer.json()["state"] == "ready"
    assert [note["code"] for note in answer.json()["notes"]] == ["off_edge"]
    assert product.revisions.count() == 1
    wrong = SimpleUploadedFile("mask.png", encode_mask(moved[::2]), "image/png")
    refused = client.post(path(product, "mask-proposals/upload/"), {"mask": wrong})
    assert refused.status_code == 400
    assert fields_of(refused) == {"mask": "mask_size"}


def test_checking_saves_nothing(cast: Cast) -> None:
    product = make_product(cast.operator)
    dab = LINE | {"points": [[0.05, 0.05]], "radius": 0.03}
    answer = send(api(cast.operator), product, "drawn-masks/check/", {"base": {"kind": "present"}, "strokes": [dab]})
    assert answer.status_code == 200
    assert "parts" in {note["code"] for note in answer.json()}
    assert product.revisions.count() == 1


def test_cancelling(cast: Cast) -> None:
    product = make_unmasked_product(cast.operator)
    client = api(cast.operator)
    handle = send(client, product, "mask-proposals/", {"rectangle": RECTANGLE}).json()["handle"]
    rest = f"mask-proposals/{handle}/cancel/"
    assert send(client, product, rest, {}).json()["state"] == "cancelled"
    assert send(client, product, rest, {}).status_code == 409


@pytest.mark.parametrize(
    ("rest", "body", "fields"),
    [
        ("mask-proposals/", {}, {"rectangle": "rectangle_missing"}),
        ("mask-proposals/", {"rectangle": [0, 0, 1, 1]}, {"rectangle": "rectangle"}),
        ("mask-proposals/", {"rectangle": RECTANGLE | {"left": 0.7}}, {"rectangle": "rectangle_small"}),
        ("mask-proposals/", {"rectangle": RECTANGLE, "segmenter": "rembg"}, {"segmenter": "segmenter"}),
        ("mask-proposals/", {"rectangle": RECTANGLE, "hints": [{}]}, {"strokes": "strokes"}),
        ("mask-proposals/", {"rectangle": RECTANGLE, "revision": 9}, {"revision": "invalid"}),
        ("mask-proposals/", {"rectangle": RECTANGLE, "revision": 2**70}, {"revision": "max_value"}),
        ("drawn-masks/", {"strokes": [LINE]}, {"base": "required"}),
        ("drawn-masks/", {"base": {"kind": "else"}}, {"base.kind": "invalid_choice"}),
        ("drawn-masks/", {"base": {"kind": "proposal", "handle": "x"}}, {"base.handle": "invalid"}),
        ("drawn-masks/", {"base": {"kind": "proposal", "handle": str(uuid.uuid4())}}, {"base": "base"}),
        ("drawn-masks/", {"base": {"kind": "nothing"}, "strokes": []}, {"strokes": "mask_empty"}),
        ("drawn-masks/", {"base": {"kind": "nothing"}, "strokes": [LINE | {"radius": 9}]}, {"strokes": "out_of_range"}),
        ("drawn-masks/check/", {"base": {"kind": "nothing"}, "strokes": {"a": 1}}, {"strokes": "strokes"}),
    ],
)
def test_a_bad_input_is_refused_and_changes_nothing(
    cast: Cast, rest: str, body: dict[str, Any], fields: dict[str, str]
) -> None:
    product = make_unmasked_product(cast.operator)
    answer = send(api(cast.operator), product, rest, body)
    assert answer.status_code == 400
    assert fields_of(answer) == fields
    assert not MaskProposal.objects.exists()
    assert product.revisions.count() == 1


def test_no_number_is_a_number_and_too_much_is_too_much(cast: Cast) -> None:
    product = make_unmasked_product(cast.operator)
    client = api(cast.operator)
    broken = '{"base": {"kind": "nothing"}, "strokes": [{"tool": "brush", "radius": NaN, "points": [[0, 0]]}]}'
    assert send(client, product, "drawn-masks/", broken).status_code == 400
    assert send(client, product, "drawn-masks/", " " * 1_100_000).status_code == 413


def test_another_teams_product_and_a_foreign_proposal_do_not_exist(cast: Cast) -> None:
    ours, theirs = make_unmasked_product(cast.operator), make_unmasked_product(cast.stranger)
    handle = send(api(cast.stranger), theirs, "mask-proposals/", {"rectangle": RECTANGLE}).json()["handle"]
    client = api(cast.operator)
    assert send(client, theirs, "mask-proposals/", {"rectangle": RECTANGLE}).status_code == 404
    assert send(client, theirs, "drawn-masks/", {"base": {"kind": "nothing"}, "strokes": [LINE]}).status_code == 404
    for product in (ours, theirs):
        assert client.get(path(product, f"mask-proposals/{handle}/")).status_code == 404


def test_a_token_needs_the_scope_of_products(cast: Cast) -> None:
    product = make_unmasked_product(cast.operator)
    for scopes, status in (([Scope.PRODUCTS_READ], 403), ([Scope.PRODUCTS_READ, Scope.PRODUCTS_WRITE], 201)):
        secret = make_token(cast.operator, *scopes)
        answer = send(Client(), product, "mask-proposals/", {"rectangle": RECTANGLE}, Authorization=f"Bearer {secret}")
        assert answer.status_code == status
