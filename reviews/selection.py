"""Which scored candidates people see: the best ones, and a random share of the rest so that reports stay honest."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Reason = Literal["top_rank", "exploration"]


@dataclass(frozen=True)
class ScoredCandidate:
    id: int
    score: float


@dataclass(frozen=True)
class Selected:
    """`propensity` is the probability, 0..1, with which this candidate was to be shown."""

    id: int
    reason: Reason
    propensity: float


def select(
    scored: Sequence[ScoredCandidate], *, top_ranks: int, floor: float, exploration_share: float, rng: random.Random
) -> list[Selected]:
    """Choose what is shown, best first.

    The `top_ranks` best at or above `floor` are always shown, and the very best one even below it. Each of the others
    is drawn by itself with probability `exploration_share`, so weighting a judgement by 1 / propensity gives an
    unbiased estimate over all candidates (Horvitz-Thompson). The draw depends on the candidates and the state of
    `rng` only, not on the order of `scored`.
    """
    ranked = sorted(scored, key=lambda candidate: (-candidate.score, candidate.id))
    chosen = []
    for rank, candidate in enumerate(ranked):
        # Drawn for everyone, so that moving the floor does not change the luck of those behind it.
        drawn = rng.random() < exploration_share
        if rank == 0 or (rank < top_ranks and candidate.score >= floor):
            chosen.append(Selected(candidate.id, "top_rank", 1.0))
        elif drawn:
            chosen.append(Selected(candidate.id, "exploration", exploration_share))
    return chosen
