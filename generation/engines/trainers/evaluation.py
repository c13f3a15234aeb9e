"""How good a reward model is on judged examples: the formulas, on plain arrays."""

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def auc(approved: Flags, scores: Floats) -> float | None:
    """Return the chance that an approved candidate scores above a rejected one, ties counting half.

    Mann and Whitney's U over all pairs (1947). None unless both kinds are present.
    """
    positive, negative = scores[approved], scores[~approved]
    if positive.size == 0 or negative.size == 0:
        return None
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, "left")
    not_above = np.searchsorted(ordered, positive, "right")
    return float((below + not_above).sum() / 2 / (positive.size * negative.size))


def pair_accuracy(winners: Floats, losers: Floats) -> float | None:
    """Return the share of preferences that the scores order as the expert did, ties counting half."""
    if winners.size == 0:
        return None
    return float(((winners > losers) + 0.5 * (winners == losers)).mean())


def reliability(approved: Flags, probabilities: Floats, bins: int = 10) -> list[dict[str, float]]:
    """Return, for bins of (almost) equal count along the probability, what was said and what came true."""
    order = np.argsort(probabilities, kind="stable")
    parts = np.array_split(order, min(bins, max(1, order.size)))
    return [
        {
            "count": float(part.size),
            "predicted": float(probabilities[part].mean()),
            "observed": float(approved[part].mean()),
        }
        for part in parts
        if part.size
    ]


def calibration_error(approved: Flags, probabilities: Floats, bins: int = 10) -> float | None:
    """Return the expected calibration error over bins of equal count: mean |predicted - observed|, 0..1.

    Naeini, Cooper and Hauskrecht (2015), with equal-mass bins, which do not leave empty ones.
    """
    if probabilities.size == 0:
        return None
    found = reliability(approved, probabilities, bins)
    gap = sum(part["count"] * abs(part["predicted"] - part["observed"]) for part in found)
    return float(gap / probabilities.size)


def log_loss(approved: Flags, probabilities: Floats) -> float | None:
    """Return the mean of -log(probability given to what happened), in nats; probabilities stay 1e-7 from 0 and 1."""
    if probabilities.size == 0:
        return None
    kept = np.clip(probabilities, 1e-7, 1 - 1e-7)
    return float(-np.log(np.where(approved, kept, 1 - kept)).mean())


def evaluate(approved: Flags, probabilities: Floats, winners: Floats, losers: Floats) -> dict[str, Any]:
    """Return every figure for one model on one set: N verdicts with probabilities, M preferences with scores."""
    return {
        "auc": auc(approved, probabilities),
        "pair_accuracy": pair_accuracy(winners, losers),
        "calibration_error": calibration_error(approved, probabilities),
        "log_loss": log_loss(approved, probabilities),
        "verdicts": int(approved.size),
        "approved": int(approved.sum()),
        "pairs": int(winners.size),
        "reliability": reliability(approved, probabilities) if approved.size else [],
    }
