"""Whose turn it is: one moment for each item, fixed when it enters. The earliest comes first, so that time
itself brings everything to its turn and nothing has to be computed again while it waits. Knows no Django."""

from dataclasses import dataclass
from datetime import datetime, timedelta

PRIORITY = timedelta(hours=24)
"""What one step of priority gains: an item of priority 1 comes as if it had waited a day already."""
SLACK = timedelta(hours=24)
"""An item comes at the latest as if it had entered so long before it is due."""
MOST_PRIORITY = 10


@dataclass(frozen=True)
class Order:
    """A queue's order: the weights (0..1) of the score and of uncertainty, and how far ahead the best of them may go.

    Without weights the oldest comes first.
    """

    score_weight: float = 0.0
    uncertainty_weight: float = 0.0
    reach: timedelta = timedelta(0)


def uncertainty_of(score: float) -> float:
    """How unsure a reward model is of a probability, 0..1: most at one half."""
    return 1.0 - abs(2.0 * score - 1.0)


def turn_at(
    entered_at: datetime,
    order: Order,
    *,
    score: float,
    uncertainty: float,
    priority: int = 0,
    due_at: datetime | None = None,
) -> datetime:
    """The moment that decides whose turn it is. `score` and `uncertainty` are in 0..1."""
    came = entered_at if due_at is None else min(entered_at, due_at - SLACK)
    weights = order.score_weight + order.uncertainty_weight
    mix = (order.score_weight * score + order.uncertainty_weight * uncertainty) / weights if weights else 0.0
    return came - min(max(mix, 0.0), 1.0) * order.reach - priority * PRIORITY


def longest_lead(order: Order, *, due_after: timedelta | None = None, most_priority: int = MOST_PRIORITY) -> timedelta:
    """The bound against starving: whatever enters later than this after an item comes after it, for good."""
    hurry = timedelta(0) if due_after is None else max(SLACK - due_after, timedelta(0))
    return order.reach + most_priority * PRIORITY + hurry
