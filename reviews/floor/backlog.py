"""What waits in each queue, since when, and what came and went day by day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import QuerySet, Sum
from django.utils import timezone

from accounts.models import Team
from reviews.models import ArrivalDay, Queue, QueueTally, WorkDay
from reviews.models.items import SlotState

LISTED_DAYS = 14
MOST_READ = 500
"""So many of the oldest waiting seats of a queue are looked at for what is overdue."""

# The walk goes along slot_by_age and stops: what is due was due in the order it came in, unless an admin changed the
# queue's time meanwhile, so what is overdue is among the oldest.
OLDEST = """
SELECT q.id, min(i.created_at), count(DISTINCT i.id) FILTER (WHERE i.due_at < clock_timestamp()), count(*)
  FROM reviews_queue q
 CROSS JOIN LATERAL (SELECT s.item_id FROM reviews_slot s WHERE s.queue_id = q.id AND s.state = 'ready'
                      ORDER BY s.id LIMIT %s) s
  JOIN reviews_reviewitem i ON i.id = s.item_id
 WHERE q.team_id = %s
 GROUP BY q.id
"""


@dataclass(frozen=True)
class DayFigures:
    """Images that entered a queue, and images that were judged in it, on a day."""

    day: date
    arrived: int = 0
    judged: int = 0


@dataclass(frozen=True)
class QueueFigures:
    """`overdue` items are among the MOST_READ oldest seats; with `overdue_and_more` there may be others behind them.

    `held` seats are leased, those whose time has run out included. `days` ends with today.
    """

    queue: Queue
    waiting: int = 0
    waiting_images: int = 0
    held: int = 0
    held_images: int = 0
    oldest: datetime | None = None
    overdue: int = 0
    overdue_and_more: bool = False
    days: Sequence[DayFigures] = ()

    @property
    def backlog_images(self) -> int:
        """Images that somebody has still to judge: waiting or in hand."""
        return self.waiting_images + self.held_images

    @property
    def today(self) -> DayFigures:
        return self.days[-1]

    @property
    def judged_a_day(self) -> float:
        """Over the full days listed; today is not over."""
        full = self.days[:-1]
        return sum(day.judged for day in full) / len(full) if full else 0.0


def today_of(team: Team) -> date:
    return timezone.localdate(timezone=ZoneInfo(team.time_zone))


def queues(team: Team, *, count: int = LISTED_DAYS) -> list[QueueFigures]:
    """Every queue of the team in order, with its last `count` days, the empty ones too. Five queries."""
    today = today_of(team)
    days = [today - timedelta(days=back) for back in reversed(range(count))]
    tallies = _tallies(team)
    oldest = _oldest(team)
    arrived = _by_queue(ArrivalDay.objects.filter(queue__team=team, day__gte=days[0]))
    judged = _by_queue(WorkDay.objects.filter(queue__team=team, day__gte=days[0]))
    return [
        QueueFigures(
            queue=queue,
            **tallies.get(queue.pk, {}),
            **oldest.get(queue.pk, {}),
            days=[DayFigures(day, arrived.get((queue.pk, day), 0), judged.get((queue.pk, day), 0)) for day in days],
        )
        for queue in Queue.objects.filter(team=team).order_by("position", "pk")
    ]


def backlog_of(queue: Queue) -> int:
    """Images of one queue that somebody has still to judge."""
    open_states = [SlotState.READY, SlotState.LEASED]
    found = QueueTally.objects.filter(queue=queue, state__in=open_states).aggregate(number=Sum("images"))
    return int(found["number"] or 0)


def days_of(queue: Queue, count: int) -> list[DayFigures]:
    """One queue's last `count` days, today at the end. Two queries."""
    today = today_of(queue.team)
    days = [today - timedelta(days=back) for back in reversed(range(count))]
    arrived = _by_queue(ArrivalDay.objects.filter(queue=queue, day__gte=days[0]))
    judged = _by_queue(WorkDay.objects.filter(queue=queue, day__gte=days[0]))
    return [DayFigures(day, arrived.get((queue.pk, day), 0), judged.get((queue.pk, day), 0)) for day in days]


def backlogs(now: int, days: Sequence[DayFigures]) -> list[int]:
    """Images still to judge at the end of each of `days`, counted back from now: + judged - arrived.

    What left a queue otherwise (withdrawn, moved, not judgeable) is not among the days, so an older day may be off by
    that; never below 0.
    """
    counted = [now]
    for day in reversed(days[1:]):
        counted.append(max(0, counted[-1] + day.judged - day.arrived))
    return counted[::-1]


def _tallies(team: Team) -> dict[int, dict[str, Any]]:
    rows = (
        QueueTally.objects.filter(queue__team=team, state__in=[SlotState.READY, SlotState.LEASED])
        .values("queue", "state")
        .annotate(seats=Sum("slots"), pictures=Sum("images"))
        .order_by()
    )
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in rows:
        name = "waiting" if row["state"] == SlotState.READY else "held"
        found[row["queue"]] |= {name: int(row["seats"]), f"{name}_images": int(row["pictures"])}
    return found


def _oldest(team: Team) -> dict[int, dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(OLDEST, [MOST_READ, team.pk])
        return {
            queue: {"oldest": oldest, "overdue": overdue, "overdue_and_more": bool(overdue) and read == MOST_READ}
            for queue, oldest, overdue, read in cursor.fetchall()
        }


def _by_queue(rows: "QuerySet[ArrivalDay] | QuerySet[WorkDay]") -> dict[tuple[int, date], int]:
    found = rows.values("queue", "day").annotate(number=Sum("images")).order_by()
    return {(row["queue"], row["day"]): row["number"] for row in found}
