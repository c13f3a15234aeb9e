from argparse import ArgumentParser
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from generation.contracts import EngineError, Sample
from generation.models import Candidate
from generation.services.derivatives import load_image
from generation.services.production import make_job
from generation.tasks.production import ready_generator, runtime

# What may differ between two machines that make the same pixels nevertheless.
_MACHINE = ("device", "dtype", "threads", "torch", "diffusers", "transformers", "numpy")


class Command(BaseCommand):
    help = "Paint a candidate again from its recorded recipe and tell whether the pixels are equal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("candidate", type=int, metavar="CANDIDATE_ID")

    def handle(self, *args: Any, candidate: int, **options: Any) -> None:
        original = Candidate.objects.select_related("request", "raw", "generator_version").filter(pk=candidate).first()
        if original is None:
            raise CommandError("There is no such candidate.")
        if original.generator_version.is_external:
            maker = original.generator_version
            raise CommandError(f"It was made elsewhere by {maker}: only its makers can paint it again.")
        runtime()
        try:
            generator = ready_generator(original.generator_version)
            # The whole batch: what a candidate looks like may depend on its neighbours in it.
            sample = generator.generate(make_job(original.request), lambda _done, _total: None)[original.position]
        except EngineError as error:
            raise CommandError(str(error)) from error
        self.compare(original, sample)

    def compare(self, original: Candidate, sample: Sample) -> None:
        for name in _MACHINE:
            then, now = original.recipe.get(name), sample.recipe.get(name)
            if then != now:
                self.stdout.write(f"{name} was {then}, is {now} now")
        before = load_image(original.raw)
        if before.shape == sample.image.shape and np.array_equal(before, sample.image):
            self.stdout.write(self.style.SUCCESS("The pixels are equal."))
            return
        if before.shape != sample.image.shape:
            raise CommandError(f"The picture has {sample.image.shape[:2]} pixels now, it had {before.shape[:2]}.")
        largest = int(np.abs(before.astype(np.int16) - sample.image).max())
        raise CommandError(f"The pixels differ by up to {largest} of 255.")
