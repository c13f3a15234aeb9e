"""All numbers of a specialist's training, in one place."""

import hashlib
import json
from dataclasses import asdict, dataclass

RECIPE = 1
"""Raise it when code that decides the weights changes: a half-done training of an older recipe is then refused."""


@dataclass(frozen=True)
class SpecialistPlan:
    """`rank` is the width of the adapter's matrices; `rate` that of AdamW. `held_out` lessons are only measured on.

    `strength` is how the finished specialist begins (modelfiles.AdapterNote); it changes nothing in the training.
    """

    name: str
    variant: str
    seed: int = 1
    lessons: int = 1600
    held_out: int = 96
    rank: int = 16
    steps: int = 400
    batch: int = 12
    rate: float = 1e-3
    strength: float = 0.2

    @property
    def sha256(self) -> str:
        return hashlib.sha256(json.dumps([RECIPE, asdict(self)]).encode()).hexdigest()


def plan_for(variant: str, name: str = "full") -> SpecialistPlan:
    """Return the recipe of the shipped specialists, or `small`: the same with little of everything, to see it run."""
    if name == "small":
        return SpecialistPlan(name, variant, lessons=48, held_out=16, rank=4, steps=6, batch=4)
    return SpecialistPlan(name, variant)


PLANS = ("full", "small")
