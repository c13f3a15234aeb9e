"""Time sheets: what was counted, by person and day; a formula in a name stays a text."""

import csv
import io
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.csvrows import safe_cell
from accounts.models import User
from accounts.tests.factories import Cast
from reviews import hours
from reviews.tests.factories import claimed, decide, make_item, make_queue


def _rows(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode())))


def _worked(cast: Cast) -> None:
    make_queue(cast.team)
    for _ in range(3):
        make_item(cast.operator, 2)
    decide(cast.reviewer, claimed(cast.reviewer), active_ms=90_000)
    decide(cast.reviewer, claimed(cast.reviewer), active_ms=30_000)
    decide(cast.second_reviewer, claimed(cast.second_reviewer), active_ms=60_000)


def test_minutes_decisions_and_images_of_each(cast: Cast, client: Client) -> None:
    _worked(cast)
    client.force_login(cast.admin)
    page = client.get("/team/hours/").context
    assert [(row.username, row.minutes, row.decisions, row.images) for row in page["rows"]] == [
        (cast.reviewer.username, 2.0, 2, 4), (cast.second_reviewer.username, 1.0, 1, 2),
    ]  # fmt: skip
    assert (page["all"].minutes, page["all"].images) == (3.0, 6)
    rows = _rows(client.get("/team/hours.csv"))
    assert {row["username"]: (row["active_minutes"], row["images"]) for row in rows} == {
        cast.reviewer.username: ("2.0", "4"), cast.second_reviewer.username: ("1.0", "2"),
    }  # fmt: skip
    assert _rows(client.get("/team/hours.csv?since=2020-01-01&until=2020-02-01")) == []


def test_a_reviewer_gets_their_own_and_nobody_elses(cast: Cast, client: Client) -> None:
    _worked(cast)
    client.force_login(cast.reviewer)
    rows = _rows(client.get(f"/day/hours.csv?person={cast.second_reviewer}"))
    assert [row["username"] for row in rows] == [cast.reviewer.username]
    assert client.get("/team/hours.csv").status_code == 403


def test_another_teams_work_is_not_there(cast: Cast, client: Client) -> None:
    _worked(cast)
    client.force_login(cast.stranger)
    assert _rows(client.get("/team/hours.csv")) == []
    assert client.get(f"/team/hours.csv?person={cast.reviewer}").status_code == 404


def test_days_that_are_none(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    for asked in ("since=yesterday", "since=2026-02-01&until=2026-01-01", "since=2020-01-01&until=2026-01-01"):
        assert client.get(f"/team/hours/?{asked}").status_code == 400
        assert client.get(f"/team/hours.csv?{asked}").status_code == 400


def test_a_name_is_never_a_formula(cast: Cast, client: Client) -> None:
    _worked(cast)
    User.objects.filter(pk=cast.reviewer.pk).update(first_name="=HYPERLINK(1)")
    client.force_login(cast.admin)
    names = {row["name"] for row in _rows(client.get(f"/team/hours.csv?since={timezone.now():%Y-%m-%d}"))}
    assert "'=HYPERLINK(1)" in names
    assert [safe_cell(cell) for cell in ("+1", "-1", "@a", "\ta", "\ra", "a=", -1)] == [
        "'+1", "'-1", "'@a", "'\ta", "'\ra", "a=", -1,
    ]  # fmt: skip


def test_today_is_where_the_person_is(cast: Cast, client: Client) -> None:
    """At every moment one of these two is on another day than the team."""
    days = set()
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        cast.reviewer.membership.time_zone = zone
        cast.reviewer.membership.save()
        reviewer = User.objects.get(pk=cast.reviewer.pk)
        days.add(hours.today_of(reviewer))
    assert len(days) == 2
