"""Figures about judgements: pure functions, without Django."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

_Cells = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
_Draws = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
_RESAMPLES = 1000
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


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval, and on how many candidates it rests; no value where it cannot be told."""

    value: float | None
    low: float | None
    high: float | None
    of: int


Votes = Mapping[tuple[int, int], int]
"""(votes, approvals) -> on how many candidates so many of so many reviewers approved."""


def percent_agreement(votes: Votes) -> Estimate:
    """How often two reviewers of a candidate, drawn at random, said the same: the mean over candidates.

    Fleiss 1971, "Measuring nominal scale agreement among many raters", Psychological Bulletin 76:378-382, formula (2).
    """
    return _estimate(votes, _observed)


def krippendorff_alpha(votes: Votes) -> Estimate:
    """Agreement beyond what chance alone would give: 1 is perfect, 0 is chance, below is worse than chance.

    For two categories and any number of reviewers a candidate: Krippendorff 2011, "Computing Krippendorff's
    alpha-reliability", section C. Without a value where everybody said the same of everything: then chance alone would
    give perfect agreement too, and nothing can be told.
    """
    return _estimate(votes, _alpha)


def _estimate(votes: Votes, figure: Callable[[_Cells, _Draws], _Draws]) -> Estimate:
    """`figure` of what was found, and of 1,000 samples drawn from it with replacement: the percentile interval of Efron
    1979, "Bootstrap methods", Annals of Statistics 7:1-26. Candidates are drawn, with all that was said of them."""
    found = {cell: candidates for cell, candidates in sorted(votes.items()) if cell[0] > 1 and candidates > 0}
    of = sum(found.values())
    if not of:
        return Estimate(None, None, None, 0)
    cells = np.array(list(found), dtype=float)
    counted = np.array([list(found.values())], dtype=float)
    value = float(figure(cells, counted)[0])
    if math.isnan(value):
        return Estimate(None, None, None, of)
    # The same numbers always give the same interval: a page that is loaded again shows the same figure.
    drawn = np.random.default_rng(of).multinomial(of, counted[0] / of, size=_RESAMPLES).astype(float)
    figures = figure(cells, drawn)
    figures = figures[~np.isnan(figures)]
    low, high = (float(bound) for bound in np.percentile(figures, [2.5, 97.5]))
    return Estimate(value, min(low, value), max(high, value), of)


def _observed(cells: _Cells, drawn: _Draws) -> _Draws:
    votes, approvals = cells[:, 0], cells[:, 1]
    rejects = votes - approvals
    same = (approvals * (approvals - 1) + rejects * (rejects - 1)) / (votes * (votes - 1))
    shares: _Draws = drawn @ same / drawn.sum(axis=1)
    return shares


def _alpha(cells: _Cells, drawn: _Draws) -> _Draws:
    votes, approvals = cells[:, 0], cells[:, 1]
    # Ordered pairs within a candidate that differ, weighted so that each verdict counts once.
    differ = drawn @ (2 * approvals * (votes - approvals) / (votes - 1))
    verdicts, approved = drawn @ votes, drawn @ approvals
    by_chance = 2 * approved * (verdicts - approved) / (verdicts - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        alphas: _Draws = np.where(by_chance > 0, 1 - differ / by_chance, np.nan)
    return alphas


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


def at_most_p(successes: int, trials: int, share: float) -> float:
    """The chance of at most so many successes where each trial succeeds with the probability `share`: the one-sided
    exact test of Clopper and Pearson 1934, "The use of confidence or fiducial limits illustrated in the case of the
    binomial", Biometrika 26:404-413.

    It takes the trials as independent. Raises ValueError for what is no share.
    """
    if not 0 <= successes <= trials or trials <= 0 or not 0 <= share <= 1:
        raise ValueError(f"{successes} of {trials} is no share, or {share} is none")
    return min(1.0, sum(math.comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(successes + 1)))


def rank_sum_p(one: Sequence[float], other: Sequence[float]) -> float:
    """The two-sided p of "neither tends to be larger": Mann and Whitney 1947, "On a test of whether one of two random
    variables is stochastically larger than the other", Annals of Mathematical Statistics 18:50-60.

    By its normal approximation, corrected for ties (Lehmann 1975, "Nonparametrics", formula (1.34)) and for continuity:
    good from about ten values a side on. It needs no shape of the values, which scores do not have. It takes them as
    independent. Raises ValueError without values.
    """
    if not one or not other:
        raise ValueError("there is nothing to compare")
    values = np.concatenate([np.asarray(one, dtype=float), np.asarray(other, dtype=float)])
    _values, places, ties = np.unique(values, return_inverse=True, return_counts=True)
    # Equal values share the mean of their ranks.
    ranks = (np.cumsum(ties) - (ties - 1) / 2)[places]
    m, n, total = len(one), len(other), len(values)
    u = float(ranks[:m].sum()) - m * (m + 1) / 2
    variance = m * n / 12 * (total + 1 - float((ties**3 - ties).sum()) / (total * (total - 1)))
    if variance <= 0:
        return 1.0
    z = max(0.0, abs(u - m * n / 2) - 0.5) / math.sqrt(variance)
    return math.erfc(z / math.sqrt(2))
