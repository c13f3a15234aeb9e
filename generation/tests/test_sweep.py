"""The sweep: dead attempts start again, lost messages are posted again, and nothing is multiplied."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.tests.factories import Cast
from delivery.models import OutboxMessage
from generation.models import GenerationRequest
from generation.services.sweeping import restart_silent_work
from generation.tests.factories import make_request

IDLE = frozenset({"gpu", "cpu"})
BUSY: frozenset[str] = frozenset()
TOPIC = {"generating": "request.opened", "screening": "request.generated", "scoring": "request.screened"}


def ago(seconds: float) -> datetime:
    return timezone.now() - timedelta(seconds=seconds)


def make_old(cast: Cast, seconds: float, **values: Any) -> GenerationRequest:
    request = make_request(cast.operator, **values)
    GenerationRequest.objects.filter(pk=request.pk).update(created_at=ago(seconds))
    return request


def posted() -> list[tuple[str, int]]:
    return list(OutboxMessage.objects.order_by("pk").values_list("topic", "key"))


@pytest.mark.parametrize("state", ["generating", "screening", "scoring"])
def test_a_silent_attempt_loses_its_work_at_once(cast: Cast, state: str) -> None:
    request = make_old(cast, 100, state=state, attempt_token=uuid.uuid4(), attempts=1, heartbeat_at=ago(61))
    assert restart_silent_work(BUSY) == 1
    request.refresh_from_db()
    assert (request.state, request.attempt_token, request.attempts) == (state, None, 1)
    assert posted() == [(TOPIC[state], request.pk)]
    assert OutboxMessage.objects.get().due_at <= timezone.now()
    assert restart_silent_work(IDLE) == 0


def test_a_beating_heart_is_left_alone(cast: Cast) -> None:
    token = uuid.uuid4()
    request = make_old(cast, 500, state="generating", attempt_token=token, attempts=1, heartbeat_at=ago(55))
    assert restart_silent_work(IDLE) == 0
    request.refresh_from_db()
    assert request.attempt_token == token


def test_after_three_silent_attempts_the_request_fails_with_a_reason(cast: Cast) -> None:
    request = make_old(cast, 100, state="generating", attempt_token=uuid.uuid4(), attempts=3, heartbeat_at=ago(61))
    restart_silent_work(IDLE)
    request.refresh_from_db()
    assert request.state == "failed"
    assert "worker" in request.failure
    assert posted() == []


def test_an_empty_broker_is_filled_again_once(cast: Cast) -> None:
    lost = [make_old(cast, 61) for _ in range(3)]
    assert restart_silent_work(IDLE) == 3
    assert posted() == [("request.opened", request.pk) for request in lost]
    OutboxMessage.objects.update(published_at=timezone.now())
    assert restart_silent_work(IDLE) == 0


def test_a_backlog_is_not_multiplied(cast: Cast) -> None:
    make_old(cast, 3600)
    assert restart_silent_work(frozenset({"cpu"})) == 0
    assert posted() == []


def test_a_young_request_and_one_the_relay_has_not_sent_wait(cast: Cast) -> None:
    make_old(cast, 30)
    unsent = make_old(cast, 100)
    OutboxMessage.objects.create(topic="request.opened", key=unsent.pk)
    assert restart_silent_work(IDLE) == 0


def test_a_lost_message_between_two_stages_is_posted_again(cast: Cast) -> None:
    request = make_old(cast, 200, state="screening", heartbeat_at=ago(61))
    assert restart_silent_work(frozenset({"gpu"})) == 0
    assert restart_silent_work(IDLE) == 1
    assert posted() == [("request.generated", request.pk)]


@pytest.mark.parametrize("state", ["ready", "failed", "cancelled", "all_blocked"])
def test_what_has_ended_stays_ended(cast: Cast, state: str) -> None:
    make_old(cast, 500, state=state, heartbeat_at=ago(400))
    assert restart_silent_work(IDLE) == 0


@pytest.mark.django_db(transaction=True)
def test_only_one_sweep_works_at_a_time(cast: Cast) -> None:
    make_old(cast, 61)
    other = connection.copy()
    try:
        with transaction.atomic(), other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('generation.sweep request.opened'))")
            assert restart_silent_work(IDLE) == 0
            cursor.execute("SELECT pg_advisory_unlock_all()")  # a pooled connection would take the lock along
    finally:
        other.close()
    assert posted() == []
