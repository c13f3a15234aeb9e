"""A specialist's lessons, drawn and encoded once: those to learn from first, then those that are only measured on."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from generation.engines.base_model.chance import numbers
from generation.engines.base_model.latents import Latents, encode
from generation.engines.base_model.progress import Report, StageProgress
from generation.engines.specialists.lesson import Lesson, Lessons
from generation.engines.specialists.plan import SpecialistPlan

_SEEDS = 20_000_000_000
"""Scenes from here on belong to specialists: the base model never saw them."""
_BATCH = 16


class LessonStore(Latents):
    """Row n is lesson n of the plan."""

    def __init__(self, folder: Path, plan: SpecialistPlan, lessons: Lessons) -> None:
        super().__init__(folder, plan.lessons + plan.held_out)
        self._plan, self._lessons = plan, lessons

    def fill(self, autoencoder: Any, report: Report) -> None:
        """Draw and encode what is missing, file by file."""
        encoder = autoencoder.eval().to(memory_format=torch.channels_last)
        for number, rows in self._shards.missing():
            drawn = [self.lesson(row) for row in rows]
            parts = [_encoded(encoder, drawn[at : at + _BATCH]) for at in range(0, len(drawn), _BATCH)]
            arrays = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
            self._shards.write(number, arrays, captions=json.dumps([lesson.caption for lesson in drawn]))
            report(StageProgress("lessons", rows.stop, self._shards.count))

    def lesson(self, row: int) -> Lesson:
        seed = _SEEDS + self._plan.seed * 1_000_000 + row
        return self._lessons.draw(seed, numbers(self._plan.seed, f"{self._plan.variant} lesson", row))

    def captions(self) -> list[str]:
        return [text for texts in self._shards.texts("captions") for text in json.loads(texts)]


def _encoded(encoder: Any, lessons: list[Lesson]) -> dict[str, Any]:
    return encode(
        encoder, np.stack([lesson.picture for lesson in lessons]), np.stack([lesson.kept for lesson in lessons])
    )
