"""Train the demonstration generator, from nothing or further; stopped or killed, it goes on where it was."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from PIL import Image as PillowImage

from generation.contracts import EngineError, ModelFiles
from generation.engines.base_model.plan import FORMATS, PLANS, STAGES
from generation.engines.base_model.progress import StopTraining
from generation.engines.base_model.samples import sample_sheet
from generation.engines.base_model.scene_store import held_out_seed
from generation.engines.base_model.scenes.scene import draw_scene
from generation.engines.loading import load_generator
from generation.engines.runtime import Runtime
from generation.management.training_display import TrainingDisplay, stops_on_signals
from generation.modelfiles import folder_sha256
from generation.models import ModelVersion
from generation.services.releases import keep_folder, register_version
from generation.variants import DEFAULT_VARIANT, VARIANTS

_SAMPLED_SCENES = 4


class Command(BaseCommand):
    help = "Train the small demonstration generator. Ctrl-C stops it; the same command goes on where it was."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--plan", choices=sorted(PLANS), default="full", help="small takes minutes and paints badly"
        )
        parser.add_argument("--workspace", type=Path, help="where everything is kept; base/PLAN in the data folder")
        parser.add_argument("--start", type=Path, help="a model of this kind to train further, instead of from nothing")
        parser.add_argument("--until", choices=STAGES, default=STAGES[-1], help="the last stage to do")
        parser.add_argument("--minutes", type=float, help="stop by itself after so long")
        parser.add_argument("--format", choices=FORMATS, default=FORMATS[0], help="of the finished model")
        parser.add_argument("--samples", action="store_true", help="paint a sheet of samples at the end")
        parser.add_argument("--name", default="", help="how people will know the model")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["minutes"] is not None and not options["minutes"] > 0:
            raise CommandError("--minutes must be more than 0.")
        if settings.TORCH_THREADS:
            os.environ["OMP_NUM_THREADS"] = str(settings.TORCH_THREADS)  # read when torch is first imported
        kind = options["plan"] + ("-further" if options["start"] else "")
        workspace = options["workspace"] or Path(settings.DATA_DIR) / "base" / kind
        display = TrainingDisplay(self.stdout, options["minutes"])
        try:
            with stops_on_signals(display):
                folder = self._train(options, workspace, display)
        except StopTraining:
            self.stdout.write(f"Stopped; everything up to here is kept in {workspace}. The same command goes on.")
            return
        except EngineError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The workspace cannot be used: {error}") from error
        if folder is None:
            self.stdout.write(f"The stage {options['until']} is done, in {workspace}.")
            return
        if options["samples"]:
            self._paint_samples(folder, options["plan"], workspace / "samples.webp")
        self._propose(folder, options["name"] or f"Trained here ({kind})")

    def _train(self, options: dict[str, Any], workspace: Path, display: TrainingDisplay) -> Path | None:
        from generation.engines.base_model.stages import Settings, train_base  # imports torch

        start: Path | None = options["start"]
        files = ModelFiles(start.name, start, folder_sha256(start)) if start else None
        chosen = Settings(PLANS[options["plan"]], files, options["until"], options["format"])
        return train_base(chosen, workspace, display)

    def _paint_samples(self, folder: Path, plan: str, out: Path) -> None:
        files = ModelFiles(folder.name, folder, folder_sha256(folder))
        generator = load_generator("diffusers-inpaint", files, Runtime(device=settings.DEVICE, dtype=settings.DTYPE))
        scenes = [draw_scene(held_out_seed(PLANS[plan], number)) for number in range(_SAMPLED_SCENES)]
        variant = VARIANTS[DEFAULT_VARIANT]
        sheet = sample_sheet(generator, scenes, variant.default_steps, variant.default_guidance)
        PillowImage.fromarray(sheet).save(out, quality=80)
        self.stdout.write(f"Samples: {out}")

    def _propose(self, folder: Path, name: str) -> None:
        """Offer the model as a version, once; without a database say how to do it later."""
        try:
            kept = keep_folder(folder, "base")
            version = ModelVersion.objects.filter(folder=kept).first() or register_version(
                kind=ModelVersion.Kind.GENERATOR, variant=DEFAULT_VARIANT, engine="diffusers-inpaint", name=name,
                folder=kept, is_demonstration=True,
            )  # fmt: skip
        except OperationalError:
            self.stdout.write(f"The model is in {folder}. The database does not answer, so it is not proposed.")
            self.stdout.write(f'Later: manage.py fetch_model {folder} --name "{name}"')
            return
        self.stdout.write(f"{version} ({version.get_state_display()}): {kept}, sha256 {version.sha256}")
        self.stdout.write(
            f"To use it: manage.py activate_version generator {DEFAULT_VARIANT} --number {version.number}"
        )
