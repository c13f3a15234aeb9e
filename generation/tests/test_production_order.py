"""What finishes a request overtakes what begins one: in a long backlog the first result must not come last."""

from typing import Any

from celery import current_app
from django.conf import settings

from delivery.topics import TOPICS


def priority(task: str, queue: str) -> int:
    """As the relay sends it; 0 goes first."""
    options: dict[str, Any] = current_app.amqp.router.route({"queue": queue}, task)
    return int(options.get("priority", 0))


def test_scoring_goes_before_painting() -> None:
    started, finished = TOPICS["request.opened"], TOPICS["request.screened"]
    assert started.queue == finished.queue
    assert priority(finished.task, finished.queue) < priority(started.task, started.queue)


def test_nothing_goes_before_the_sweep() -> None:
    sweep: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE["restart-silent-work"]
    first = priority(sweep["task"], sweep["options"]["queue"])
    assert all(priority(topic.task, topic.queue) >= first for topic in TOPICS.values())
    assert priority("generation.screen", "cpu") > first
