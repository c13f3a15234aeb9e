"""Who may do how much today and this week: every limit that counts for a person, the targets and the time spent.

The limits come from the statements of the claim, so no page shows another number than the one that counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from accounts.models import User
from generation.variants import VARIANTS
from reviews.models.quotas import DEFAULT_DAILY_IMAGES, QuotaPeriod, QuotaUnit
from reviews.services.budget_statements import BUDGETS, CAPS, MINE, TARGETS

_LIMITS = f"""
WITH {MINE}, {CAPS}, {BUDGETS}
SELECT b.reviewer, b.period, b.unit, b.is_shared, b.allowed, b.cap, b.used, b.room, COALESCE(q.name, ''), b.variant
  FROM budgets b LEFT JOIN reviews_queue q ON q.id = b.queue_id
 ORDER BY b.reviewer, b.queue_id NULLS FIRST, b.variant, b.unit, b.period, b.is_shared
"""  # noqa: S608 - made of constants

_SPENT = f"""
WITH {MINE}, span AS (SELECT mine.*, date_trunc('week', mine.today)::date AS monday FROM mine)
SELECT span.reviewer, span.today, span.is_paused, images.today, images.week, work.today, work.week,
       EXISTS (SELECT 1 FROM reviews_holiday h
                WHERE h.team_id = span.team AND h.day = span.today
                  AND (h.reviewer_id IS NULL OR h.reviewer_id = span.reviewer))
  FROM span
 CROSS JOIN LATERAL (SELECT COALESCE(sum(d.used) FILTER (WHERE d.day = span.today), 0) AS today,
                            COALESCE(sum(d.used), 0) AS week
                       FROM reviews_quotaday d
                      WHERE d.reviewer_id = span.reviewer AND d.day BETWEEN span.monday AND span.today) images
 CROSS JOIN LATERAL (SELECT COALESCE(sum(d.active_ms) FILTER (WHERE d.day = span.today), 0) / 60000 AS today,
                            COALESCE(sum(d.active_ms), 0) / 60000 AS week
                       FROM reviews_workday d
                      WHERE d.reviewer_id = span.reviewer AND d.day BETWEEN span.monday AND span.today) work
"""  # noqa: S608 - made of constants

_TARGETS = f"WITH {MINE}, {TARGETS} SELECT reviewer, period, unit, target FROM targets ORDER BY period, unit"  # noqa: S608


@dataclass(frozen=True)
class Limit:
    """One cap as it counts now. `room` is what is left, less than nothing after it was lowered."""

    period: str
    unit: str
    is_shared: bool
    allowed: int
    cap: int
    used: int
    room: int
    queue: str
    variant: str

    @property
    def left(self) -> int:
        return max(0, self.room)

    @property
    def carried(self) -> int:
        """What was left of the period before."""
        return self.allowed - self.cap

    @property
    def where(self) -> str:
        """The queue or variant; empty for all of it."""
        return self.queue or (str(VARIANTS[self.variant].label) if self.variant in VARIANTS else self.variant)

    @property
    def period_label(self) -> str:
        return str(QuotaPeriod(self.period).label)

    @property
    def unit_label(self) -> str:
        return str(QuotaUnit(self.unit).label)


@dataclass(frozen=True)
class Target:
    period: str
    unit: str
    target: int
    done: int

    @property
    def period_label(self) -> str:
        return str(QuotaPeriod(self.period).label)

    @property
    def unit_label(self) -> str:
        return str(QuotaUnit(self.unit).label)


@dataclass(frozen=True)
class Workload:
    today: date | None = None
    is_paused: bool = False
    is_off: bool = False
    images_today: int = 0
    images_week: int = 0
    minutes_today: int = 0
    minutes_week: int = 0
    limits: list[Limit] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)

    @property
    def by_tightness(self) -> list[Limit]:
        return sorted(self.limits, key=lambda limit: limit.room)

    @property
    def tightest(self) -> Limit | None:
        """The limit on images of everything that leaves least."""
        whole = [limit for limit in self.limits if limit.unit == QuotaUnit.IMAGES and not limit.where]
        return min(whole, key=lambda limit: limit.room, default=None)


def workload(reviewer: User) -> Workload:
    return workloads([reviewer])[reviewer.pk]


def workloads(reviewers: Sequence[User]) -> dict[int, Workload]:
    """Everybody's at once, by the user's primary key, in three statements."""
    keys = [reviewer.pk for reviewer in reviewers]
    values: dict[str, Any] = {"reviewers": keys, "default_limit": DEFAULT_DAILY_IMAGES}
    found = {key: Workload() for key in keys}
    with connection.cursor() as cursor:
        cursor.execute(_SPENT, values)
        for key, today, is_paused, images, images_week, minutes, minutes_week, is_off in cursor.fetchall():
            found[key] = Workload(
                today, is_paused, is_off, int(images), int(images_week), int(minutes), int(minutes_week)
            )
        cursor.execute(_LIMITS, values)
        for key, period, unit, is_shared, allowed, cap, used, room, queue, variant in cursor.fetchall():
            limit = Limit(period, unit, is_shared, int(allowed), cap, int(used), int(room), queue, variant)
            found[key].limits.append(limit)
        cursor.execute(_TARGETS, values)
        for key, period, unit, target in cursor.fetchall():
            _add_target(found[key], period, unit, target)
    return found


def _add_target(of: Workload, period: str, unit: str, target: int) -> None:
    done = {
        ("day", "images"): of.images_today,
        ("week", "images"): of.images_week,
        ("day", "minutes"): of.minutes_today,
        ("week", "minutes"): of.minutes_week,
    }[period, unit]
    of.targets.append(Target(period, unit, target, done))
