"""No entry of a history lacks who it was: a person on every route, a command by its name."""

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pghistory.models import Context

from accounts.models import Scope, User
from accounts.tests.factories import Cast, make_token
from canvas_review.commands import CommandLine
from canvas_review.tests.house import House
from canvas_review.tests.test_access_matrix import MATRIX
from reviews.audit.scopes import histories, rows_of

HISTORIES = histories()
FORMS: dict[str, dict[str, Any]] = {
    "reviews:groups": {"name": "Spät"},
    "reviews:skills": {"name": "Ränder"},
    "reviews:holidays": {"day": "2031-01-01", "name": "Neujahr"},
    "reviews:pause": {"reason": "Masken"},
    "reviews:resume": {},
    "reviews:new_person": {"username": "newcomer", "email": "new@example.org", "role": "reviewer"},
    "delivery:new_webhook": {"url": "https://example.com/more", "topics": ["candidate.approved"]},
    "reviews:team": {"time_zone": "Europe/Berlin", "shows_agreement": "on"},
}
"""Of routes without arguments that change what has a history."""


def newest() -> dict[type[Model], int]:
    """The last row of each history. From here on nobody is known: a test is one transaction, and what the one before
    told the database would last until its end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pghistory.context_id', '', true)")
    return {
        model: rows_of(history).order_by("-pgh_id").values_list("pgh_id", flat=True).first() or 0
        for model, history in HISTORIES.items()
    }


def since(before: dict[type[Model], int]) -> list[Any]:
    return [
        row
        for model, history in HISTORIES.items()
        for row in rows_of(history).filter(pgh_id__gt=before[model]).select_related("pgh_context")
    ]


def user_of(row: Any) -> object:
    return row.pgh_context.metadata.get("user") if row.pgh_context else None


@pytest.mark.parametrize("name", [name for name, case in MATRIX.items() if case.post])
def test_what_a_route_changes_names_the_person(house: House, name: str) -> None:
    case = MATRIX[name]
    person: User = getattr(house.cast, case.owner)
    client = Client()
    client.force_login(person)
    url = reverse(name, args=case.args(house))
    before = newest()
    if case.form:
        client.post(url, case.body or {})
    else:
        client.post(url, case.body or {}, content_type="application/json")
    assert {user_of(row) for row in since(before)} <= {person.pk}


def test_forms_name_the_person_too(house: House) -> None:
    client = Client()
    client.force_login(house.cast.admin)
    silent = []
    for name, body in FORMS.items():
        before = newest()
        client.post(reverse(name), body)
        rows = since(before)
        assert {user_of(row) for row in rows} <= {house.cast.admin.pk}, name
        if not rows:
            silent.append(name)
    assert silent == []


def test_a_token_and_the_back_office_name_the_person(house: House) -> None:
    admin = house.cast.admin
    before = newest()
    token = make_token(admin, Scope.FLOOR_WRITE)
    answer = Client().post(
        reverse("api:group-list"), {"name": "By a token"}, "application/json",
        headers={"Authorization": f"Bearer {token}"},
    )  # fmt: skip
    assert answer.status_code == 201, answer.content
    [made] = [row for row in since(before) if row._meta.model_name == "reviewergroupevent"]
    assert user_of(made) == admin.pk
    admin.is_superuser = admin.is_staff = True
    admin.save()
    client = Client()
    client.force_login(admin)
    before = newest()
    page = reverse("admin:accounts_team_change", args=[house.cast.team.pk])
    changed = {"name": "Renamed", "slug": house.cast.team.slug, "time_zone": "UTC"}
    assert client.post(page, changed).status_code == 302
    assert [user_of(row) for row in since(before)] == [admin.pk]


def test_every_method_that_changes_something_is_told() -> None:
    assert {"POST", "PUT", "PATCH", "DELETE"} <= set(settings.PGHISTORY_MIDDLEWARE_METHODS)
    order = list(settings.MIDDLEWARE)
    told = order.index("pghistory.middleware.HistoryMiddleware")
    assert order.index("django.contrib.auth.middleware.AuthenticationMiddleware") < told


def test_a_command_is_told_by_its_name(cast: Cast) -> None:
    before = newest()
    command = CommandLine(["manage.py", "pause", cast.reviewer.username]).fetch_command("pause")
    command.execute(
        username=cast.reviewer.username, reason="", resume=False, by=cast.admin.username, team=cast.team.slug,
        dry_run=False, format="text", force_color=False, no_color=True, skip_checks=True,
    )  # fmt: skip
    [paused] = since(before)
    assert paused.pgh_context.metadata["program"] == "manage.py pause"
    assert paused.pgh_context.metadata["user"] == cast.admin.pk
    assert Context.objects.filter(metadata__program="manage.py pause").count() == 1
