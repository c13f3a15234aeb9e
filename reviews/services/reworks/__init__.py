"""Acts of an admin on many items: seen before, done in slices, and taken back where nobody has gone on since."""

from reviews.services.reworks.effects import AT_ONCE, Effect, ReworkChanged, effect_of
from reviews.services.reworks.opening import (
    NotToBeCancelled,
    NotToBeUndone,
    cancel_rework,
    confirm,
    review_again,
    undo_rework,
)
from reviews.services.reworks.running import DOING, UNDOING, run_slice

__all__ = [
    "AT_ONCE",
    "DOING",
    "UNDOING",
    "Effect",
    "NotToBeCancelled",
    "NotToBeUndone",
    "ReworkChanged",
    "cancel_rework",
    "confirm",
    "effect_of",
    "review_again",
    "run_slice",
    "undo_rework",
]
