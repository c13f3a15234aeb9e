"""What a variant is: its words, its limits, its defaults."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from generation.contracts import Canvas, Cutout

Shape = tuple[int, int]
"""(height, width) in pixels."""


@dataclass(frozen=True)
class Limit:
    """What one guard measurement must satisfy.

    `blocks` tells a hard violation, which stops the candidate before any person sees it, from one that is only
    reported beside the image. `reason` is the sentence that people read beside a finding. An admin may set other
    thresholds from `lowest` to `highest`, unless the limit is `locked`.
    """

    measure: str
    label: str
    bound: Literal["at_most", "at_least"]
    threshold: float
    blocks: bool
    reason: str
    lowest: float = 0.0
    highest: float = 100.0
    locked: bool = False

    def __post_init__(self) -> None:
        if not self.lowest <= self.threshold <= self.highest:
            raise ValueError(f"{self.measure}: the threshold is not from {self.lowest} to {self.highest}")

    def is_broken_by(self, value: float) -> bool:
        # `not <=` rather than `>`: a NaN must break the limit, never slip through it.
        return not (value <= self.threshold if self.bound == "at_most" else value >= self.threshold)


@dataclass(frozen=True)
class PromptPart:
    """One choice of the prompt builder: key, label, and the phrases a model was taught, by key."""

    key: str
    label: str
    phrases: Mapping[str, str]


@dataclass(frozen=True)
class Parameter:
    """One setting of a request beside its words: `options` by key, of which the first is meant where nobody says."""

    key: str
    label: str
    options: Mapping[str, str]
    help: str = ""

    @property
    def default(self) -> str:
        return next(iter(self.options))


@dataclass(frozen=True)
class Stage:
    """How a variant lays out what is painted on, where that is not the photo itself around its product.

    `lay_out` makes the canvas of the products and the chosen settings. `obstacle` says beforehand, from the photos'
    shapes alone, why that cannot be done; it is empty where it can.
    """

    lay_out: Callable[[Sequence[Cutout], Mapping[str, str]], Canvas]
    obstacle: Callable[[Sequence[Shape], Mapping[str, str]], str]


@dataclass(frozen=True)
class Variant:
    """A task. Without a `stage` the photo is painted on, and its product is what is kept."""

    key: str
    label: str
    description: str
    guards: tuple[str, ...]
    limits: tuple[Limit, ...]
    prompt_parts: tuple[PromptPart, ...]
    defect_codes: tuple[str, ...]
    default_steps: int
    default_guidance: float
    default_candidates: int
    max_candidates: int
    parameters: tuple[Parameter, ...] = ()
    stage: Stage | None = None
