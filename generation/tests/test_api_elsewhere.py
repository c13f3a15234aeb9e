"""`/api/v1/requests/elsewhere/`: candidates made elsewhere come in by multipart, once, each bad one by its index."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Scope
from accounts.tests.factories import Cast, make_token
from generation.models import GenerationRequest, ProductRevision
from generation.tests.adopting import MODEL, PROMPT, adopt, sent_scenes
from generation.tests.api_calls import api, fields_of
from generation.tests.painting import make_product

ADDRESS = "/api/v1/requests/elsewhere/"


def files(count: int = 2) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"{n}.png", data, "image/png") for n, (data, _type) in enumerate(sent_scenes(count))]


def bring(client: Client, of: ProductRevision, key: str = "", **fields: Any) -> Any:
    form = {"product": of.product_id, "model": MODEL, "prompt": PROMPT, "images": files()} | fields
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(ADDRESS, {name: value for name, value in form.items() if value is not None}, headers=headers)


@pytest.fixture
def revision(cast: Cast) -> ProductRevision:
    return make_product(cast.operator).revisions.get()


def test_a_request_is_opened_and_says_where_it_was_made(cast: Cast, revision: ProductRevision) -> None:
    answer = bring(api(cast.operator), revision)
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert (body["state"], body["candidate_count"], body["made_elsewhere_by"]) == ("screening", 2, MODEL)
    assert (body["seed"], body["steps"], body["guidance"]) == (None, None, None)
    detail = api(cast.operator).get(f"/api/v1/requests/{body['id']}/").json()
    assert [candidate["recipe"]["made_elsewhere"] for candidate in detail["candidates"]] == [True, True]


def test_the_same_is_answered_with_what_it_made(cast: Cast, revision: ProductRevision) -> None:
    first = bring(api(cast.operator), revision)
    for key in ("", "k", "k"):
        again = bring(api(cast.operator), revision, key, images=files()[::-1] if not key else files())
        assert (again.status_code, again.json()) == (200, first.json())
    other = bring(api(cast.operator), revision, "k", prompt="another")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert GenerationRequest.objects.count() == 1


def test_a_bad_picture_is_named_by_its_index(cast: Cast, revision: ProductRevision) -> None:
    bad = SimpleUploadedFile("x.png", b"<svg/>", "image/png")
    answer = bring(api(cast.operator), revision, images=[*files(), bad])
    assert (answer.status_code, fields_of(answer)) == (400, {"images.2": "format"})
    empty = bring(api(cast.operator), revision, images=[SimpleUploadedFile("x.png", b""), *files()])
    assert (empty.status_code, fields_of(empty)) == (400, {"images.0": "empty"})
    assert not GenerationRequest.objects.exists()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"images": None}, "images"),
        ({"images": "no file"}, "images.0"),
        ({"images": files(9)}, "images"),
        ({"model": None}, "model"),
        ({"model": "\u200f"}, "model"),
        ({"model": "x" * 121}, "model"),
        ({"prompt": "x" * 501}, "prompt"),
        ({"product": 10**30}, "product"),
        ({"product": "one"}, "product"),
        ({"revision": 2}, "product"),
        ({"variant": "nothing"}, "variant"),
    ],
)
def test_a_wrong_field_is_named(cast: Cast, revision: ProductRevision, sent: dict[str, Any], field: str) -> None:
    answer = bring(api(cast.operator), revision, **sent)
    assert (answer.status_code, set(fields_of(answer))) == (400, {field}), answer.content
    assert not GenerationRequest.objects.exists()


def test_another_teams_product_does_not_exist(cast: Cast, revision: ProductRevision) -> None:
    answer = bring(api(cast.stranger), revision)
    assert (answer.status_code, set(fields_of(answer))) == (400, {"product"})


def test_only_who_may_ask_for_candidates_may_bring_them(cast: Cast, revision: ProductRevision) -> None:
    assert bring(api(cast.ml_engineer), revision).status_code == 403
    assert bring(api(cast.reviewer), revision).status_code == 403
    for scope, status in ((Scope.REQUESTS_READ, 403), (Scope.REQUESTS_WRITE, 201)):
        client = Client(headers={"Authorization": f"Bearer {make_token(cast.operator, scope)}"})
        assert bring(client, revision).status_code == status


def test_json_is_not_taken(cast: Cast, revision: ProductRevision) -> None:
    body = {"product": revision.product_id, "model": MODEL, "prompt": PROMPT, "images": []}
    assert api(cast.operator).post(ADDRESS, body, content_type="application/json").status_code == 415


def test_the_pages_say_who_made_them(cast: Cast) -> None:
    request, _ = adopt(cast.operator)
    client = api(cast.operator)
    for address in (f"/requests/{request.pk}/", "/requests/", f"/products/{request.revisions.get().product_id}/"):
        page = client.get(address).content.decode()
        assert f"Made elsewhere by {MODEL}" in page, address
    page = client.get(f"/requests/{request.pk}/").content.decode()
    assert "Guidance" not in page
    assert "None" not in page
