"""A reviewer's own days, read only: what they decided, when, and how long they were at it.

Days and hours are those of the reviewer's own time zone, as their quotas' are. What was taken back counts as undone,
and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import ExtractHour, TruncDate
from django.utils import timezone

from accounts.models import User
from reviews.models import Decision, Retraction, Skip, Verdict

LISTED_DAYS = 14


@dataclass(frozen=True)
class Hour:
    """`hour` is 0 to 23."""

    hour: int
    items: int
    images: int


@dataclass(frozen=True)
class Day:
    """Items and images that were judged or reported, active time, what was passed by and what was taken back."""

    date: date
    items: int = 0
    images: int = 0
    active: timedelta = field(default_factory=timedelta)
    skipped: int = 0
    undone: int = 0

    @property
    def seconds_an_image(self) -> float | None:
        return self.active.total_seconds() / self.images if self.images else None


def last_days(reviewer: User, count: int = LISTED_DAYS) -> list[Day]:
    """The last `count` days, today first, the empty ones too."""
    zone = reviewer.zone
    today = timezone.localdate(timezone=zone)
    first = today - timedelta(days=count - 1)
    since = datetime.combine(first, time(), zone)
    decided = _decided(_standing(reviewer, since), zone)
    skipped = _counted(Skip.objects.filter(reviewer=reviewer, created_at__gte=since), zone)
    undone = _counted(Retraction.objects.filter(reviewer=reviewer, created_at__gte=since), zone)
    days = (today - timedelta(days=back) for back in range(count))
    return [_day(day, decided.get(day, {}), skipped.get(day, 0), undone.get(day, 0)) for day in days]


def _standing(reviewer: User, since: datetime) -> QuerySet[Decision]:
    return Decision.objects.standing().filter(reviewer=reviewer, created_at__gte=since)


def _decided(decisions: QuerySet[Decision], zone: ZoneInfo) -> dict[date, Mapping[str, Any]]:
    rows = (
        decisions.values(day=TruncDate("created_at", tzinfo=zone))
        .annotate(items=Count("pk"), images=Sum("slot__images"), active=Sum("active_ms"))
        .order_by()
    )
    return {row["day"]: row for row in rows}


def _counted(rows: "QuerySet[Skip] | QuerySet[Retraction]", zone: ZoneInfo) -> dict[date, int]:
    found = rows.values(day=TruncDate("created_at", tzinfo=zone)).annotate(count=Count("pk")).order_by()
    return {row["day"]: row["count"] for row in found}


def _day(day: date, row: Mapping[str, Any], skipped: int, undone: int) -> Day:
    items, images, active = (row.get(name) or 0 for name in ("items", "images", "active"))
    return Day(day, items, images, timedelta(milliseconds=active), skipped, undone)


def hours_of_today(reviewer: User) -> list[Hour]:
    """The hours from the first to the last in which something was decided today."""
    zone = reviewer.zone
    rows = (
        _standing(reviewer, _midnight(zone))
        .values(hour=ExtractHour("created_at", tzinfo=zone))
        .annotate(items=Count("pk"), images=Sum("slot__images"))
        .order_by()
    )
    found = {row["hour"]: Hour(row["hour"], row["items"], row["images"]) for row in rows}
    if not found:
        return []
    return [found.get(hour, Hour(hour, 0, 0)) for hour in range(min(found), max(found) + 1)]


def kinds_of_today(reviewer: User) -> list[tuple[str, int]]:
    """(kind, how many): images_approved, images_rejected, and the items of every other Decision.Kind."""
    decisions = _standing(reviewer, _midnight(reviewer.zone))
    verdicts = Verdict.objects.filter(decision__in=decisions).aggregate(
        images_approved=Count("pk", filter=Q(approved=True)), images_rejected=Count("pk", filter=Q(approved=False))
    )
    others = decisions.exclude(kind=Decision.Kind.JUDGED).values("kind").annotate(count=Count("pk")).order_by()
    counts = {row["kind"]: row["count"] for row in others}
    kinds = [kind.value for kind in Decision.Kind if kind != Decision.Kind.JUDGED]
    return [*verdicts.items(), *((kind, counts.get(kind, 0)) for kind in kinds)]


def _midnight(zone: ZoneInfo) -> datetime:
    return datetime.combine(timezone.localdate(timezone=zone), time(), zone)
