"""Every page of every role stands with real objects in it, asks few questions, and keeps to the content policy."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.factories import make_user
from canvas_review.tests.house import House
from canvas_review.tests.pages import PAGES, parse, visitor
from delivery.models import Notice, WebhookAttempt, WebhookEndpoint
from delivery.services import notices, webhooks
from generation.models import LimitChange, ModelVersion, TrainingRun
from generation.services import limits
from generation.services.repairs import report_mask
from generation.tests.factories import make_request, make_revision, make_version
from generation.variants import VARIANTS
from reviews.models import Rework, SnapshotExport
from reviews.services import quotas
from reviews.services.bundles import Question
from reviews.tests.factories import claimed, decide, make_item, make_snapshot

MOST_QUERIES = 20


def get(house: House, role: str, address: str) -> Any:
    return visitor(house, role).get(address)


@pytest.mark.parametrize(("role", "page"), PAGES)
def test_a_page_stands(house: House, role: str, page: str) -> None:
    client = visitor(house, role)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(PAGES[role, page](house))
    assert answer.status_code == 200
    assert len(asked) <= MOST_QUERIES, [query["sql"][:100] for query in asked]
    _keeps_to_the_policy(answer)


def _keeps_to_the_policy(answer: Any) -> None:
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert answer["X-Frame-Options"] == "DENY"
    parsed = parse(answer.content.decode())
    assert "style" not in parsed.elements
    wrong = [(tag, name) for tag, name, _value in parsed.attributes if name == "style" or name.startswith("on")]
    assert wrong == []
    assert [script for script in parsed.scripts if not script.get("src", "").startswith("/")] == []
    addresses = [value for _tag, name, value in parsed.attributes if name in ("src", "href", "action")]
    assert [value for value in addresses if value.lower().startswith(("javascript:", "data:", "http", "//"))] == []
    ids = [value for _tag, name, value in parsed.attributes if name == "id"]
    assert len(ids) == len(set(ids))


def _more_products(house: House) -> None:
    make_revision(house.cast.operator)


def _more_requests(house: House) -> None:
    make_request(house.cast.operator)


def _more_repairs(house: House) -> None:
    report_mask(make_request(house.cast.operator), house.cast.reviewer, note="Too wide")


def _more_questions(house: House) -> None:
    make_item(house.cast.operator, 2)
    decide(house.cast.second_reviewer, claimed(house.cast.second_reviewer), [], escalate=Question("Why?"))


def _more_versions(house: House) -> None:
    snapshot = make_snapshot(house.cast.ml_engineer)
    version = make_version("reward", snapshot=snapshot, created_by=house.cast.ml_engineer)
    ModelVersion.objects.filter(pk=version.pk).update(is_demonstration=True)
    TrainingRun.objects.create(
        team=house.cast.team, trainer="efficientnet-head", variant="background_enhancement", snapshot=snapshot,
        version=version, created_by=house.cast.ml_engineer,
    )  # fmt: skip


def _more_snapshots(house: House) -> None:
    snapshot = make_snapshot(make_user(house.cast.team, "ml_engineer"))
    SnapshotExport.objects.create(snapshot=snapshot, format="pickapic-parquet/1", created_by=house.cast.ml_engineer)


def _more_reviewers(house: House) -> None:
    quotas.set_limit(make_user(house.cast.team, "reviewer"), 20, by=house.cast.admin)


def _more_reworks(house: House) -> None:
    Rework.objects.create(
        team=house.cast.team, kind="withdraw", reason="So.", state="done", done_by=make_user(house.cast.team, "admin")
    )


def _more_limit_changes(house: House) -> None:
    number = LimitChange.objects.count()
    variant = VARIANTS["background_enhancement"]
    limits.change_limit(
        house.cast.team, make_user(house.cast.team, "admin"), variant, "seam_energy", threshold=1 + number / 10,
        blocks=True, reason="So.",
    )  # fmt: skip


def _more_images(house: House) -> None:
    make_item(house.cast.operator)


def _more_decisions(house: House) -> None:
    _more_images(house)
    decide(house.cast.admin, claimed(house.cast.admin))


def _more_notices(house: House) -> None:
    notices.tell([house.cast.admin], "import.finished", str(Notice.objects.count()), {"name": "a"})


def _more_webhooks(house: House) -> None:
    endpoint = house.webhook
    WebhookEndpoint.objects.create(team=endpoint.team, url=endpoint.url, topics=endpoint.topics, secret="whsec_AA==")


LISTS: dict[str, Callable[[House], None]] = {
    "generation:products": _more_products,
    "generation:requests": _more_requests,
    "generation:new_request": _more_products,
    "generation:repairs": _more_repairs,
    "generation:models": _more_versions,
    "reviews:snapshots": _more_snapshots,
    "reviews:questions": _more_questions,
    "reviews:reworks": _more_reworks,
    "reviews:quotas": _more_reviewers,
    "reviews:team": _more_reviewers,
    "reviews:gallery": _more_decisions,
    "reviews:decisions": _more_decisions,
    "home": _more_decisions,
    "delivery:notices": _more_notices,
    "delivery:webhooks": _more_webhooks,
    "api:webhook-list": _more_webhooks,
    "generation:limits": _more_limit_changes,
    "api:limit-list": _more_limit_changes,
    "api:product-list": _more_products,
    "api:request-list": _more_requests,
    "api:mask-repair-list": _more_repairs,
    "api:model-version-list": _more_versions,
    "api:training-run-list": _more_versions,
    "api:snapshot-list": _more_snapshots,
}


@pytest.mark.parametrize("name", LISTS)
def test_a_long_list_asks_no_more_than_a_short_one(house: House, name: str) -> None:
    client = visitor(house, "admin")
    LISTS[name](house)
    counts = []
    for more in (0, 28):
        for _ in range(more):
            LISTS[name](house)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(name)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= MOST_QUERIES


def test_a_long_log_of_a_webhook_asks_no_more_than_a_short_one(house: House) -> None:
    client, address = visitor(house, "admin"), reverse("delivery:webhook", args=[house.webhook.pk])
    counts = []
    for more in (0, 28):
        for _ in range(more):
            message = webhooks.send_test(house.webhook)
            WebhookAttempt.objects.create(message=message, status=500, duration_ms=1)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= MOST_QUERIES


def test_what_people_wrote_is_text_on_every_page(house: House) -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
    product = house.revision.product
    product.title, product.category = evil, evil[:80]
    product.save()
    for request in house.requests.values():
        request.prompt, request.failure = evil, evil
        request.save(update_fields=["prompt", "failure"])
    for role, page in PAGES:
        if role == "admin":
            _keeps_to_the_policy(get(house, role, PAGES[role, page](house)))


@pytest.mark.parametrize(("address", "status"), [("/nothing/", 404), ("/quotas/", 403)])
def test_an_error_keeps_to_the_policy(house: House, address: str, status: int) -> None:
    answer = get(house, "operator", address)
    assert answer.status_code == status
    _keeps_to_the_policy(answer)
