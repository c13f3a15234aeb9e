"""A role does its own work and no other; and a session acts only with the token that its own pages carry."""

import pytest
from django.test import Client
from django.urls import reverse

from canvas_review.tests.house import PASSWORD, House

WITHOUT_ARGUMENTS = {
    "generation:products": {"operator", "ml_engineer"},
    "generation:new_product": {"operator"},
    "generation:requests": {"operator", "ml_engineer"},
    "generation:new_request": {"operator"},
    "generation:models": {"ml_engineer"},
    "reviews:desk": {"reviewer"},
    "reviews:snapshots": {"ml_engineer"},
    "reviews:queues": set(),
    "reviews:new_queue": set(),
    "reviews:quotas": set(),
    "reviews:reworks": set(),
    "reviews:new_rework": set(),
    "api:rework-list": set(),
    "reviews:team": set(),
    "design": set(),
    "reviews:gallery": {"operator", "ml_engineer"},
    "reviews:decisions": {"reviewer"},
    "home": {"operator", "reviewer", "ml_engineer"},
    "accounts:profile": {"operator", "reviewer", "ml_engineer"},
    "api:product-list": {"operator", "ml_engineer"},
    "api:request-list": {"operator", "ml_engineer"},
    "api:model-version-list": {"ml_engineer"},
    "api:training-run-list": {"ml_engineer"},
    "api:snapshot-list": {"ml_engineer"},
}
WRITING = {
    "api:request-list": {"operator"},
    "api:product-list": {"operator"},
    "api:training-run-list": {"ml_engineer"},
    "api:snapshot-list": {"ml_engineer"},
    "api:review-claim": {"reviewer"},
    "api:review-undo": {"reviewer"},
    "reviews:freeze_snapshot": {"ml_engineer"},
    "generation:new_training": {"ml_engineer"},
    "reviews:preview_download": {"operator", "ml_engineer"},
    "reviews:download_approved": {"operator", "ml_engineer"},
    "reviews:preview_asking_again": {"operator"},
    "reviews:ask_again": {"operator"},
    "reviews:preview_rework": set(),
    "reviews:confirm_rework": set(),
    "api:rework-list": set(),
}
ROLES = ("operator", "reviewer", "ml_engineer", "admin")


@pytest.mark.parametrize("name", WITHOUT_ARGUMENTS)
def test_who_may_read(house: House, name: str) -> None:
    for role in ROLES:
        client = Client()
        client.force_login(getattr(house.cast, role))
        expected = 200 if role in WITHOUT_ARGUMENTS[name] | {"admin"} else 403
        assert client.get(reverse(name)).status_code == expected, role


@pytest.mark.parametrize("name", WRITING)
def test_who_may_write(house: House, name: str) -> None:
    for role in ROLES:
        client = Client()
        client.force_login(getattr(house.cast, role))
        status = client.post(reverse(name), {}, content_type="application/json").status_code
        assert (status == 403) == (role not in WRITING[name] | {"admin"}), (role, status)


@pytest.mark.parametrize("name", ["reviews:freeze_snapshot", "generation:new_training"])
def test_a_form_is_not_sent_by_an_address(house: House, name: str) -> None:
    client = Client()
    client.force_login(house.cast.ml_engineer)
    assert client.get(reverse(name)).status_code == 405


@pytest.mark.parametrize("path", ["/api/v1/review/claim/", "/api/v1/review/undo/"])
def test_the_api_changes_nothing_for_a_session_without_its_token(house: House, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.cast.reviewer)
    refused = client.post(path, {}, content_type="application/json")
    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"
    page = client.get("/review/").content.decode()
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    allowed = client.post(path, {}, content_type="application/json", headers={"X-CSRFToken": token})
    assert allowed.status_code == 200


def test_a_page_changes_nothing_without_its_token(house: House) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.cast.operator)
    found = house.requests["queued"]
    assert client.post(reverse("generation:cancel_request", args=[found.pk])).status_code == 403
    found.refresh_from_db()
    assert found.state == "queued"


def test_nobody_gives_themselves_a_role_or_a_quota(house: House) -> None:
    client = Client()
    client.force_login(house.cast.reviewer)
    mine = {"role": "admin", "daily_images": 100000, "is_superuser": True}
    assert client.post(reverse("accounts:profile"), mine).status_code == 405
    assert client.post(reverse("reviews:set_quota", args=[house.cast.reviewer.username]), mine).status_code == 403
    answer = client.post("/api/v1/review/claim/", mine, content_type="application/json").json()
    assert answer["quota"]["limit"] == 150
    house.cast.reviewer.refresh_from_db()
    assert not house.cast.reviewer.is_superuser
    assert house.cast.reviewer.membership.role == "reviewer"


def test_the_login_leads_nowhere_else(house: House) -> None:
    form = {"login": house.cast.admin.username, "password": PASSWORD, "next": "https://example.com/"}
    answer = Client().post("/account/login/", form)
    assert answer.status_code == 302
    assert answer["Location"] == "/"
