"""The simulator's page and its CSV, on a floor of a few past days."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import Cast
from reviews import floor
from reviews.models import ArrivalDay, Queue, WorkDay
from reviews.services import quotas, replays
from reviews.services.replays import Wanted
from reviews.tests.factories import fill_queue, make_queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(cast: Cast) -> Queue:
    """50 images wait; on each of the last five days 30 came in and 20 were judged: all that the quota allowed."""
    queue = make_queue(cast.team, top_ranks=1)
    fill_queue(queue, cast.operator, 50)
    quotas.set_limit(cast.reviewer, 20, cast.admin)
    ArrivalDay.objects.filter(queue=queue).update(items=0, slots=0, images=0)
    today = floor.today_of(cast.team)
    for back in range(1, 6):
        day = today - timedelta(days=back)
        ArrivalDay.objects.create(queue=queue, day=day, items=30, slots=30, images=30)
        WorkDay.objects.create(reviewer=cast.reviewer, queue=queue, day=day, decisions=20, images=20, active_ms=600_000)
    return queue


def _client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.admin)
    return client


def test_with_nothing_changed_both_columns_agree(queue: Queue) -> None:
    found = replays.simulate(queue, 1, Wanted())
    assert (found.was.judged, found.again.judged, found.error) == (100, 100, 0)
    assert found.again.backlog == 50
    assert found.again.minutes == 50


def test_a_larger_quota_costs_minutes_and_empties(queue: Queue) -> None:
    found = replays.simulate(queue, 1, Wanted(quota=25))
    assert found.again.judged == 125
    assert found.again.minutes == 62.5
    assert found.again.backlog == 25


def test_a_second_reviewer_doubles_what_arrives(queue: Queue) -> None:
    assert sum(day.arrived for day in replays.simulate(queue, 1, Wanted(overlap=2)).again.days) == 300


def test_page_and_csv_say_the_same(cast: Cast, queue: Queue) -> None:
    asked = {"queue": str(queue.pk), "weeks": "1", "quota": "25"}
    page = _client(cast).get(reverse("reviews:simulator"), asked)
    assert page.status_code == 200
    assert page.context["found"].again.judged == 125
    answer = _client(cast).get(reverse("reviews:simulator_csv"), asked)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 7
    assert sum(float(row["judged_simulated"]) for row in rows) == 125


@pytest.mark.parametrize("wrong", [{"weeks": "0"}, {"overlap": "x"}, {"queue": "999999"}, {"score_floor": "nan"}])
@pytest.mark.parametrize("route", ["reviews:simulator", "reviews:simulator_csv"])
def test_what_cannot_be_is_told(cast: Cast, queue: Queue, wrong: dict[str, str], route: str) -> None:
    answer = _client(cast).get(reverse(route), {"queue": str(queue.pk), "weeks": "1", **wrong})
    assert answer.status_code == 400
    assert answer.context["form"].errors.keys() == wrong.keys()


def test_another_teams_queue_cannot_be_chosen(cast: Cast, queue: Queue) -> None:
    client = Client()
    client.force_login(cast.stranger)
    assert client.get(reverse("reviews:simulator"), {"queue": queue.pk, "weeks": 1}).status_code == 400
