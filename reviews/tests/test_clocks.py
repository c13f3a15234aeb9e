"""The clocks of machines matter nowhere: what is compared with the database's time was told by the database."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.tests.factories import Cast
from delivery import outbox
from generation.models import GenerationRequest
from generation.services.sweeping import restart_silent_work
from generation.tests.factories import make_request, make_scored_request
from reviews.models import FloorSettings, Outcome, QuotaDay, WorkDay
from reviews.services import announcements, enqueueing, queue, quotas
from reviews.services.quota_changes import Change, set_quotas
from reviews.tests.factories import claimed, database_now, decide, fill_queue, make_queue

_right = timezone.now


@pytest.fixture(params=[-30, 30], ids=["slow", "fast"], autouse=True)
def wrong_clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    hours = timedelta(hours=request.param)
    monkeypatch.setattr(timezone, "now", lambda: _right() + hours)


def _near(at: datetime | None) -> bool:
    return at is not None and abs(at - database_now()) < timedelta(minutes=1)


def test_minutes_count_on_the_day_they_were_worked(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 3)
    set_quotas(cast.team, [Change(unit="minutes", cap=1)], cast.admin)
    decide(cast.reviewer, claimed(cast.reviewer), active_ms=60_000)
    assert WorkDay.objects.get().day == QuotaDay.objects.get().day
    assert queue.claim(cast.reviewer).reason == "quota_reached"


def test_a_cap_that_was_set_today_carries_nothing_over(cast: Cast) -> None:
    set_quotas(cast.team, [Change(cap=3, carries_over=True)], cast.admin)
    assert quotas.state(cast.reviewer).limit == 3


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_nor_does_it_where_today_is_another_day(cast: Cast, zone: str) -> None:
    Membership.objects.filter(user=cast.reviewer).update(time_zone=zone)
    set_quotas(cast.team, [Change(cap=3, carries_over=True)], cast.admin)
    assert quotas.state(cast.reviewer).limit == 3


def test_an_item_enters_and_is_due_by_the_databases_time(cast: Cast) -> None:
    make_queue(cast.team, due_hours=48)
    item = enqueueing.enqueue_request(make_scored_request(cast.operator, [0.5]))
    assert item is not None and item.due_at is not None
    assert _near(item.created_at) and _near(item.due_at - timedelta(hours=48)) and _near(item.slots.get().turn_at)


def test_an_outcome_is_held_back_for_as_long_as_the_team_says(cast: Cast) -> None:
    FloorSettings.objects.create(team=cast.team, hold_minutes=10)
    item = fill_queue(make_queue(cast.team), cast.operator, 1)[0]
    decide(cast.reviewer, claimed(cast.reviewer))
    assert announcements.tell_outcomes(item.pk) == 0
    told: list[int] = []
    outbox.publish_waiting(lambda _task, _queue, key: told.append(key))
    assert told == [] and _near(Outcome.objects.get().created_at)


def test_a_message_is_published_when_it_is_due(db: None) -> None:
    published: list[int] = []
    with transaction.atomic():
        outbox.post("request.opened", 1)
        outbox.post("request.opened", 2, delay=timedelta(hours=1))
    outbox.publish_waiting(lambda _task, _queue, key: published.append(key))
    assert published == [1]


def test_a_request_whose_message_was_lost_is_found_after_a_minute(cast: Cast) -> None:
    request = make_request(cast.operator)
    assert restart_silent_work(frozenset({"gpu", "cpu"})) == 0
    aged = GenerationRequest.objects.get(pk=request.pk).created_at - timedelta(seconds=61)
    GenerationRequest.objects.filter(pk=request.pk).update(created_at=aged)
    assert restart_silent_work(frozenset({"gpu", "cpu"})) == 1
