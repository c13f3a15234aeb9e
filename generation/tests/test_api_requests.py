"""`/api/v1/requests/`: asked for once for each key, within the limits, and moved only where it may go."""

from typing import Any

import pytest

from accounts.tests.factories import Cast
from delivery.models import OutboxMessage
from generation.models import GenerationRequest
from generation.tests.api_calls import api, fields_of
from generation.tests.factories import make_request, make_revision

REQUESTS = "/api/v1/requests/"


def _open(cast: Cast, key: str = "", **fields: Any) -> Any:
    body = {"product": make_revision(cast.operator).product_id, "prompt": "a mug on a table"} | fields
    headers = {"Idempotency-Key": key} if key else {}
    return api(cast.operator).post(REQUESTS, body, content_type="application/json", headers=headers)


def test_a_request_is_opened_with_the_variants_defaults_and_posted(cast: Cast) -> None:
    answer = _open(cast)
    assert answer.status_code == 201
    body = answer.json()
    opened = GenerationRequest.objects.get(pk=body["id"])
    assert (body["state"], body["candidate_count"]) == ("queued", opened.candidate_count)
    assert opened.created_by == cast.operator
    assert OutboxMessage.objects.filter(topic="request.opened").count() == 1


def test_the_newest_revision_is_taken_unless_another_is_named(cast: Cast) -> None:
    first = make_revision(cast.operator)
    second = make_revision(cast.operator, first.product)
    for named, taken in ((None, second), (1, first)):
        pk = _open(cast, product=first.product_id, revision=named).json()["id"]
        assert list(GenerationRequest.objects.get(pk=pk).revisions.all()) == [taken]


def test_the_variants_settings_are_taken_and_told(cast: Cast) -> None:
    body = _open(cast, variant="outpainting", parameters={"aspect": "9:16"}).json()
    assert body["parameters"] == {"aspect": "9:16", "place": "middle"}
    assert GenerationRequest.objects.get(pk=body["id"]).parameters == body["parameters"]


def test_a_key_opens_one_request(cast: Cast) -> None:
    product = make_revision(cast.operator).product_id
    first, again = _open(cast, "k", product=product), _open(cast, "k", product=product)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    other = _open(cast, "k", product=product, seed=5)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert GenerationRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"product": 10**30}, "product"),
        ({"product": -1}, "product"),
        ({"product": "1; drop"}, "product"),
        ({"product": {"id": 1}}, "product"),
        ({"revision": 10**30}, "product"),
        ({"prompt": " \u200f "}, "prompt"),
        ({"prompt": "x" * 501}, "prompt"),
        ({"prompt": ["a"]}, "prompt"),
        ({"variant": "nothing"}, "variant"),
        ({"variant": ["background_enhancement"]}, "variant"),
        ({"candidates": 9}, "candidates"),
        ({"candidates": 0}, "candidates"),
        ({"candidates": True}, "candidates"),
        ({"seed": 2**31}, "seed"),
        ({"seed": 2**31 - 1}, "seed"),  # the last candidate's own seed would not fit
        ({"steps": 101}, "steps"),
        ({"guidance": 31}, "guidance"),
        ({"parameters": {"aspect": "16:9"}}, "aspect"),
        ({"variant": "outpainting", "parameters": {"aspect": "5:1"}}, "aspect"),
        ({"variant": "outpainting", "parameters": {"aspect": "1:1"}}, "aspect"),  # the photo has that format
        ({"variant": "outpainting", "parameters": {"aspect": ["16:9"]}}, "parameters.aspect"),
        ({"variant": "outpainting", "parameters": "16:9"}, "parameters"),
        ({"guidance": "NaN"}, "guidance"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_by_field(cast: Cast, sent: dict[str, Any], field: str) -> None:
    answer = _open(cast, **sent)
    assert answer.status_code == 400
    assert list(fields_of(answer)) == [field]
    assert not GenerationRequest.objects.exists()


def test_another_teams_product_is_none(cast: Cast) -> None:
    answer = _open(cast, product=make_revision(cast.stranger).product_id)
    assert (answer.status_code, list(fields_of(answer))) == (400, ["product"])


def test_what_nobody_may_set_is_not_set(cast: Cast) -> None:
    assert _open(cast, state="ready", team=0, created_by=cast.admin.pk, attempts=3, failure="x").status_code == 201
    opened = GenerationRequest.objects.get()
    assert (opened.state, opened.team, opened.created_by, opened.attempts, opened.failure) == (
        "queued", cast.team, cast.operator, 0, "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "state", "status"),
    [("cancel", "queued", 200), ("cancel", "ready", 409), ("retry", "failed", 200), ("retry", "queued", 409)],
)
def test_a_request_moves_only_where_it_may(cast: Cast, verb: str, state: str, status: int) -> None:
    found = make_request(cast.operator, state=state)
    answer = api(cast.operator).post(f"{REQUESTS}{found.pk}/{verb}/", {}, content_type="application/json")
    assert answer.status_code == status
    found.refresh_from_db()
    if status == 409:
        assert answer.json()["code"] == "conflict"
        assert found.state == state
    else:
        assert answer.json()["state"] == found.state == {"cancel": "cancelled", "retry": "queued"}[verb]
