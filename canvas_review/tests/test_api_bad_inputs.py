"""Whatever is sent to the API, it answers a problem with its stated 4xx, and never a page or a 5xx."""

import base64
import json
import os
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.tests.factories import Cast, make_token
from canvas_review.parsing import MAX_JSON_BYTES
from canvas_review.uploads import MAX_FILE_BYTES
from generation.models import GenerationRequest, Product
from generation.tests.api_calls import api, fields_of, mask, post_product
from generation.tests.factories import make_request, make_revision

LISTS = (
    "products", "requests", "snapshots", "training-runs", "model-versions", "mask-repairs", "imports", "people",
    "groups", "skills", "time-sheets", "queues", "quotas", "quotas/used", "pauses", "holidays",
)  # fmt: skip
REQUESTS = "/api/v1/requests/"


def is_problem(answer: Any, status: int) -> None:
    assert answer.status_code == status, answer.content[:300]
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert {"type", "title", "detail"} <= set(body)


def send(cast: Cast, raw: bytes, content_type: str = "application/json") -> Any:
    return api(cast.operator).post(REQUESTS, raw, content_type=content_type)


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"nothing",
        b'{"product": 1, "product": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b'{"guidance": NaN}',
        b'{"guidance": -Infinity}',
        b'{"guidance": 1e999}',
        b'{"seed": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 30 + b"1" + b"}" * 30,
        rb'{"prompt": "\ud800"}',
        rb'{"\udfff": 1}',
        b'{"prompt": "a\x00b"}',
        b'{"prompt": "\xff\xfe"}',
        '{"prompt": "a"}'.encode("utf-16"),
    ],
)
def test_json_that_is_none_is_not_read(cast: Cast, raw: bytes) -> None:
    answer = send(cast, raw)
    is_problem(answer, 400)
    assert answer.json()["code"] == "parse_error"


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b'"text"', b"7", rb'{"product": 1, "prompt": "a\u0000b"}'])
def test_json_that_is_no_request_is_refused(cast: Cast, raw: bytes) -> None:
    answer = send(cast, raw)
    is_problem(answer, 400)
    assert answer.json()["code"] == "invalid"
    assert not GenerationRequest.objects.exists()


def test_honest_json_is_read(cast: Cast) -> None:
    body = {"product": make_revision(cast.operator).product_id, "prompt": "Eine „Tasse“ 🫖", "guidance": 2.5e0}
    answer = send(cast, json.dumps(body, ensure_ascii=False).encode())
    assert answer.status_code == 201
    assert answer.json()["prompt"] == "Eine „Tasse“ 🫖"


def test_a_body_has_a_largest_size(cast: Cast) -> None:
    is_problem(send(cast, json.dumps({"prompt": "x" * MAX_JSON_BYTES}).encode()), 413)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x", "nonsense"]
)
def test_other_media_types_are_refused(cast: Cast, content_type: str) -> None:
    is_problem(send(cast, b'{"product": 1}', content_type), 415)


def test_a_broken_multipart_body_is_refused(cast: Cast) -> None:
    client = api(cast.operator)
    is_problem(client.post("/api/v1/products/", b"--x\r\n", content_type="multipart/form-data; boundary=x"), 400)
    is_problem(client.post("/api/v1/products/", b"abc", content_type="multipart/form-data"), 400)
    is_problem(client.post("/api/v1/products/", {"title": "a"}, content_type="application/json"), 415)


def test_a_form_with_too_many_fields_is_refused(cast: Cast) -> None:
    is_problem(post_product(api(cast.operator), **{f"field{number}": "x" for number in range(600)}), 400)


@pytest.mark.parametrize("signed_in_by", ["session", "token"])
def test_a_file_over_the_limit_is_refused_while_it_streams(cast: Cast, signed_in_by: str) -> None:
    large = SimpleUploadedFile("large.png", b"\x89PNG\r\n\x1a\n" + bytes(MAX_FILE_BYTES), "image/png")
    form = {"title": "Mug", "photo": large, "mask": mask()}
    if signed_in_by == "session":
        is_problem(api(cast.operator).post("/api/v1/products/", form), 413)
    else:
        headers = {"Authorization": f"Bearer {make_token(cast.operator)}"}
        is_problem(Client().post("/api/v1/products/", form, headers=headers), 413)
    assert not Product.objects.exists()


def test_a_page_refuses_the_same_file(cast: Cast) -> None:
    large = SimpleUploadedFile("large.png", bytes(MAX_FILE_BYTES + 1), "image/png")
    answer = api(cast.operator).post("/products/new/", {"title": "Mug", "photo": large, "mask": mask()})
    assert answer.status_code == 413
    assert answer["Content-Type"].startswith("text/html")
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    "path", ["", "nothing/", "products/0x1/", "products/9999999999999999999/", "review/leases/1/show/", "products/%00/"]
)
def test_an_address_of_nothing_is_a_problem_and_no_page(cast: Cast, path: str) -> None:
    is_problem(api(cast.operator).get(f"/api/v1/{path}"), 404)


def test_a_page_that_is_not_there_is_a_page(cast: Cast) -> None:
    answer = api(cast.operator).get("/nothing/")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")


def test_a_method_that_is_not_offered(cast: Cast) -> None:
    found = make_request(cast.operator)
    for method in ("put", "patch", "delete"):
        is_problem(getattr(api(cast.operator), method)(f"{REQUESTS}{found.pk}/"), 405)


@pytest.mark.parametrize("name", [*LISTS, "schema", "docs"])
def test_who_is_not_signed_in_is_told_how(db: None, name: str) -> None:
    answer = Client().get(f"/api/v1/{name}/")
    is_problem(answer, 401)
    assert answer["WWW-Authenticate"] == "Bearer"


def test_an_answer_in_another_format_is_not_offered(cast: Cast) -> None:
    is_problem(api(cast.operator).get(REQUESTS, headers={"Accept": "text/csv"}), 406)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    "query",
    ["ordering=-pk", "team=1", "state__in=ready", "created_by__password__startswith=a", "stat=ready", "=", "%00=1"],
)
def test_a_parameter_nobody_offered_is_refused(cast: Cast, name: str, query: str) -> None:
    answer = api(cast.admin).get(f"/api/v1/{name}/?{query}")
    is_problem(answer, 400)
    assert set(fields_of(answer).values()) == {"unknown_parameter"}


@pytest.mark.parametrize("query", ["state=nothing", "state=%00", "variant=%27"])
def test_a_filter_takes_what_it_offers(cast: Cast, query: str) -> None:
    is_problem(api(cast.operator).get(f"{REQUESTS}?{query}"), 400)


@pytest.mark.parametrize("query", ["version=abc", "version=1e9999", "version=NaN", "name=%00"])
def test_a_number_is_a_number(cast: Cast, query: str) -> None:
    is_problem(api(cast.admin).get(f"/api/v1/snapshots/?{query}"), 400)


@pytest.mark.parametrize("size", ["0", "-1", "ten", "1.5", "", "٣", "9" * 5000, "%00"])
def test_a_page_size_is_a_whole_number(cast: Cast, size: str) -> None:
    answer = api(cast.operator).get(f"{REQUESTS}?page_size={size}")
    is_problem(answer, 400)
    assert list(fields_of(answer)) == ["page_size"]


@pytest.mark.parametrize(
    "cursor",
    ["garbage", "%00", "é", base64.b64encode(b"p=abc").decode(), base64.b64encode(b"o=-5&p=" + b"9" * 40).decode()],
)
def test_a_forged_cursor_is_no_page(cast: Cast, cursor: str) -> None:
    make_request(cast.operator)
    is_problem(api(cast.operator).get(REQUESTS, {"cursor": cursor}), 404)


def test_a_list_is_walked_by_its_cursors_and_filtered(cast: Cast) -> None:
    made = [make_request(cast.operator, state="ready" if number % 2 else "queued").pk for number in range(5)]
    make_request(cast.stranger)
    client = api(cast.operator)
    seen, url = [], f"{REQUESTS}?page_size=2"
    while url:
        page = client.get(url).json()
        assert len(page["results"]) <= 2
        seen += [row["id"] for row in page["results"]]
        url = page["next"]
    assert seen == made[::-1]
    assert [row["id"] for row in client.get(f"{REQUESTS}?state=ready").json()["results"]] == [made[3], made[1]]


def test_a_page_holds_at_most_a_hundred(cast: Cast) -> None:
    revision = make_revision(cast.operator)
    for _ in range(101):
        make_request(cast.operator, revision=revision)
    page = api(cast.operator).get(f"{REQUESTS}?page_size=1000000").json()
    assert len(page["results"]) == 100
    assert page["next"]


@pytest.mark.parametrize(
    "url",
    [
        "/requests/?page=1000000000", "/requests/?page=" + "9" * 5000, "/requests/?state=%00", "/products/?page=%00",
        "/requests/new/?product=" + "9" * 5000, "/requests/new/?product=%00", "/requests/new/?product=" + "9" * 18,
    ],
)  # fmt: skip
def test_pages_bear_odd_parameters(cast: Cast, url: str) -> None:
    assert api(cast.operator).get(url).status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        "/pictures/a%00b.webp",
        "/pictures/../../etc/passwd",
        "/requests/" + "9" * 5000 + "/",
        "/requests/" + "9" * 30 + "/",
    ],
)
def test_odd_addresses_lead_nowhere(cast: Cast, url: str) -> None:
    assert api(cast.operator).get(url).status_code == 404


def test_odd_forms_change_nothing(cast: Cast) -> None:
    assert api(cast.admin).post("/quotas/a%00b/", {"daily_images": 1}).status_code == 404
    assert api(cast.ml_engineer).post("/training/new/", {"snapshot": "9" * 5000}).status_code == 404
    odd = {"revision": "9" * 5000, "prompt": "a\x00b", "candidate_count": "1e9", "seed": "-1"}
    assert api(cast.operator).post("/requests/new/", odd).status_code == 400
    freeze = {"name": "../x", "variant": "nothing", "since": "9999-99-99", "until": "\x00"}
    assert api(cast.ml_engineer).post("/datasets/freeze/", freeze).status_code == 400


def test_random_bytes_are_no_product(cast: Cast) -> None:
    for size in (1, 100, 5000):
        noise = SimpleUploadedFile("photo.png", os.urandom(size), "image/png")
        is_problem(post_product(api(cast.operator), photo=noise), 400)
