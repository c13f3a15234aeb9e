"""produce, screen, score: each takes one primary key and introduces the engines to the services. And the sweep."""

import os
import threading
from functools import cache

from celery import shared_task
from django.conf import settings

from delivery.queues import idle_queues
from generation.contracts import Generator, RewardModel
from generation.engines.loading import load_generator, load_guard, load_reward_model
from generation.engines.runtime import Runtime
from generation.models import GenerationRequest, ModelVersion
from generation.services.production import produce_candidates
from generation.services.releases import model_files
from generation.services.scoring import score_candidates
from generation.services.screening import screen_candidates
from generation.services.sweeping import restart_silent_work

# The libraries do not take well to being imported by two threads at once (see generation.tasks.warming).
_loading = threading.Lock()

# A task that runs out of its soft limit gets SoftTimeLimitExceeded where it stands. It is an error like any other: the
# services close the attempt, post the stage again and, after the third time, fail the request with that name.


@shared_task(name="generation.produce", time_limit=900, soft_time_limit=840)
def produce(request_pk: int) -> None:
    produce_candidates(GenerationRequest.objects.get(pk=request_pk), ready_generator)


# Eight candidates of a 24-megapixel photo take more than a minute of one idle core.
@shared_task(name="generation.screen", time_limit=300, soft_time_limit=280)
def screen(request_pk: int) -> None:
    screen_candidates(GenerationRequest.objects.get(pk=request_pk), load_guard)


@shared_task(name="generation.score", time_limit=900, soft_time_limit=840)
def score(request_pk: int) -> None:
    score_candidates(GenerationRequest.objects.get(pk=request_pk), ready_reward_model)


@shared_task(name="generation.sweep", time_limit=120, soft_time_limit=100)
def sweep() -> None:
    restart_silent_work(idle_queues())


def ready_generator(version: ModelVersion) -> Generator:
    """Return the version's generator on this machine. Raises EngineError."""
    with _loading:
        return load_generator(version.engine, model_files(version), runtime())


def ready_reward_model(version: ModelVersion) -> RewardModel:
    """Return the version's reward model on this machine. Raises EngineError."""
    with _loading:
        return load_reward_model(version.engine, model_files(version), runtime())


@cache
def runtime() -> Runtime:
    """The one machine of this process, as the settings describe it."""
    if settings.TORCH_THREADS:
        # Read by the tensor library when it is first imported, which only an engine does, later.
        os.environ["OMP_NUM_THREADS"] = str(settings.TORCH_THREADS)
    return Runtime(device=settings.DEVICE, dtype=settings.DTYPE)
