"""manage.py train_reward: train a reward model on a snapshot, here or on a worker."""

import math
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.management.people import find_user
from generation.contracts import TrainingProgress
from generation.models import DatasetSnapshot, ModelVersion, TrainingRun
from generation.models.training import trainer_choices
from generation.services.training import queue_training, run_slice
from generation.tasks.training import ready_trainer
from generation.variants import DEFAULT_VARIANT, VARIANTS

_FIGURES = ("pair_accuracy", "auc", "calibration_error", "log_loss", "verdicts", "pairs")


class Command(BaseCommand):
    help = "Train a reward model on a frozen snapshot. The result is a proposed version; activating it is another step."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--snapshot", required=True, help="NAME@VERSION, NAME (its latest version) or its number")
        parser.add_argument("--team", default="", help="the team's slug, where several have such a snapshot")
        parser.add_argument("--user", default="", help="in whose name; the team's first ML engineer otherwise")
        parser.add_argument(
            "--trainer", default="efficientnet-head", choices=[key for key, _label in trainer_choices()]
        )
        parser.add_argument("--variant", default=DEFAULT_VARIANT, choices=sorted(VARIANTS))
        parser.add_argument("--background", action="store_true", help="leave it to a worker and return at once")

    def handle(
        self,
        *args: Any,
        snapshot: str,
        team: str,
        user: str,
        trainer: str,
        variant: str,
        background: bool,
        **options: Any,
    ) -> None:
        try:
            found = DatasetSnapshot.objects.called(snapshot, team)
        except LookupError as error:
            raise CommandError(str(error)) from error
        run = queue_training(
            find_user(found.team, user), snapshot=found, trainer=trainer, variant=variant, post=background
        )
        if background:
            self.stdout.write(f"Training run {run.pk} on {found} is queued.")
            return
        self._last = ""
        run_slice(run, ready_trainer, seconds=math.inf, watch=self._show)
        self._end_line()
        run.refresh_from_db()
        if run.state != TrainingRun.State.SUCCEEDED or run.version is None:
            raise CommandError(run.failure or f"The training run {run.pk} is {run.get_state_display().lower()}.")
        self._show_figures(run.version)

    def _show(self, progress: TrainingProgress) -> None:
        loss = f", loss {progress.loss:.4f}" if progress.loss is not None else ""
        line = f"{progress.note}: {progress.done} of {progress.total}{loss}"
        if self.stdout.isatty():
            self.stdout.write(f"\r\x1b[K{line}", ending="")
            self.stdout.flush()
        elif progress.note != self._last:
            self.stdout.write(line)
        self._last = progress.note

    def _end_line(self) -> None:
        if self.stdout.isatty():
            self.stdout.write("")

    def _show_figures(self, version: ModelVersion) -> None:
        metrics = version.metrics
        self.stdout.write(f"Proposed: {version} (number {version.number}), measured on: {metrics.get('evaluated_on')}")
        ours, theirs = metrics.get("candidate") or {}, metrics.get("incumbent") or {}
        self.stdout.write(f"{'':18}{'proposed':>10}{'in use':>10}")
        for name in _FIGURES:
            self.stdout.write(f"{name:18}{_figure(ours.get(name)):>10}{_figure(theirs.get(name)):>10}")


def _figure(value: float | int | None) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
