"""Settings that would lose or repeat work stop the start."""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import override_settings

from canvas_review.checks import topics_name_tasks, visibility_timeout_outlasts_tasks
from delivery.topics import TOPICS, Subscription


def _ids(**changed: Any) -> list[str | None]:
    with override_settings(**changed):
        return [found.id for found in run_checks() if (found.id or "").startswith("canvas_review.")]


def test_the_house_starts() -> None:
    assert _ids() == []


@pytest.mark.parametrize(
    "changed",
    [
        {"CELERY_VISIBILITY_TIMEOUT": 900},
        {"CELERY_BROKER_TRANSPORT_OPTIONS": {"visibility_timeout": 900}},
        {"CELERY_BROKER_TRANSPORT_OPTIONS": {}},
        {"CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS": {"visibility_timeout": 900}},
    ],
)
def test_a_visibility_shorter_than_a_task_is_refused_in_every_place(changed: dict[str, Any]) -> None:
    assert _ids(**changed) == ["canvas_review.E001"]


@pytest.mark.parametrize(("timeout", "errors"), [(10_090, 3), (10_091, 0)])
def test_the_longest_task_and_its_shutdown_count(timeout: int, errors: int) -> None:
    places = {"visibility_timeout": timeout}
    with override_settings(
        CELERY_TASK_TIME_LIMIT=10_000, CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT=30, CELERY_VISIBILITY_TIMEOUT=timeout,
        CELERY_BROKER_TRANSPORT_OPTIONS=places, CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS=places,
    ):  # fmt: skip
        assert len(visibility_timeout_outlasts_tasks(None)) == errors


def test_a_topic_that_no_task_hears_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TOPICS, "request.opened", Subscription("generation.nothing", "gpu"))
    (error,) = topics_name_tasks(None)
    assert (error.id, "generation.nothing" in error.msg) == ("canvas_review.E002", True)


def test_a_schedule_that_no_task_hears_is_refused() -> None:
    assert _ids(CELERY_BEAT_SCHEDULE={"x": {"task": "reviews.nothing", "schedule": 1}}) == ["canvas_review.E002"]
