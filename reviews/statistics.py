"""Figures about judgements: pure functions, without Django."""

import math
from dataclasses import dataclass

Z95 = 1.959963984540054
"""The two-sided 95 % point of the normal distribution."""


@dataclass(frozen=True)
class Agreement:
    """How often a reviewer's verdicts and the gold ones said the same. `low` and `high` bound the rate at 95 %."""

    agreed: int
    of: int
    low: float | None
    high: float | None

    @property
    def rate(self) -> float | None:
        return self.agreed / self.of if self.of else None


def agreement(agreed: int, of: int) -> Agreement:
    """`agreed` of `of` pairs of verdicts said the same. Raises ValueError unless 0 <= agreed <= of."""
    low, high = wilson_interval(agreed, of) if of else (None, None)
    return Agreement(agreed=agreed, of=of, low=low, high=high)


def wilson_interval(successes: int, trials: int, z: float = Z95) -> tuple[float, float]:
    """The score interval of a share, within 0..1: Wilson 1927, "Probable inference", JASA 22:209-212, formula (5).

    Unlike the textbook's p ± z·sd it stays honest for few trials and for shares near 0 and 1.
    Raises ValueError unless 0 <= successes <= trials and trials > 0.
    """
    if not 0 <= successes <= trials or trials <= 0:
        raise ValueError(f"{successes} of {trials} is no share")
    share = successes / trials
    spread = z * z / trials
    middle = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / trials + spread / (4 * trials)) / (1 + spread)
    # The last bit of a float must not put the share outside of its own interval.
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def two_proportions_p(successes: int, trials: int, other_successes: int, other_trials: int) -> float:
    """The two-sided p of "both shares are the same": the z test with the pooled share (Fleiss, Levin and Paik,
    "Statistical Methods for Rates and Proportions", 3rd edition, section 3.1, without the continuity correction).

    It takes the trials as independent. Raises ValueError for what is no share.
    """
    for part, whole in ((successes, trials), (other_successes, other_trials)):
        if not 0 <= part <= whole or whole <= 0:
            raise ValueError(f"{part} of {whole} is no share")
    pooled = (successes + other_successes) / (trials + other_trials)
    variance = pooled * (1 - pooled) * (1 / trials + 1 / other_trials)
    if variance == 0:
        return 1.0
    z = abs(successes / trials - other_successes / other_trials) / math.sqrt(variance)
    return math.erfc(z / math.sqrt(2))
