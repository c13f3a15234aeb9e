"""Teach the base model one variant's job: a small adapter, in minutes; stopped or killed, it goes on where it was."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from generation.contracts import EngineError, ModelFiles
from generation.engines.base_model.progress import StopTraining
from generation.engines.loading import load_lessons
from generation.engines.specialists.plan import PLANS, plan_for
from generation.management.training_display import TrainingDisplay, stops_on_signals
from generation.modelfiles import folder_sha256
from generation.models import ModelVersion
from generation.registries import LESSONS
from generation.services.releases import find_folder, keep_folder, register_version


class Command(BaseCommand):
    help = "Train a variant's specialist from the base model. Ctrl-C stops it; the same command goes on where it was."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("variant", choices=sorted(LESSONS))
        parser.add_argument("--base", default="demo-inpaint", help="the folder of the base model, by its name")
        parser.add_argument("--plan", choices=PLANS, default=PLANS[0], help="small takes seconds and teaches little")
        parser.add_argument("--workspace", type=Path, help="where everything is kept; specialists/VARIANT in the data")
        parser.add_argument("--minutes", type=float, help="stop by itself after so long")
        parser.add_argument("--name", default="", help="how people will know the specialist")

    def handle(self, *args: Any, variant: str, **options: Any) -> None:
        if options["minutes"] is not None and not options["minutes"] > 0:
            raise CommandError("--minutes must be more than 0.")
        if settings.TORCH_THREADS:
            os.environ["OMP_NUM_THREADS"] = str(settings.TORCH_THREADS)  # read when torch is first imported
        workspace = options["workspace"] or Path(settings.DATA_DIR) / "specialists" / variant
        display = TrainingDisplay(self.stdout, options["minutes"])
        try:
            with stops_on_signals(display):
                folder = self._train(variant, options, workspace, display)
        except StopTraining:
            self.stdout.write(f"Stopped; everything up to here is kept in {workspace}. The same command goes on.")
            return
        except EngineError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The workspace cannot be used: {error}") from error
        self._propose(folder, variant, options["name"] or "Specialist trained here")

    def _train(self, variant: str, options: dict[str, Any], workspace: Path, display: TrainingDisplay) -> Path:
        from generation.engines.specialists.finetune import finetune  # imports torch

        place = find_folder(options["base"])
        base = ModelFiles(place.name, place, folder_sha256(place))
        return finetune(plan_for(variant, options["plan"]), load_lessons(variant), base, workspace, display)

    def _propose(self, folder: Path, variant: str, name: str) -> None:
        """Offer the specialist as a version, once; without a database say where it lies."""
        kept = keep_folder(folder, variant)
        try:
            version = ModelVersion.objects.filter(folder=kept).first() or register_version(
                kind=ModelVersion.Kind.GENERATOR, variant=variant, engine="diffusers-inpaint", name=name, folder=kept,
                is_demonstration=True,
            )  # fmt: skip
        except OperationalError:
            self.stdout.write(f"The specialist is in {folder}. The database does not answer, so it is not proposed.")
            return
        self.stdout.write(f"{version} ({version.get_state_display()}): {kept}, sha256 {version.sha256}")
        self.stdout.write(f"To use it: manage.py activate_version generator {variant} --number {version.number}")
