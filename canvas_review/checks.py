"""Start-up checks of the composition: settings that would lose or repeat work stop the start."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.utils.module_loading import autodiscover_modules

from canvas_review.celery import app
from canvas_review.words.compiling import stale_words
from delivery.topics import TOPICS
from generation.checks import is_class
from reviews.formats import EXPORT_FORMATS


@register(Tags.compatibility)
def visibility_timeout_outlasts_tasks(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """A message whose visibility ends before its task does is given to a second worker, and a third."""
    autodiscover_modules("tasks")
    limits = [task.time_limit for task in app.tasks.values() if task.time_limit]
    longest = max([settings.CELERY_TASK_TIME_LIMIT, *limits]) + settings.CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT + 60
    timeouts = {
        "CELERY_BROKER_TRANSPORT_OPTIONS": settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("visibility_timeout", 0),
        "CELERY_VISIBILITY_TIMEOUT": settings.CELERY_VISIBILITY_TIMEOUT,
        "CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS": settings.CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS.get(
            "visibility_timeout", 0
        ),
    }
    return [
        Error(
            f"The visibility timeout in {place} is {timeout} s, but a task may take {longest} s with its shutdown.",
            hint=f"Set it above {longest}, or tasks will be started twice.",
            id="canvas_review.E001",
        )
        for place, timeout in timeouts.items()
        if timeout <= longest
    ]


@register(Tags.compatibility)
def topics_name_tasks(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """The outbox addresses tasks by name: a name nobody answers to would be published for ever in vain."""
    autodiscover_modules("tasks")
    scheduled = {str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    named = {subscription.task for subscription in TOPICS.values()} | scheduled
    return [
        Error(f"No task is called {name!r}.", hint="See delivery/topics.py.", id="canvas_review.E002")
        for name in sorted(named - set(app.tasks))
    ]


@register(Tags.compatibility)
def formats_lead_somewhere(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """A format that a person can choose must have a renderer."""
    return [
        Error(f"EXPORT_FORMATS[{key!r}] leads nowhere: {path}", id="canvas_review.E003")
        for key, (_label, path) in EXPORT_FORMATS.items()
        if not is_class(path)
    ]


@register(Tags.translation)
def words_are_compiled(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Without its compiled words the application would speak English to everybody, or old words."""
    return [
        Error(
            f"{path} is missing or older than its catalogue, and could not be written.",
            hint="Start the application once with the right to write there, as the image does when it is built.",
            id="canvas_review.E004",
        )
        for path in stale_words()
    ]
