"""What crosses the border between the web application and the machines that make, guard and score images.

Nothing here knows Django or a tensor library, so a service, a task, an engine and a notebook can all speak it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
"""H x W x 3, sRGB, 0..255."""

Mask = npt.NDArray[np.bool_]
"""H x W, True where the product is."""

StepReport = Callable[[int, int], None]
"""Called with (steps done, steps in all); may raise to stop the work."""


def gettext_noop(text: str) -> str:
    """Mark a label for translation in code that knows no Django; it is translated where it is shown."""
    return text


class EngineError(Exception):
    """A machine could not do its job.

    `permanent` says that the same input will fail again (a broken model folder, an image it cannot take), so a
    retry would only waste the machine.
    """

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


@dataclass(frozen=True)
class ModelFiles:
    """A model version as an engine sees it: a local folder whose content is pinned by `sha256`.

    A specialist's folder holds an adapter only, which is worn by the model in `base`.
    """

    key: str
    folder: Path
    sha256: str
    base: "ModelFiles | None" = None


@dataclass(frozen=True)
class Cutout:
    """A product as it was photographed: the photo, and where in it the product is. Both share one shape."""

    photo: Image
    mask: Mask


@dataclass(frozen=True)
class Canvas:
    """What is painted on: `image` as it stands before, and which of its pixels must come out byte for byte as they are.

    All else is painted. Both share one shape: that of the finished candidate.
    """

    image: Image
    kept: Mask


@dataclass(frozen=True)
class GenerationJob:
    """Everything a generator needs to paint all candidates of one request in one batch.

    `mask` is what is kept of `source`: the product, or all of the canvas that is not to be painted.
    """

    source: Image
    mask: Mask
    prompt: str
    seeds: tuple[int, ...]
    steps: int
    guidance: float
    negative_prompt: str = ""


@dataclass(frozen=True)
class Sample:
    """One raw output, before any paste-back. `image` has the source's proportions at the model's own size.

    `recipe` holds what makes the same pixels again: seed, batch size and position, steps, guidance, scheduler,
    dtype, device, model sha256 and library versions.
    """

    image: Image
    recipe: Mapping[str, Any]


class Generator(Protocol):
    def generate(self, job: GenerationJob, on_step: StepReport) -> list[Sample]:
        """Return one sample per seed, in the order of the seeds.

        Raises EngineError, and whatever `on_step` raises.
        """
        ...


@dataclass(frozen=True)
class Rectangle:
    """Where the product is, in shares of the photo's width and height: 0 <= left < right <= 1, likewise downwards."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Stroke:
    """One line of a round brush. `points` are (x, y) in shares of width and height, `radius` of the longest side."""

    tool: str
    """"brush" paints product, "eraser" scene."""
    radius: float
    points: tuple[tuple[float, float], ...]


class Segmenter(Protocol):
    def segment(self, photo: Image, rectangle: Rectangle | None, hints: Sequence[Stroke] = ()) -> Mask:
        """Return which pixels of `photo` are product, at its full resolution.

        An automatic segmenter may ignore both; one that needs a rectangle says so. In `hints` a brush shows what is
        product for certain, an eraser what is not. The same call returns the same mask. Raises EngineError.
        """
        ...


@dataclass(frozen=True)
class GuardSubject:
    """One candidate as the guards see it.

    `source`, `mask` and `full` share one full-resolution shape; `small_source`, `small_mask`, `raw` and `composed`
    share the model's shape, or a smaller one where the model painted larger than guards need: `painted` is then the
    shape that `full` was made from. `sibling_hashes` are the perceptual hashes (64-bit ints) of earlier, uncontested
    candidates of the same request.
    """

    source: Image
    mask: Mask
    full: Image
    small_source: Image
    small_mask: Mask
    raw: Image
    composed: Image
    sibling_hashes: tuple[int, ...] = ()
    painted: tuple[int, int] | None = None


@dataclass(frozen=True)
class Region:
    """A box in shares of a picture's width and height: it lies inside 0..1."""

    x: float
    y: float
    width: float
    height: float


class Guard(Protocol):
    """One that can also say where is a LocatingGuard."""

    def measure(self, subject: GuardSubject) -> Mapping[str, float]:
        """Return named measurements; the variant's limits say what they mean."""
        ...


@runtime_checkable
class LocatingGuard(Protocol):
    def locate(self, subject: GuardSubject, measure: str, threshold: float) -> Sequence[Region]:
        """Return where in the picture `measure`, which broke its limit, is beyond `threshold`; few, or none.

        Asked only about what was measured just before and broke a limit, so an honest candidate costs nothing.
        """
        ...


@dataclass(frozen=True)
class RewardSubject:
    """One cleared candidate as a reward model sees it. The two images and the mask share one shape."""

    source: Image
    mask: Mask
    candidate: Image
    prompt: str
    measures: Mapping[str, float] = field(default_factory=dict)


class RewardModel(Protocol):
    def score(self, subjects: Sequence[RewardSubject]) -> list[float]:
        """Return one score per subject: the calibrated probability, 0..1, that an expert approves it."""
        ...


@dataclass(frozen=True)
class LabelledCandidate:
    """One judged candidate of a snapshot. `split` is train, validation or test; `product` never straddles splits."""

    key: str
    product: str
    split: str
    approved: bool
    subject: RewardSubject


@dataclass(frozen=True)
class LabelledPair:
    """One preference inside a snapshot; both keys name labelled candidates of the same request."""

    winner: str
    loser: str
    split: str


class TrainingExamples(Protocol):
    """A frozen snapshot as a trainer reads it: streamed, never held whole."""

    @property
    def sha256(self) -> str: ...

    def candidates(self) -> Iterator[LabelledCandidate]: ...

    def pairs(self) -> Iterator[LabelledPair]: ...


@dataclass(frozen=True)
class TrainingProgress:
    done: int
    total: int
    loss: float | None = None
    note: str = ""


ProgressReport = Callable[[TrainingProgress], None]
"""May raise to stop the work (cancelled, or another worker took over); what is checkpointed stays."""


@dataclass(frozen=True)
class TrainedModel:
    """What a finished training leaves: a folder with the weights, and its measured metrics."""

    folder: Path
    metrics: Mapping[str, Any]


class Trainer(Protocol):
    def train(
        self,
        examples: TrainingExamples,
        *,
        workspace: Path,
        incumbent: ModelFiles | None,
        seconds: float,
        report: ProgressReport,
    ) -> TrainedModel | None:
        """Train for at most `seconds`, checkpointing into `workspace`.

        Returns None when there is more to do: call again with the same workspace and it goes on where it was, to the
        same weights as an unbroken run. `incumbent` is the version in use, measured on the same held-out examples.
        Raises EngineError(permanent=True) when the examples cannot train anything.
        """
        ...
