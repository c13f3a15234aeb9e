"""Runs a learner to its end, from wherever it was."""

import time

import torch

from generation.engines.base_model.checkpoints import Checkpoint, Checkpoints
from generation.engines.base_model.learner import Learner
from generation.engines.base_model.progress import Report, StageProgress, StopTraining

SECONDS_BETWEEN = 60.0


def run_to_end(
    learner: Learner, checkpoints: Checkpoints, report: Report, seconds_between: float = SECONDS_BETWEEN
) -> tuple[list[float], float]:
    """Do the steps that are missing; return the loss of each step of all, and the seconds they took.

    A checkpoint is written every `seconds_between`, at the end, and when `report` raises StopTraining. The weights do
    not depend on when: a broken run ends at the same ones as an unbroken run.
    """
    state = _Standing(learner, checkpoints, report)
    try:
        while state.done < learner.steps:
            state.do_one()
            if time.monotonic() - state.saved_at >= seconds_between or state.done == learner.steps:
                state.save()
            state.tell()
    except StopTraining:
        state.save()  # only between two steps: anything else may have come in the middle of one
        raise
    return state.losses, state.seconds


class _Standing:
    """How far a learner is, in memory and in its newest checkpoint."""

    def __init__(self, learner: Learner, checkpoints: Checkpoints, report: Report) -> None:
        self._learner, self._checkpoints, self._report = learner, checkpoints, report
        self.done, self.seconds = 0, 0.0
        self.losses: list[float] = []
        found, damaged = checkpoints.latest()
        if found:
            learner.restore(found.tensors)
            self.done, self.seconds = found.step, float(found.notes["seconds"])
            self.losses = [float(value) for value in found.tensors["losses"]]
        self._saved_step = self.done
        self.saved_at = time.monotonic()
        for name in damaged:
            self.tell(f"The checkpoint {name} is damaged; going on from step {self.done}.")

    def do_one(self) -> None:
        began = time.monotonic()
        self.losses.append(self._learner.step(self.done))
        self.done += 1
        self.seconds += time.monotonic() - began

    def save(self) -> None:
        if self.done == self._saved_step:
            return
        tensors = self._learner.state() | {"losses": torch.tensor(self.losses, dtype=torch.float64)}
        self._checkpoints.save(Checkpoint(self.done, tensors, {"seconds": self.seconds}))
        self._saved_step, self.saved_at = self.done, time.monotonic()

    def tell(self, note: str = "") -> None:
        loss = self.losses[-1] if self.losses else None
        learner = self._learner
        self._report(StageProgress(learner.stage, self.done, learner.steps, learner.batch, loss, note))
