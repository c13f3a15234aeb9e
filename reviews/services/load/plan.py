"""What a floor for measuring is made of, and when things happened on it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MOST_ITEMS = 5_000_000
_WEEKEND = 0.2
"""What happens on a day of the weekend, next to a working day."""
_BEGINS, _LASTS = 8, 10
"""The hours of a working day."""


@dataclass(frozen=True)
class LoadPlan:
    """`items` entered over the last `days`, today not counted; of them the oldest `decided_share` (0..1) are decided.

    `people` reviewers judge them. The same `seed` and day give the same floor, handles included.
    """

    items: int
    decided_share: float = 0.3
    seed: int = 1
    people: int = 40
    days: int = 42

    @property
    def decided(self) -> int:
        return round(self.items * self.decided_share)

    @property
    def slug(self) -> str:
        return f"load-{self.seed}"


class Calendar:
    """The working days before `today`: a share of all that happened is a moment of them, later for a larger share."""

    def __init__(self, today: date, days: int) -> None:
        self._days = [today - timedelta(days=back) for back in range(days, 0, -1)]
        weights = [_WEEKEND if day.weekday() >= 5 else 1.0 for day in self._days]
        total, reached = sum(weights), 0.0
        self._reached = []
        for weight in weights:
            reached += weight / total
            self._reached.append(reached)
        self._midnights = [datetime.combine(day, datetime.min.time(), UTC) for day in self._days]
        self._at = 0

    def at(self, share: float) -> datetime:
        """The moment by which `share` (0..1) of everything had happened. Quick for shares that only grow."""
        while self._at < len(self._days) - 1 and share >= self._reached[self._at]:
            self._at += 1
        while self._at and share < self._reached[self._at - 1]:
            self._at -= 1
        begun = self._reached[self._at - 1] if self._at else 0.0
        within = min(1.0, (share - begun) / (self._reached[self._at] - begun))
        return self._midnights[self._at] + timedelta(hours=_BEGINS + within * _LASTS)
