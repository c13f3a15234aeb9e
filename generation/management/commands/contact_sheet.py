"""A contact sheet of a variant: the demonstration products as its model in use, or the one that ships, paints them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from PIL import Image as PillowImage

from generation.contracts import Canvas, Cutout, EngineError
from generation.engines.loading import load_generator
from generation.engines.runtime import Runtime
from generation.engines.sheets import Row, contact_sheet
from generation.services.releases import shipped_generator
from generation.services.requests import worded
from generation.variants import VARIANTS, Variant

_DEMO = Path(__file__).resolve().parents[2] / "demo"


class Command(BaseCommand):
    help = "Paint the demonstration products with the variant's shipped model, as one picture to look at."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("variant", choices=sorted(VARIANTS))
        parser.add_argument("--out", type=Path, required=True, help="the picture to write, a .webp")
        parser.add_argument("--products", type=int, default=6, help="how many of them")
        parser.add_argument("--candidates", type=int, default=3, help="painted for each")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, variant: str, out: Path, **options: Any) -> None:
        if options["products"] < 1 or options["candidates"] < 1:
            raise CommandError("--products and --candidates must be at least 1.")
        task = VARIANTS[variant]
        rows = list(self._rows(task, options))
        try:
            files, engine = shipped_generator(variant)
            generator = load_generator(engine, files, Runtime(device=settings.DEVICE, dtype=settings.DTYPE))
            sheet = contact_sheet(
                generator, rows, steps=task.default_steps, guidance=task.default_guidance, done=self._told
            )  # fmt: skip
        except EngineError as error:
            raise CommandError(str(error)) from error
        PillowImage.fromarray(sheet).save(out, quality=82)
        self.stdout.write(f"{out}: {sheet.shape[1]} x {sheet.shape[0]} pixels")

    def _rows(self, variant: Variant, options: dict[str, Any]) -> list[Row]:
        entries = json.loads((_DEMO / "products.json").read_text(encoding="utf-8"))[: options["products"]]
        rows = []
        for number, entry in enumerate(entries):
            cutout = _cutout(entry)
            settings_ = {
                one.key: list(one.options)[number % len(one.options)] for one in variant.parameters
            }  # fmt: skip
            choices = {
                part.key: list(part.phrases)[(number * (1 + offset)) % len(part.phrases)]
                for offset, part in enumerate(variant.prompt_parts)
            }
            first = options["seed"] + 100 * number
            seeds = tuple(range(first, first + options["candidates"]))
            rows.append(
                Row(
                    cutout.photo,
                    _canvas(variant, cutout, settings_),
                    worded(variant, entry["category"], choices),
                    seeds,
                )
            )
        return rows

    def _told(self, done: int, total: int) -> None:
        self.stdout.write(f"painted {done} of {total}")


def _canvas(variant: Variant, cutout: Cutout, chosen: dict[str, str]) -> Canvas:
    """The first layout, from the chosen one on, that this photo allows."""
    if variant.stage is None:
        return Canvas(cutout.photo, cutout.mask)
    shape = (cutout.photo.shape[0], cutout.photo.shape[1])
    first = variant.parameters[0]
    for option in (chosen[first.key], *first.options):
        settings_ = chosen | {first.key: option}
        if not variant.stage.obstacle([shape], settings_):
            return variant.stage.lay_out([cutout], settings_)
    raise CommandError(f"No layout of {variant.key} fits a photo of {shape[1]} x {shape[0]} pixels.")


def _cutout(entry: dict[str, str]) -> Cutout:
    photo = np.asarray(PillowImage.open(_DEMO / entry["photo"]).convert("RGB"))
    return Cutout(photo, np.asarray(PillowImage.open(_DEMO / entry["mask"]).convert("L")) >= 128)
