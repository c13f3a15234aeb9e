"""An attempt owns its row by a token, keeps it alive, and leaves it in order whatever happens."""

import time
import uuid
from datetime import timedelta
from threading import Timer

import pytest
from django.db import connection
from django.utils import timezone

from accounts.tests.factories import Cast
from delivery.models import OutboxMessage
from generation.contracts import EngineError
from generation.lifecycle import IllegalMove
from generation.models import GenerationRequest
from generation.services.attempts import PRODUCING, SCREENING, Attempt, AttemptLost, begin_attempt, run_attempt
from generation.services.requests import cancel_request
from generation.tests.factories import make_request


def broken(attempt: Attempt) -> None:
    raise RuntimeError("the card is full")


def test_a_second_worker_finds_the_row_held(cast: Cast) -> None:
    request = make_request(cast.operator)
    attempt = begin_attempt(request, PRODUCING)
    with pytest.raises(IllegalMove):
        begin_attempt(request, PRODUCING)
    request.refresh_from_db()
    assert (request.state, request.attempts, request.attempt_token) == ("generating", 1, attempt.token)
    assert run_attempt(request, PRODUCING, broken) is False
    assert not OutboxMessage.objects.exists()


def test_a_stage_begins_only_in_its_own_states(cast: Cast) -> None:
    with pytest.raises(IllegalMove):
        begin_attempt(make_request(cast.operator, state="generating"), SCREENING)
    with pytest.raises(IllegalMove):
        begin_attempt(make_request(cast.operator, state="cancelled"), PRODUCING)


def test_a_late_attempt_can_no_longer_write(cast: Cast) -> None:
    request = make_request(cast.operator)
    attempt = begin_attempt(request, PRODUCING)
    GenerationRequest.objects.update(attempt_token=uuid.uuid4())
    with pytest.raises(AttemptLost):
        attempt.record(failure="late")
    with pytest.raises(AttemptLost):
        attempt.finish("screening")
    assert attempt.beat() is False
    request.refresh_from_db()
    assert (request.state, request.failure) == ("generating", "")


def test_an_error_is_tried_three_times_then_the_request_fails_with_it(cast: Cast) -> None:
    request = make_request(cast.operator)
    for _ in range(2):
        assert run_attempt(request, PRODUCING, broken) is False
        request.refresh_from_db()
        assert (request.state, request.attempt_token) == ("generating", None)
        message = OutboxMessage.objects.get()
        assert message.topic == "request.opened"
        assert message.due_at > timezone.now()
        message.delete()
    run_attempt(request, PRODUCING, broken)
    request.refresh_from_db()
    assert (request.state, request.failure) == ("failed", "RuntimeError: the card is full")
    assert request.ended_at is not None
    assert not OutboxMessage.objects.exists()


def test_a_permanent_error_fails_at_once(cast: Cast) -> None:
    def refuse(attempt: Attempt) -> None:
        raise EngineError("The folder is empty.", permanent=True)

    request = make_request(cast.operator)
    run_attempt(request, PRODUCING, refuse)
    request.refresh_from_db()
    assert (request.state, request.failure, request.attempts) == ("failed", "The folder is empty.", 1)


@pytest.mark.django_db(transaction=True)
def test_the_heart_beats_through_a_long_step(cast: Cast) -> None:
    request = make_request(cast.operator)
    seen: list[timedelta] = []

    def long_step(attempt: Attempt) -> None:
        attempt.report(1, 4)
        time.sleep(2.5)
        now = GenerationRequest.objects.get(pk=request.pk)
        assert now.heartbeat_at is not None
        seen.append(timezone.now() - now.heartbeat_at)
        assert (now.steps_done, now.steps_total) == (1, 4)
        attempt.check()
        attempt.finish("screening")

    assert run_attempt(request, PRODUCING, long_step) is True
    assert seen[0] < timedelta(seconds=2)
    beat = GenerationRequest.objects.get().heartbeat_at
    time.sleep(1.2)
    assert GenerationRequest.objects.get().heartbeat_at == beat


@pytest.mark.django_db(transaction=True)
def test_cancelling_stops_the_work_within_seconds(cast: Cast) -> None:
    request = make_request(cast.operator)

    def cancel() -> None:
        cancel_request(GenerationRequest.objects.get(pk=request.pk))
        connection.close()

    def endless(attempt: Attempt) -> None:
        for step in range(100):
            attempt.report(step, 100)
            time.sleep(0.1)

    timer = Timer(0.3, cancel)
    timer.start()
    began = time.monotonic()
    assert run_attempt(request, PRODUCING, endless) is False
    assert time.monotonic() - began < 4
    timer.join()
    request.refresh_from_db()
    assert request.state == "cancelled"
