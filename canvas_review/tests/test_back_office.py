"""The back office: every list stands, finds and asks a fixed number of questions; history is complete and stays."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.db.models import ForeignKey, Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.admin import HouseAdmin, ReadOnlyAdmin
from accounts.tests.factories import Cast
from canvas_review.tests.house import House
from reviews.models import QuotaDay, ReviewerGroup, ReviewItem
from reviews.services import crews
from reviews.tests.factories import fill_queue, make_queue

OURS = ("accounts", "delivery", "generation", "reviews")
REGISTERED: list[type[Model]] = [model for model in admin.site._registry if model._meta.app_label in OURS]
# Rows of something else's page, and what is nobody's to look at.
INSIDE_OTHERS = {
    "Membership", "GroupMember", "ReviewerSkill", "QueueAudience", "GuidelineExample", "SnapshotDecision",
    "RequestProduct", "ImportedRevision", "KeptContext",
}  # fmt: skip
APPEND_ONLY = {
    "Decision", "Verdict", "Retraction", "PreferencePair", "ReworkItem", "WebhookAttempt", "Finding", "LimitChange",
}  # fmt: skip
MOST_QUERIES = 14


def name_of(model: type[Model]) -> str:
    return model.__name__


def at(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def office(house: House, client: Client) -> Client:
    house.cast.admin.is_superuser = house.cast.admin.is_staff = True
    house.cast.admin.save()
    client.force_login(house.cast.admin)
    return client


def test_every_model_is_there() -> None:
    there = {model.__name__ for model in REGISTERED} | INSIDE_OTHERS
    all_of_them = {
        model.__name__
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        if not model.__name__.endswith("Event") and not model._meta.auto_created
    }
    assert all_of_them <= there, all_of_them - there


@pytest.mark.parametrize("model", REGISTERED, ids=name_of)
def test_a_list_stands_and_finds(office: Client, model: type[Model]) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert office.get(at(model, "changelist")).status_code == 200
    assert len(asked) <= MOST_QUERIES, [query["sql"][:150] for query in asked]
    assert admin.site._registry[model].search_fields
    assert office.get(at(model, "changelist"), {"q": "7"}).status_code == 200


@pytest.mark.parametrize("model", REGISTERED, ids=name_of)
def test_no_list_fetches_a_relation_row_by_row(model: type[Model]) -> None:
    options = admin.site._registry[model]
    relations = {field.name for field in model._meta.get_fields() if isinstance(field, ForeignKey)}
    fetched = set(options.list_select_related) if isinstance(options.list_select_related, list | tuple) else set()
    assert relations & set(options.list_display) <= fetched


@pytest.mark.parametrize("model", REGISTERED, ids=name_of)
def test_an_object_and_its_history_stand(office: Client, model: type[Model]) -> None:
    found = model._default_manager.first()
    if found is None:
        return
    assert office.get(at(model, "change", found.pk)).status_code == 200
    assert office.get(at(model, "history", found.pk)).status_code == 200


@pytest.mark.parametrize("name", sorted(APPEND_ONLY))
def test_what_is_only_added_cannot_be_changed_here(name: str) -> None:
    [options] = [admin.site._registry[model] for model in REGISTERED if model.__name__ == name]
    assert isinstance(options, ReadOnlyAdmin)


def test_every_back_office_of_ours_shows_what_the_triggers_kept() -> None:
    assert [model for model in REGISTERED if not isinstance(admin.site._registry[model], HouseAdmin)] == []


def test_a_longer_list_asks_no_more(office: Client, house: House) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            office.get(at(ReviewItem, "changelist"))
            office.get(at(QuotaDay, "changelist"))
        return len(found)

    asked()
    before = asked()
    fill_queue(make_queue(house.cast.team), house.cast.operator, 20)
    assert asked() == before


def test_history_says_who_and_from_what_to_what(office: Client, house: House) -> None:
    crews.rename(house.group, house.cast.admin, "Spätschicht")
    page = office.get(at(ReviewerGroup, "history", house.group.pk))
    latest = page.context["steps"][0]
    assert latest.who == house.cast.admin.username
    assert ("name", "Frühschicht", "Spätschicht") in latest.changes
    assert "Spätschicht" in page.content.decode()


def test_no_secret_is_shown(office: Client, house: House) -> None:
    token = house.token
    page = office.get(at(type(token), "change", token.pk)).content.decode()
    assert token.prefix in page
    assert token.digest not in page
    lease = house.lease
    assert str(lease.lease_token) not in office.get(at(type(lease), "change", lease.pk)).content.decode()


def test_an_admin_of_a_team_has_no_way_in(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    assert client.get(reverse("admin:index")).status_code == 403
