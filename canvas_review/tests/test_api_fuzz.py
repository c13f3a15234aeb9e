"""Nothing that is posted to the API, and nothing that a list is asked for, ends in a 5xx."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canvas_review.tests.house import House

LEASE = ("api:review-show", "api:review-extend", "api:review-release", "api:review-skip", "api:review-decide")
OF_REQUEST = ("api:request-cancel", "api:request-retry")
ROUTES = (
    "api:request-list", "api:training-run-list", "api:snapshot-list", "api:rework-list", "api:review-claim",
    "api:review-undo", "api:snapshot-exports", "api:queue-list", "api:queue-dry-run-new", "api:quota-list",
    "api:quota-preview", "api:pause-list", "api:holiday-list", *LEASE, *OF_REQUEST,
)  # fmt: skip
FIELDS = (
    "product", "revision", "variant", "prompt", "candidates", "seed", "steps", "guidance", "snapshot", "trainer",
    "name", "since", "until", "include_exploration", "format", "soft", "idempotency_key", "verdicts", "best",
    "cannot_judge", "shown_order", "active_ms", "candidate", "approved", "codes", "comment", "marks", "x", "y", "width",
    "height", "conditions", "field", "op", "value", "audience", "reviewers", "groups", "skills", "position", "overlap",
    "score_floor", "changes", "seen", "reviewer", "cap", "target", "period", "reason", "day", "act", "choice",
    "to_queue", "to_priority", "dry_run", "handles", "queue",
)  # fmt: skip
LIKELY = (
    "background_enhancement", "efficientnet-head", "pickapic-parquet/1", "a-name", "2026-01-01T00:00:00Z",
    "00000000-0000-0000-0000-000000000001", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "seam",
    "NaN", "best_score", "at_least", "2026-12-24", "week", 1, 2,
)  # fmt: skip

texts = st.text(st.characters(), max_size=20)  # with lone surrogates, NUL and direction marks
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts | st.sampled_from(LIKELY)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS) | texts, inner, max_size=5),
    max_leaves=12,
)
bodies = st.dictionaries(st.sampled_from(FIELDS), values, max_size=8) | values
quick = settings(
    max_examples=20,
    deadline=timedelta(seconds=20),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _address(house: House, name: str) -> str:
    if name in LEASE:
        return reverse(name, args=[house.lease.lease_token])
    if name in OF_REQUEST:
        return reverse(name, args=[house.requests["queued"].pk])
    return reverse(name, args=[house.snapshot.pk] if name == "api:snapshot-exports" else [])


@pytest.fixture
def clients(house: House) -> dict[bool, Client]:
    """By whether the desk is theirs: an admin may everything, a lease is the reviewer's."""
    found = {}
    for desk, person in ((False, house.cast.admin), (True, house.cast.reviewer)):
        found[desk] = Client(raise_request_exception=False)
        found[desk].force_login(person)
    return found


def answers_well(answer: Any) -> None:
    assert answer.status_code < 500, answer.content[:500]
    kind = "application/json" if answer.status_code < 400 else "application/problem+json"
    assert answer["Content-Type"] == kind
    json.loads(answer.content)


@pytest.mark.parametrize("name", ROUTES)
def test_any_json_is_answered(house: House, clients: dict[bool, Client], name: str) -> None:
    address = _address(house, name)

    @quick
    @given(bodies)
    def run(body: object) -> None:
        client = clients["review" in name]
        answers_well(client.post(address, json.dumps(body), content_type="application/json"))

    run()


LISTS = (
    "product", "request", "snapshot", "training-run", "model-version", "mask-repair", "queue", "quota", "pause",
    "holiday",
)  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_any_question_is_answered(house: House, clients: dict[bool, Client], name: str) -> None:
    words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    offered = ("state", "variant", "page_size", "cursor", "version", "category", "trainer", "reviewer", "since", "name")
    keys = st.sampled_from(offered) | words

    @quick
    @given(st.dictionaries(keys, words | st.sampled_from(["ready", "queued", "7", "cD0x", "cD1hYmM="]), max_size=3))
    def run(query: dict[str, str]) -> None:
        answers_well(clients[False].get(reverse(f"api:{name}-list"), query))

    run()


def test_any_upload_is_answered(house: House, clients: dict[bool, Client]) -> None:
    parts = st.dictionaries(st.sampled_from(["title", "category", "external_id", "photo", "mask"]), texts, max_size=5)

    @quick
    @given(parts, st.binary(max_size=60))
    def run(fields: dict[str, str], tail: bytes) -> None:
        body = b"".join(
            f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="{value}"\r\n\r\n'.encode(errors="ignore")
            + tail + b"\r\n"
            for name, value in fields.items()
        )  # fmt: skip
        answers_well(
            clients[False].post("/api/v1/products/", body + b"--b--", content_type="multipart/form-data; boundary=b")
        )

    run()
