"""Reports say what was done: on the page, in the file and over the API, and only of the own team."""

import csv
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Scope
from accounts.tests.factories import Cast, make_token
from reviews.models import GroupMember, ReviewerGroup, WorkDay
from reviews.services import gold, undoing
from reviews.tests.factories import claimed, decide, make_item, make_queue, reject_all

PAGES = ("reviews:reports", "reviews:report_efficiency", "reviews:report_quality")


@pytest.fixture
def client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.admin)
    return client


@pytest.fixture
def worked(cast: Cast) -> Cast:
    """Two reviewers on two items of two images: one item approved by both, of the other one rejects both images."""
    in_queue = make_queue(cast.team, overlap=2, name="Mugs")
    items = [make_item(cast.operator, 2, in_queue=in_queue) for _ in range(2)]
    for reviewer in (cast.reviewer, cast.second_reviewer):
        decide(reviewer, claimed(reviewer), active_ms=10_000)
    decide(cast.reviewer, claimed(cast.reviewer), active_ms=20_000)
    slot = claimed(cast.second_reviewer)
    decide(cast.second_reviewer, slot, reject_all(slot), active_ms=20_000)
    for entry in items[1].item_candidates.all():
        gold.set_gold(entry, cast.admin, approved=True)
    return cast


def api(cast: Cast, report: str, **filters: Any) -> dict[str, Any]:
    token = make_token(cast.admin, Scope.FLOOR_READ)
    answer = Client().get(reverse(f"api:report-{report}"), filters, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()["tables"]
    return found


def test_throughput_counts_what_came_in_and_what_was_done(worked: Cast) -> None:
    tables = api(worked, "throughput")
    today = tables["throughput_by_day"][0]
    assert len(tables["throughput_by_day"]) == 28
    assert (today["arrived"], today["arrived_images"], today["decisions"], today["images"]) == (2, 8, 4, 8)
    assert today["active_minutes"] == 1.0
    people = {row["person"]: row["images"] for row in tables["throughput_by_person"]}
    assert people == {worked.reviewer.username: 4, worked.second_reviewer.username: 4}
    assert [row["queue"] for row in tables["throughput_by_queue"]] == ["Mugs"]


def test_what_was_taken_back_is_no_longer_judged_and_lowers_nothing_else(worked: Cast) -> None:
    decided = worked.reviewer.decisions.order_by("-pk")[0]
    undoing.undo(worked.reviewer, decided)
    today = api(worked, "throughput")["throughput_by_day"][0]
    assert (today["decisions"], today["undone"], today["images"]) == (4, 1, 6)
    row = {row["person"]: row for row in api(worked, "efficiency")["efficiency_by_person"]}[worked.reviewer.username]
    assert (row["undo"], row["undo_of"]) == (0.5, 2)
    assert row["seconds_an_image"] == 15.0, "30 s of work for the 2 images that stand"


def test_rates_come_with_their_interval(worked: Cast) -> None:
    rows = {row["person"]: row for row in api(worked, "efficiency")["efficiency_by_person"]}
    row = rows[worked.second_reviewer.username]
    assert (row["approval"], row["approval_of"]) == (0.5, 4)
    assert 0 < row["approval_low"] < 0.5 < row["approval_high"] < 1


def test_quality_says_how_far_people_agree_and_who_says_what_gold_says(worked: Cast) -> None:
    tables = api(worked, "quality")
    assert tables["agreement_by_queue"][0]["candidates"] == 4
    assert tables["agreement_by_queue"][0]["agreement"] == 0.5
    assert tables["agreement_by_queue"][0]["split"] == 0.5
    assert [(row["votes"], row["approvals"], row["share"]) for row in tables["votes"]] == [(2, 1, 0.5), (2, 2, 0.5)]
    rows = {row["person"]: (row["gold"], row["gold_of"], row["overkill"]) for row in tables["gold_by_person"]}
    assert rows == {worked.reviewer.username: (1.0, 2, 0.0), worked.second_reviewer.username: (0.0, 2, 1.0)}


def test_filters_narrow_what_is_counted(worked: Cast) -> None:
    group = ReviewerGroup.objects.create(team=worked.team, name="Night")
    GroupMember.objects.create(group=group, reviewer=worked.reviewer)
    other = make_queue(worked.team)
    today = timezone.localdate()

    def judged(**filters: Any) -> int:
        rows = api(worked, "throughput", **filters)["throughput_by_person"]
        return sum(row["images"] for row in rows)

    assert judged() == 8
    assert judged(person=worked.reviewer.pk) == judged(group=group.pk) == 4
    assert judged(queue=other.pk) == 0
    assert judged(variant="background_enhancement") == 8
    assert judged(until=today - timedelta(days=1)) == 0
    assert judged(since=today, until=today) == 8


@pytest.mark.parametrize(
    "filters",
    [{"since": "2026-02-01", "until": "2026-01-01"}, {"since": "1999-01-01"}, {"since": "yesterday"},
     {"queue": "9" * 30}, {"person": "x"}, {"variant": "none"}],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused_and_said(client: Client, cast: Cast, filters: dict[str, str]) -> None:
    for page in PAGES:
        assert client.get(reverse(page), filters).status_code == 400
    assert client.get(reverse("reviews:report_csv", args=["throughput_by_day"]), filters).status_code == 400
    token = make_token(cast.admin, Scope.FLOOR_READ)
    headers = {"Authorization": f"Bearer {token}"}
    answer = Client().get(reverse("api:report-quality"), filters, headers=headers)
    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"


def test_another_teams_figures_are_not_shown_and_its_queue_is_no_filter(worked: Cast) -> None:
    stranger = Client()
    stranger.force_login(worked.stranger)
    for page in PAGES:
        shown = stranger.get(reverse(page))
        assert worked.reviewer.username not in shown.content.decode()
    queue = WorkDay.objects.all()[0].queue_id
    assert stranger.get(reverse("reviews:reports"), {"queue": queue}).status_code == 400
    week = stranger.get(reverse("reviews:report_csv", args=["week"])).content.decode()
    assert len(week.splitlines()) == 1


def test_the_week_is_one_click_away(worked: Cast, client: Client) -> None:
    href = reverse("reviews:report_csv", args=["week"])
    assert f'href="{href}"' in client.get(reverse("reviews:reports")).content.decode()
    answer = client.get(href)
    assert answer["Content-Type"].startswith("text/csv") and "attachment" in answer["Content-Disposition"]
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 3
    assert rows[1][:3] == [timezone.localdate().isoformat(), worked.reviewer.username, "Mugs"]


def test_every_table_of_a_page_can_be_taken_as_a_file(worked: Cast, client: Client) -> None:
    for page in PAGES:
        shown = client.get(reverse(page))
        for table in shown.context["tables"]:
            answer = client.get(reverse("reviews:report_csv", args=[table.key]))
            rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
            assert len(rows) == len(table.rows) + 1, table.key
            assert all(len(row) == len(rows[0]) for row in rows)
    assert client.get(reverse("reviews:report_csv", args=["salaries"])).status_code == 404


def test_a_name_is_no_formula(worked: Cast, client: Client) -> None:
    worked.reviewer.first_name = "=cmd|' /C calc'!A0"
    worked.reviewer.save()
    assert ",'=cmd" in client.get(reverse("reviews:report_csv", args=["week"])).content.decode()


def _work(cast: Cast, day: date, count: int) -> None:
    for _ in range(count):
        queue = make_queue(cast.team)
        WorkDay.objects.create(reviewer=cast.reviewer, queue=queue, day=day, decisions=1, images=1, approved=1)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_as_often_for_many_rows_as_for_few(
    worked: Cast, client: Client, page: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(reverse(page))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(page))
    _work(worked, timezone.localdate(), 20)
    with django_assert_num_queries(len(few)):
        client.get(reverse(page))
    assert len(few) <= 20
