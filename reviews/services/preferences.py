"""Preference pairs: which of two siblings a reviewer put above the other, by rules that can be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generation.variants.defect_codes import DEFECT_CODES
from reviews.models.preferences import PairRule


@dataclass(frozen=True)
class Judged:
    """One candidate of one decision: its id, the verdict and the codes of a reject."""

    candidate_id: int
    approved: bool
    codes: Sequence[str] = ()


@dataclass(frozen=True)
class Pair:
    winner_id: int
    loser_id: int
    rule: PairRule


def derive_pairs(judged: Sequence[Judged], best_id: int | None) -> list[Pair]:
    """The best over every sibling, and every approved over every rejected one, each pair once.

    Where both rules give a pair, the best rule keeps it. A code about the request (an unsuitable photo) says nothing
    about which image is better, so such a decision gives no pairs at all.
    """
    if any(DEFECT_CODES[code].scope == "request" for one in judged for code in one.codes):
        return []
    pairs: dict[tuple[int, int], PairRule] = {
        (winner.candidate_id, loser.candidate_id): PairRule.APPROVED_OVER_REJECTED
        for winner in judged
        for loser in judged
        if winner.approved and not loser.approved
    }
    if best_id is not None:
        pairs |= {
            (best_id, one.candidate_id): PairRule.BEST_OVER_SIBLING for one in judged if one.candidate_id != best_id
        }
    return _as_pairs(pairs)


def _as_pairs(pairs: Mapping[tuple[int, int], PairRule]) -> list[Pair]:
    return [Pair(winner, loser, rule) for (winner, loser), rule in sorted(pairs.items())]
