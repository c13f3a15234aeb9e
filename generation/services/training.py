"""Queueing and cancelling training runs."""

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import Team, User
from delivery import outbox
from generation.lifecycle import move
from generation.models import DatasetSnapshot, TrainingRun
from generation.services.idempotency import Once, remember


def queue_training(
    team: Team, user: User, *, snapshot: DatasetSnapshot, trainer: str, variant: str, once: Once | None = None
) -> TrainingRun:
    """Ask for one training on one frozen snapshot; a worker begins it. Raises what idempotency.remember raises."""
    with transaction.atomic():
        run = TrainingRun.objects.create(
            team=team, trainer=trainer, variant=variant, snapshot=snapshot, created_by=user
        )
        remember(once, run.pk)
        outbox.post("training.queued", run.pk)
    return run


def cancel_training(run: TrainingRun) -> None:
    """Stop it at its next step. Raises IllegalMove when it has ended."""
    move(run, TrainingRun.State.CANCELLED, attempt_token=None, ended_at=Now())
