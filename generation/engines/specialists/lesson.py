"""One lesson of a specialist: what is given, what should be painted, and in which words."""

from dataclasses import dataclass
from typing import Protocol

from generation.contracts import Image, Mask
from generation.engines.base_model.scenes.canvas import Random


@dataclass(frozen=True)
class Lesson:
    """`picture` (256 x 256) is the whole answer; only what is `kept` of it is shown to the learner."""

    picture: Image
    kept: Mask
    caption: str


class Lessons(Protocol):
    def draw(self, seed: int, random: Random) -> Lesson:
        """Return the lesson of a seed; the same seed and random numbers give the same one."""
        ...
