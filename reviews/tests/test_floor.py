"""The floor as it is: what the page says is what the rows say, in few queries, and of one team only."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from accounts.tests.factories import Cast, make_token, make_user
from reviews import floor
from reviews.models import Pause, ReviewItem, Slot
from reviews.services import workload
from reviews.tests.factories import claimed, decide, expire, fill_queue, make_item, make_queue

pytestmark = pytest.mark.django_db


def _person(cast: Cast, username: str) -> floor.PersonFigures:
    return next(person for person in floor.people(cast.team) if person.user.username == username)


def test_a_queue_counts_what_waits_what_is_held_and_what_is_done(cast: Cast) -> None:
    queue = make_queue(cast.team)
    for _ in range(3):
        make_item(cast.operator, 2)
    decide(cast.reviewer, claimed(cast.reviewer))
    claimed(cast.second_reviewer)
    figures = floor.queues(cast.team)[0]
    assert (figures.waiting, figures.waiting_images, figures.held, figures.held_images) == (1, 2, 1, 2)
    assert (figures.today.arrived, figures.today.judged) == (6, 2)
    assert figures.oldest == ReviewItem.objects.get(slots__state="ready").created_at
    assert floor.backlogs(figures.backlog_images, figures.days)[-1] == floor.backlog_of(queue) == 4
    assert floor.backlogs(figures.backlog_images, figures.days)[-2] == 0


def test_a_person_is_at_what_is_on_their_screen(cast: Cast) -> None:
    make_item(cast.operator, 2)
    make_item(cast.operator, 1)
    slot = claimed(cast.reviewer)
    claimed(cast.reviewer, soft=True)
    person = _person(cast, cast.reviewer.username)
    assert (person.queue, person.in_hand, person.is_active) == (slot.queue.name, 3, True)
    assert not _person(cast, cast.second_reviewer.username).is_active


def test_who_let_the_lease_run_out_is_away(cast: Cast) -> None:
    make_item(cast.operator)
    claimed(cast.reviewer)
    expire()
    person = _person(cast, cast.reviewer.username)
    assert (person.is_active, person.in_hand, person.queue) == (False, 0, "")


def test_a_lease_that_nobody_prolongs_is_not_work(cast: Cast) -> None:
    make_queue(cast.team, lease_seconds=3600)
    make_item(cast.operator)
    slot = claimed(cast.reviewer)
    past = Now() - timedelta(minutes=20)
    Slot.objects.filter(pk=slot.pk).update(seen_at=past, lease_until=Now() + timedelta(minutes=40))
    person = _person(cast, cast.reviewer.username)
    assert (person.is_active, person.in_hand) == (False, 1)


def test_the_pace_is_images_an_active_minute(cast: Cast) -> None:
    make_item(cast.operator, 3)
    decide(cast.reviewer, claimed(cast.reviewer), active_ms=30_000)
    person = _person(cast, cast.reviewer.username)
    assert person.pace_today == person.pace_last_hour == 6.0
    assert _person(cast, cast.second_reviewer.username).pace_today is None


def test_a_pause_is_shown_of_one_and_of_everybody(cast: Cast) -> None:
    Pause.objects.create(team=cast.team, reviewer=cast.reviewer, reason="ill", begun_by=cast.admin)
    assert _person(cast, cast.reviewer.username).is_paused
    assert not _person(cast, cast.second_reviewer.username).is_paused
    Pause.objects.create(team=cast.team, begun_by=cast.admin)
    assert all(person.is_paused for person in floor.people(cast.team))


def test_what_is_overdue_is_found_among_the_oldest(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = make_queue(cast.team, overlap=2)
    items = fill_queue(queue, cast.operator, 4)
    ReviewItem.objects.filter(pk__in=[item.pk for item in items[:2]]).update(due_at=Now() - timedelta(hours=1))
    ReviewItem.objects.filter(pk=items[2].pk).update(due_at=Now() + timedelta(hours=1))
    figures = floor.queues(cast.team)[0]
    assert (figures.overdue, figures.overdue_and_more) == (2, False)
    monkeypatch.setattr(floor.backlog, "MOST_READ", 2)
    figures = floor.queues(cast.team)[0]
    assert (figures.overdue, figures.overdue_and_more) == (1, True)


def test_the_home_page_asks_once_and_says_the_same(cast: Cast) -> None:
    queue = make_queue(cast.team)
    items = fill_queue(queue, cast.operator, 6, images=2)
    ReviewItem.objects.filter(pk__in=[item.pk for item in items[3:5]]).update(due_at=Now() - timedelta(hours=1))
    make_queue(cast.team)
    decide(cast.reviewer, claimed(cast.reviewer))
    claimed(cast.second_reviewer, soft=True)
    claimed(cast.admin)
    said = floor.summary(cast.team)
    assert said == floor.totals(floor.people(cast.team), floor.queues(cast.team))
    assert said == {
        "at_work": 2, "waiting_images": 6, "held_images": 4, "judged_today": 2, "arrived_today": 12, "overdue": 2,
        "overdue_and_more": False,
    }  # fmt: skip
    assert cast.stranger.team is not None
    assert set(floor.summary(cast.stranger.team).values()) == {0}


def test_queries_do_not_grow_with_people_queues_or_backlog(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.admin)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("reviews:floor")).status_code == 200
        return len(queries)

    make_item(cast.operator)
    count()
    few = count()
    for number in range(4):
        fill_queue(make_queue(cast.team), cast.operator, 5)
        make_user(cast.team, Role.REVIEWER, f"more-{number}")
    claimed(cast.reviewer)
    claimed(cast.second_reviewer)
    assert count() == few


def test_nobody_sees_another_teams_floor(cast: Cast) -> None:
    queue = make_queue(cast.team)
    assert cast.stranger.team is not None
    assert floor.queues(cast.stranger.team) == []
    client = Client()
    client.force_login(cast.stranger)
    assert client.get(reverse("reviews:floor_queue", args=[queue.pk])).status_code == 404


def test_the_live_part_comes_alone(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.admin)
    page = client.get(reverse("reviews:floor"), headers={"HX-Request": "true"})
    assert page.content.strip().startswith(b'<div id="live"')
    assert "HX-Request" in page["Vary"]


def test_programs_read_it_with_the_scope_for_it(cast: Cast) -> None:
    queue = make_queue(cast.team)
    make_item(cast.operator, 2)
    client = Client()
    bearer = {"Authorization": f"Bearer {make_token(cast.admin, 'floor:read')}"}
    queues = client.get("/api/v1/workload/queues/", headers=bearer).json()["results"]
    assert (queues[0]["waiting_images"], queues[0]["days"][-1]["arrived"]) == (2, 2)
    people = client.get("/api/v1/workload/floor/", headers=bearer).json()["results"]
    assert {person["username"] for person in people} == {cast.reviewer.username, cast.second_reviewer.username}
    ahead = client.get(f"/api/v1/workload/queues/{queue.pk}/forecast/", headers=bearer).json()
    assert (ahead["verdict"], ahead["backlog_images"]) == ("too_little", 2)
    other = {"Authorization": f"Bearer {make_token(cast.admin, 'models:read')}"}
    assert client.get("/api/v1/workload/queues/", headers=other).status_code == 403


def test_a_forecast_leaves_out_who_is_paused(cast: Cast) -> None:
    queue = make_queue(cast.team)
    Pause.objects.create(team=cast.team, reviewer=cast.reviewer, begun_by=cast.admin)
    assert workload._absences(queue, floor.today_of(cast.team)).people == {cast.reviewer.pk}
