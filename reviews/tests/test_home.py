"""The start page by role: what it says, how little it asks, and that looking takes nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import Cast
from generation.tests.factories import make_request
from reviews import metrics
from reviews.models import Queue, Skip, Slot, Snooze
from reviews.services import quotas
from reviews.tests.factories import claimed, decide, expire, fill_queue, make_item, make_queue

MOST_QUERIES = 19


@pytest.mark.parametrize("role", ["reviewer", "operator", "ml_engineer", "admin"])
def test_it_takes_nothing_and_asks_little(cast: Cast, client: Client, role: str) -> None:
    make_queue(cast.team)
    for _ in range(12):
        make_item(cast.operator)
    for _ in range(6):
        decide(cast.reviewer, claimed(cast.reviewer))
    client.force_login(getattr(cast, role))
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/")
    assert answer.status_code == 200
    assert len(asked) <= MOST_QUERIES
    assert not Slot.objects.filter(state="leased").exists()


def test_a_backlog_is_not_counted_whole(cast: Cast, client: Client) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 130)
    assert metrics.waiting_for(cast.reviewer) == 100
    client.force_login(cast.reviewer)
    assert "More than 99 items wait" in client.get("/").content.decode()


def test_what_waits_is_what_a_claim_would_give(cast: Cast) -> None:
    in_queue = make_queue(cast.team, overlap=2)
    items = fill_queue(in_queue, cast.operator, 6)

    def waits(reviewer: User) -> int:
        return metrics.waiting_for(reviewer)

    assert waits(cast.reviewer) == waits(cast.second_reviewer) == 6  # items, not seats
    decide(cast.reviewer, claimed(cast.reviewer))
    slot = claimed(cast.reviewer)
    assert (waits(cast.reviewer), waits(cast.second_reviewer)) == (4, 6)
    Skip.objects.create(item=items[2], reviewer=cast.reviewer)
    Snooze.objects.create(item=items[3], reviewer=cast.reviewer, until=timezone.now() + timedelta(hours=1))
    assert (waits(cast.reviewer), waits(cast.second_reviewer)) == (2, 6)
    Slot.objects.filter(item=items[4], number=1).update(
        state="leased", reviewer=cast.second_reviewer, lease_token=items[4].handle, quota_day=slot.quota_day,
        lease_until=timezone.now() + timedelta(minutes=5),
    )  # fmt: skip
    assert (waits(cast.reviewer), waits(cast.second_reviewer)) == (2, 5)
    expire(Slot.objects.get(item=items[4], number=1))
    assert waits(cast.reviewer) == 2
    Queue.objects.update(is_paused=True)
    assert waits(cast.second_reviewer) == 0


def test_the_reviewers_day(cast: Cast, client: Client) -> None:
    make_queue(cast.team)
    client.force_login(cast.reviewer)
    assert "Nothing waits for you" in client.get("/").content.decode()
    make_item(cast.operator)
    assert "1 item waits" in client.get("/").content.decode()
    claimed(cast.reviewer)
    assert "Your item is kept for you" in client.get("/").content.decode()
    expire()
    quotas.set_limit(cast.reviewer, 0, by=cast.admin)
    page = client.get("/").content.decode()
    assert "work is done" in page
    assert 'class="button button--primary button--large"' not in page


def test_an_operator_sees_the_requests_by_state(cast: Cast, client: Client) -> None:
    for state in ("failed", "failed", "queued"):
        make_request(cast.operator, state=state)
    make_request(cast.stranger, state="failed")
    client.force_login(cast.operator)
    assert [(value, count) for value, _label, count in client.get("/").context["states"]] == [
        ("queued", 1), ("failed", 2),
    ]  # fmt: skip


def test_somebody_without_a_team_comes_to_their_profile(client: Client, db: None) -> None:
    lone = User.objects.create(username="lone", is_superuser=True)
    client.force_login(lone)
    assert client.get("/").status_code in (302, 403)
