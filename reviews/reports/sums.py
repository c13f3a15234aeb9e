"""Work days added up, by day, person or queue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum

from accounts.models import User
from reviews.models import Queue, WorkDay
from reviews.models.queues import QueuePurpose
from reviews.statistics import Agreement, agreement

_RATED = ("approved", "rejected")
_SUMMED = ("decisions", "undone", "unjudged", "images", "approved", "rejected", "active_ms")


@dataclass(frozen=True, order=True)
class Work:
    """As a WorkDay, of several of them."""

    decisions: int = 0
    undone: int = 0
    unjudged: int = 0
    images: int = 0
    approved: int = 0
    rejected: int = 0
    active_ms: int = 0

    @property
    def active(self) -> timedelta:
        return timedelta(milliseconds=self.active_ms)

    @property
    def seconds_an_image(self) -> float | None:
        """All active time, also what was spent on what was taken back, by the images that stand."""
        return self.active_ms / 1000 / self.images if self.images else None

    @property
    def images_an_hour(self) -> float | None:
        return self.images * 3_600_000 / self.active_ms if self.active_ms else None

    @property
    def approval(self) -> Agreement:
        return agreement(max(self.approved, 0), max(self.approved + self.rejected, self.approved, 0))

    @property
    def undo(self) -> Agreement:
        """Of the decisions made, those that were taken back."""
        return agreement(min(self.undone, self.decisions), self.decisions)


def by(rows: QuerySet[WorkDay], field: str) -> dict[Any, Work]:
    """`field` (day, reviewer, queue) -> what was done, in one statement.

    Known images are work, and no part of how much is approved: what is wrong with them was chosen.
    """
    fresh = ~Q(queue__purpose=QueuePurpose.CALIBRATION)
    totals = {f"sum_{name}": Sum(name, filter=fresh if name in _RATED else None, default=0) for name in _SUMMED}
    summed = rows.values(field).annotate(**totals).order_by()
    return {row[field]: Work(**{name: row[f"sum_{name}"] for name in _SUMMED}) for row in summed}


def total(work: Iterable[Work]) -> Work:
    parts = list(work)
    return Work(**{name: sum(getattr(part, name) for part in parts) for name in _SUMMED})


def people(keys: Iterable[int]) -> Mapping[int, str]:
    return {user.pk: user.get_full_name() or user.username for user in User.objects.filter(pk__in=list(keys))}


def queues(keys: Iterable[int]) -> Mapping[int, str]:
    return dict(Queue.objects.filter(pk__in=list(keys)).values_list("pk", "name"))
