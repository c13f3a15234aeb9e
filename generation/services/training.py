"""Training in slices: each is an attempt, leaves its checkpoints, and hands over to the next until a model is there."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from accounts.idempotency import Once, remember
from accounts.models import User
from delivery import outbox
from generation.contracts import EngineError, ModelFiles, TrainedModel, Trainer, TrainingProgress
from generation.lifecycle import move
from generation.models import DatasetSnapshot, ModelVersion, TrainingRun
from generation.services.attempts import TRAINING, Attempt, AttemptLost, run_attempt
from generation.services.examples import SnapshotReader
from generation.services.releases import keep_folder, model_files, register_version

SLICE_SECONDS = 600.0
_R = TrainingRun.State
_ENDED = (_R.SUCCEEDED, _R.FAILED, _R.CANCELLED)
_MOST_POINTS = 1000
_WRITE_EVERY = 1.0

LoadTrainer = Callable[[str], Trainer]
"""Takes a key of TRAINERS; raises EngineError."""

Watch = Callable[[TrainingProgress], None]


def queue_training(
    user: User, *, snapshot: DatasetSnapshot, trainer: str, variant: str, once: Once | None = None,
    post: bool = True,
) -> TrainingRun:  # fmt: skip
    """Queue a training on `snapshot`, for its team. Without `post` no worker hears of it: the caller runs it itself.

    Raises what `once` raises.
    """
    with transaction.atomic():
        run = TrainingRun.objects.create(
            team=snapshot.team, snapshot=snapshot, trainer=trainer, variant=variant, created_by=user
        )
        remember(once, run.pk)
        if post:
            outbox.post(TRAINING.topic, run.pk)
    return run


def cancel_training(run: TrainingRun) -> None:
    """Stop the run at its next report. Raises IllegalMove when it has ended already."""
    move(run, _R.CANCELLED, attempt_token=None, ended_at=Now())


def run_slice(
    run: TrainingRun, load: LoadTrainer, *, seconds: float = SLICE_SECONDS, watch: Watch | None = None
) -> bool:
    """Train for about `seconds`; returns whether this slice was finished, be there more to do or not.

    A run with more to do waits for its next slice, which is posted; the last one leaves a PROPOSED version.
    """
    finished = run_attempt(run, TRAINING, lambda attempt: _train(run, load, attempt, seconds, watch))
    run.refresh_from_db()
    if run.state in _ENDED:
        shutil.rmtree(workspace_of(run), ignore_errors=True)
    return finished


def workspace_of(run: TrainingRun) -> Path:
    """Where the run's checkpoints lie; gone once the run has ended."""
    return Path(settings.DATA_DIR) / "training" / str(run.handle)


def _train(run: TrainingRun, load: LoadTrainer, attempt: Attempt, seconds: float, watch: Watch | None) -> None:
    workspace = workspace_of(run)
    workspace.mkdir(parents=True, exist_ok=True)
    progress = _Progress(run, attempt, watch)
    trained = load(run.trainer).train(
        SnapshotReader(run.snapshot, run.variant), workspace=workspace, incumbent=_incumbent(run.variant),
        seconds=seconds, report=progress,
    )  # fmt: skip
    attempt.check()
    if trained is None:
        with transaction.atomic():
            attempt.finish(_R.QUEUED, **progress.values())
            outbox.post(TRAINING.topic, run.pk)
        return
    version = _propose(run, trained)
    try:
        attempt.finish(_R.SUCCEEDED, version=version, ended_at=Now(), **progress.values())
    except AttemptLost:
        # Another attempt, or a cancellation, came first: a version that no run stands for must not be offered.
        if not TrainingRun.objects.filter(version=version).exists():
            version.delete()
        raise


def _incumbent(variant: str) -> ModelFiles | None:
    """The version in use, to be measured beside the new one, where there is one and its files are here."""
    try:
        return model_files(ModelVersion.objects.active(ModelVersion.Kind.REWARD, variant))
    except (ModelVersion.DoesNotExist, EngineError):
        return None


def _propose(run: TrainingRun, trained: TrainedModel) -> ModelVersion:
    """Keep the model's folder and register it; a second attempt at the same run finds what the first one left."""
    name = keep_folder(trained.folder, f"reward-{run.handle.hex[:12]}")
    kept = ModelVersion.objects.filter(folder=name).first()
    return kept or register_version(
        kind=ModelVersion.Kind.REWARD, variant=run.variant, engine=run.trainer, name=f"Trained on {run.snapshot}",
        folder=name, metrics=dict(trained.metrics), snapshot=run.snapshot, created_by=run.created_by,
    )  # fmt: skip


class _Progress:
    """A `contracts.ProgressReport` that stores what a page shows, at most once a second."""

    def __init__(self, run: TrainingRun, attempt: Attempt, watch: Watch | None) -> None:
        self._attempt, self._watch = attempt, watch
        # Points of a slice that broke off would come twice: the repeated slice draws its own.
        self._curve: list[list[float]] = [] if run.attempts else list(run.curve)
        self._latest = TrainingProgress(0, 0, note=run.note)
        self._written = 0.0

    def __call__(self, progress: TrainingProgress) -> None:
        if progress.loss is not None:
            step = self._curve[-1][0] + 1 if self._curve else 1
            self._curve.append([step, progress.loss])
        if len(self._curve) > _MOST_POINTS:
            self._curve = self._curve[::2]
        is_new = progress.note != self._latest.note
        self._latest = progress
        self._attempt.report(progress.done, progress.total)
        if is_new or time.monotonic() - self._written >= _WRITE_EVERY:
            self._attempt.record(**self.values())
            self._written = time.monotonic()
        if self._watch:
            self._watch(progress)

    def values(self) -> dict[str, Any]:
        return {
            "curve": self._curve,
            "note": self._latest.note[:200],
            "steps_done": self._latest.done,
            "steps_total": self._latest.total,
        }
