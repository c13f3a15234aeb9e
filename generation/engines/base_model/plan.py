"""All numbers of a training, in one place: how many scenes, how large the parts, how long each stage."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Protocol

RECIPE = 1
"""Raise it when code that decides the weights changes: a half-done training of an older recipe is then refused."""

STAGES = ("scenes", "autoencoder", "latents", "denoiser", "model")
FORMATS = ("float32", "float16")
"""Number formats of a finished model's weights."""


class AnyPlan(Protocol):
    """What a workspace needs of a training's plan: a dataclass with a name and a fingerprint."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def name(self) -> str: ...

    @property
    def sha256(self) -> str: ...


@dataclass(frozen=True)
class AutoencoderPlan:
    channels: int
    steps: int
    batch: int
    crop: int
    """Side of the square crops in pixels; a multiple of 8."""
    rate: float


@dataclass(frozen=True)
class DenoiserPlan:
    """`channels` of the UNet's levels and `width` of the text encoder must be multiples of 16."""

    channels: tuple[int, ...]
    width: int
    text_layers: int
    steps: int
    batch: int
    rate: float
    """Of AdamW, which moves what is not a matrix."""
    matrix_rate: float
    """Of Muon, which moves the matrices."""


@dataclass(frozen=True)
class Plan:
    name: str
    seed: int
    scenes: int
    held_out: int
    """Scenes that are never trained on; the figures of the finished model are measured on them."""
    autoencoder: AutoencoderPlan
    denoiser: DenoiserPlan

    @property
    def sha256(self) -> str:
        return hashlib.sha256(json.dumps([RECIPE, asdict(self)]).encode()).hexdigest()


_FULL = Plan(
    name="full",
    seed=1,
    scenes=9000,
    held_out=128,
    autoencoder=AutoencoderPlan(channels=32, steps=2400, batch=8, crop=96, rate=2e-3),
    denoiser=DenoiserPlan(
        channels=(32, 64, 128), width=128, text_layers=2, steps=1800, batch=16, rate=1.5e-3, matrix_rate=2e-3
    ),
)
_SMALL = Plan(
    name="small",
    seed=1,
    scenes=600,
    held_out=64,
    autoencoder=AutoencoderPlan(channels=32, steps=300, batch=8, crop=96, rate=2e-3),
    denoiser=DenoiserPlan(
        channels=(32, 64, 128), width=128, text_layers=2, steps=240, batch=16, rate=1.5e-3, matrix_rate=2e-3
    ),
)

PLANS: dict[str, Plan] = {plan.name: plan for plan in (_FULL, _SMALL)}
"""`full` is the shipped model's recipe; `small` has its parts and a tenth of its steps, to see everything run."""
