"""How a training tells where it is, and how it is stopped."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class StageProgress:
    """`done` of `total` steps of a stage; `images` is how many pictures one step takes."""

    stage: str
    done: int
    total: int
    images: int = 1
    loss: float | None = None
    note: str = ""


class StopTraining(Exception):
    """Raised by a report to stop the work; it is kept up to that step, and the next run goes on from there."""


Report = Callable[[StageProgress], None]
"""Called after every step; may raise StopTraining. Anything else loses the steps since the last checkpoint."""
