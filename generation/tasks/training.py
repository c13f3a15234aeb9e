"""One slice of a training: introduces the trainer to the service."""

from celery import shared_task

from generation.contracts import Trainer
from generation.engines.loading import load_trainer
from generation.models import TrainingRun
from generation.services.training import run_slice
from generation.tasks.production import runtime


@shared_task(name="generation.train", time_limit=900, soft_time_limit=840)
def train(run_pk: int) -> None:
    run_slice(TrainingRun.objects.select_related("snapshot").get(pk=run_pk), ready_trainer)


def ready_trainer(key: str) -> Trainer:
    """Return the trainer on this machine. Raises EngineError."""
    return load_trainer(key, runtime())
