"""Time sheets, read only: active time, decisions and images by person and day, from what was counted as it happened."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from accounts.models import Team, User
from reviews.models import WorkDay

LONGEST_DAYS = 366
HEADER = ("day", "username", "name", "active_minutes", "decisions", "undone", "images", "approved", "rejected")
_SUMS = ("active_ms", "decisions", "undone", "images", "approved", "rejected")


@dataclass(frozen=True)
class Span:
    """From the first to the last day, both included."""

    first: date
    last: date

    @property
    def name(self) -> str:
        return f"{self.first:%Y-%m-%d}-{self.last:%Y-%m-%d}"


@dataclass(frozen=True)
class Sheet:
    """What was done: of one person on one day, or, without these, all together."""

    active_ms: int = 0
    decisions: int = 0
    undone: int = 0
    images: int = 0
    approved: int = 0
    rejected: int = 0
    day: date | None = None
    username: str = ""
    name: str = ""

    @property
    def active(self) -> timedelta:
        return timedelta(milliseconds=self.active_ms)

    @property
    def minutes(self) -> float:
        return round(self.active_ms / 60_000, 2)

    @property
    def seconds_an_image(self) -> float | None:
        return self.active_ms / 1000 / self.images if self.images else None

    def cells(self) -> tuple[object, ...]:
        """As HEADER names them."""
        return (
            self.day, self.username, self.name, self.minutes,
            self.decisions, self.undone, self.images, self.approved, self.rejected,
        )  # fmt: skip


def today_of(person: User) -> date:
    """The day it is where they work, which is the day that is counted."""
    return timezone.localdate(timezone=person.zone)


def _within(team: Team, span: Span, reviewer: User | None) -> "QuerySet[WorkDay]":
    found = WorkDay.objects.filter(queue__team=team, day__range=(span.first, span.last))
    return found if reviewer is None else found.filter(reviewer=reviewer)


def sheets(team: Team, span: Span, reviewer: User | None = None) -> Iterator[Sheet]:
    """By day and person, the first day first; days without work are left out."""
    rows = (
        _within(team, span, reviewer)
        .values("day", "reviewer__username", "reviewer__first_name", "reviewer__last_name")
        .annotate(**{f"sum_{name}": Sum(name) for name in _SUMS})
        .order_by("day", "reviewer__username")
    )
    for row in rows.iterator(chunk_size=2000):
        yield _sheet(row)


def totals(team: Team, span: Span, reviewer: User | None = None) -> list[Sheet]:
    """By person, who was at it longest first."""
    rows = (
        _within(team, span, reviewer)
        .values("reviewer__username", "reviewer__first_name", "reviewer__last_name")
        .annotate(**{f"sum_{name}": Sum(name) for name in _SUMS})
        .order_by(F("sum_active_ms").desc(), "reviewer__username")
    )
    return [_sheet(row) for row in rows]


def _sheet(row: Mapping[str, Any]) -> Sheet:
    return Sheet(
        **{name: row[f"sum_{name}"] for name in _SUMS},
        day=row.get("day"),
        username=row["reviewer__username"],
        name=f"{row['reviewer__first_name']} {row['reviewer__last_name']}".strip(),
    )


def together(rows: list[Sheet]) -> Sheet:
    return Sheet(**{name: sum(getattr(row, name) for row in rows) for name in _SUMS})
