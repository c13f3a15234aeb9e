"""Workers that do their work, break, are killed, or fall silent and wake up late: engines whose fate is known
beforehand, given to the services that run in production."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from generation.contracts import (
    EngineError,
    GenerationJob,
    Generator,
    Guard,
    GuardSubject,
    RewardModel,
    RewardSubject,
    Sample,
    StepReport,
)
from generation.models import GenerationRequest, ModelVersion
from generation.services.production import produce_candidates
from generation.services.scoring import score_candidates
from generation.services.screening import screen_candidates
from generation.variants import VARIANTS

LIMITS = VARIANTS["background_enhancement"].limits
SIDE = 64


class Killed(BaseException):
    """As the kernel does it: nothing after it runs, so the attempt keeps its token and its heart stops."""


class Worker:
    """One process at one message. `fate` happens in the middle of the engine's work; `meanwhile` is what others do
    while it is silent. Of each request the candidates at the places `blocked` break a limit."""

    def __init__(self, fate: str, meanwhile: Callable[[], None], blocked: Sequence[int] = ()) -> None:
        self.fate, self._meanwhile, self._blocked = fate, meanwhile, set(blocked)
        self._measured = 0

    def run(self, task: str, request: GenerationRequest) -> bool:
        """Whether this worker finished the stage. Raises Killed."""
        if task == "generation.produce":
            return produce_candidates(request, self.load_generator)
        if task == "generation.screen":
            return screen_candidates(request, self.load_guard)
        return score_candidates(request, self.load_reward_model)

    def load_generator(self, version: ModelVersion) -> Generator:
        return self

    def load_guard(self, key: str) -> Guard:
        return _Silent() if key != VARIANTS["background_enhancement"].guards[0] else self

    def load_reward_model(self, version: ModelVersion) -> RewardModel:
        return self

    def generate(self, job: GenerationJob, on_step: StepReport) -> list[Sample]:
        self._meet_fate()
        on_step(1, job.steps)
        return [Sample(_scene(seed), {"seed": seed}) for seed in job.seeds]

    def measure(self, subject: GuardSubject) -> Mapping[str, float]:
        self._meet_fate()
        self._measured += 1
        is_broken = self._measured - 1 in self._blocked
        return {limit.measure: float("nan") if is_broken and limit.blocks else limit.threshold for limit in LIMITS}

    def score(self, subjects: Sequence[RewardSubject]) -> list[float]:
        self._meet_fate()
        return [0.9 - 0.1 * number for number in range(len(subjects))]

    def _meet_fate(self) -> None:
        fate, self.fate = self.fate, "well"
        if fate == "killed":
            raise Killed
        if fate in ("breaks", "for good"):
            raise EngineError("The card is full.", permanent=fate == "for good")
        if fate == "late":
            self._meanwhile()


class _Silent:
    def measure(self, subject: GuardSubject) -> Mapping[str, float]:
        return {}


def _scene(seed: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    return np.random.default_rng(seed).integers(0, 255, (SIDE, SIDE, 3), np.uint8)
