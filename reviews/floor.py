"""The review floor as it is now, read only: who is at what, and what waits in each queue.

Sums of what is counted while it happens (reviews.models.counts), look-ups by index, and at most MOST_READ of a queue's
oldest seats: no query grows with the backlog, and their number does not grow with people or queues.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import Membership, Role, Team, User
from reviews.models import ArrivalDay, Decision, Pause, Queue, QueueTally, Slot, WorkDay
from reviews.models.items import SlotState

ACTIVE_MINUTES = 10
"""Who has shown, decided or held on to something within this time is at work."""

LISTED_DAYS = 14
MOST_READ = 500
"""So many of the oldest waiting seats of a queue are looked at for what is overdue."""

# The walk goes along slot_by_age and stops: what is due was due in the order it came in, unless an admin changed the
# queue's time meanwhile, so what is overdue is among the oldest.
_OLDEST = """
SELECT q.id, min(i.created_at), count(DISTINCT i.id) FILTER (WHERE i.due_at < clock_timestamp()), count(*)
  FROM reviews_queue q
 CROSS JOIN LATERAL (SELECT s.item_id FROM reviews_slot s WHERE s.queue_id = q.id AND s.state = 'ready'
                      ORDER BY s.id LIMIT %s) s
  JOIN reviews_reviewitem i ON i.id = s.item_id
 WHERE q.team_id = %s
 GROUP BY q.id
"""

_SUMMARY = f"""
WITH ours AS MATERIALIZED (SELECT id, lease_seconds FROM reviews_queue WHERE team_id = %(team)s),
clock AS MATERIALIZED (SELECT clock_timestamp() - make_interval(mins => %(minutes)s) AS since),
late AS (SELECT o.overdue, o.overdue > 0 AND o.read = %(most)s AS more
           FROM ({_OLDEST.replace("%s", "%(most)s", 1).replace("%s", "%(team)s", 1)}) o (queue, oldest, overdue, read)),
tallies AS (SELECT t.state, sum(t.images) AS images FROM reviews_queuetally t JOIN ours ON ours.id = t.queue_id
             WHERE t.state IN ('ready', 'leased') GROUP BY t.state)
SELECT (SELECT count(*) FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id AND u.is_active, clock
         WHERE m.team_id = %(team)s AND m.role IN ('reviewer', 'admin')
           AND (EXISTS (SELECT 1 FROM reviews_slot s JOIN reviews_queue q ON q.id = s.queue_id
                         WHERE s.reviewer_id = m.user_id AND s.state = 'leased' AND NOT s.is_soft
                           AND s.lease_until > clock_timestamp()
                           AND GREATEST(s.seen_at, s.lease_until - make_interval(secs => q.lease_seconds))
                               >= clock.since)
                OR EXISTS (SELECT 1 FROM reviews_decision d
                            WHERE d.reviewer_id = m.user_id AND d.created_at >= clock.since
                              AND NOT EXISTS (SELECT 1 FROM reviews_retraction r WHERE r.decision_id = d.id)))),
       COALESCE((SELECT images FROM tallies WHERE state = 'ready'), 0),
       COALESCE((SELECT images FROM tallies WHERE state = 'leased'), 0),
       COALESCE((SELECT sum(w.images) FROM reviews_workday w JOIN ours ON ours.id = w.queue_id
                  WHERE w.day = %(today)s), 0),
       COALESCE((SELECT sum(a.images) FROM reviews_arrivalday a JOIN ours ON ours.id = a.queue_id
                  WHERE a.day = %(today)s), 0),
       COALESCE((SELECT sum(overdue) FROM late), 0), COALESCE((SELECT bool_or(more) FROM late), false)
"""  # noqa: S608 - made of constants


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


@dataclass
class PersonFigures:
    """`queue` is that of the item on their screen. `in_hand` images are leased, prefetched ones included."""

    user: User
    role: str
    today: date
    queue: str = ""
    in_hand: int = 0
    seen_at: datetime | None = None
    is_active: bool = False
    is_paused: bool = False
    pause_reason: str = ""
    images_today: int = 0
    active_today: timedelta = field(default_factory=timedelta)
    images_last_hour: int = 0
    active_last_hour: timedelta = field(default_factory=timedelta)

    @property
    def pace_today(self) -> float | None:
        """Images an active minute."""
        return _pace(self.images_today, self.active_today)

    @property
    def pace_last_hour(self) -> float | None:
        return _pace(self.images_last_hour, self.active_last_hour)


def _pace(images: int, active: timedelta) -> float | None:
    return images / (active.total_seconds() / 60) if active else None


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
        cursor.execute(_OLDEST, [MOST_READ, team.pk])
        return {
            queue: {"oldest": oldest, "overdue": overdue, "overdue_and_more": bool(overdue) and read == MOST_READ}
            for queue, oldest, overdue, read in cursor.fetchall()
        }


def _by_queue(rows: "QuerySet[ArrivalDay] | QuerySet[WorkDay]") -> dict[tuple[int, date], int]:
    found = rows.values("queue", "day").annotate(number=Sum("images")).order_by()
    return {(row["queue"], row["day"]): row["number"] for row in found}


def people(team: Team) -> list[PersonFigures]:
    """The team's reviewers, and whoever else holds or has just judged something; who is at work comes first.

    Four queries. Work of today is that of the person's own calendar.
    """
    now = timezone.now()
    members = list(_members(team))
    found = {member.pk: _person(member, team, now) for member in members}
    _add_leases(found, now)
    _add_work(found, now)
    _add_pauses(found, team)
    shown = [person for person in found.values() if person.role == Role.REVIEWER or person.seen_at or person.in_hand]
    return sorted(shown, key=lambda person: (not person.is_active, person.user.username))


def totals(people: Sequence[PersonFigures], queues: Sequence[QueueFigures]) -> dict[str, int | bool]:
    """The floor in six numbers, for templates/reviews/_floor_figures.html."""
    return {
        "at_work": sum(person.is_active for person in people),
        "waiting_images": sum(queue.waiting_images for queue in queues),
        "held_images": sum(queue.held_images for queue in queues),
        "judged_today": sum(queue.today.judged for queue in queues),
        "arrived_today": sum(queue.today.arrived for queue in queues),
        "overdue": sum(queue.overdue for queue in queues),
        "overdue_and_more": any(queue.overdue_and_more for queue in queues),
    }


def summary(team: Team) -> dict[str, int | bool]:
    """The same six numbers in one query, for a page that has many other things to ask."""
    said: dict[str, int | date] = {
        "team": team.pk,
        "today": today_of(team),
        "minutes": ACTIVE_MINUTES,
        "most": MOST_READ,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SUMMARY, said)
        *numbers, more = cursor.fetchone()
    names = ("at_work", "waiting_images", "held_images", "judged_today", "arrived_today", "overdue")
    return {name: int(number) for name, number in zip(names, numbers, strict=True)} | {"overdue_and_more": bool(more)}


def _members(team: Team) -> QuerySet[Membership]:
    judges = Q(role__in=[Role.REVIEWER, Role.ADMIN], user__is_active=True)
    return Membership.objects.filter(judges, team=team).select_related("user")


def _person(member: Membership, team: Team, now: datetime) -> PersonFigures:
    zone = ZoneInfo(member.time_zone or team.time_zone)
    return PersonFigures(member.user, member.role, now.astimezone(zone).date())


def _add_leases(found: Mapping[int, PersonFigures], now: datetime) -> None:
    """Who holds what. A lease is prolonged while it is on a screen, so its end tells when that last happened."""
    leases = Slot.objects.filter(state=SlotState.LEASED, reviewer__in=list(found), lease_until__gt=now)
    for lease in leases.select_related("queue"):
        person = found[lease.reviewer_id or 0]
        person.in_hand += lease.images
        if not lease.is_soft and lease.lease_until:
            prolonged = lease.lease_until - timedelta(seconds=lease.queue.lease_seconds)
            person.queue = lease.queue.name
            _saw(person, min(now, max(prolonged, lease.seen_at or prolonged)), now)


def _saw(person: PersonFigures, moment: datetime, now: datetime) -> None:
    person.seen_at = max(moment, person.seen_at or moment)
    person.is_active = person.seen_at >= now - timedelta(minutes=ACTIVE_MINUTES)


def _add_work(found: Mapping[int, PersonFigures], now: datetime) -> None:
    today = {person.today for person in found.values()}
    days = WorkDay.objects.filter(reviewer__in=list(found), day__in=today).values("reviewer", "day")
    for row in days.annotate(number=Sum("images"), spent=Sum("active_ms")).order_by():
        person = found[row["reviewer"]]
        if row["day"] == person.today:
            person.images_today, person.active_today = row["number"], timedelta(milliseconds=row["spent"])
    lately = Decision.objects.standing().filter(reviewer__in=list(found), created_at__gte=now - timedelta(hours=1))
    for reviewer, images, spent, decided_at in lately.values_list(
        "reviewer", "slot__images", "active_ms", "created_at"
    ):
        person = found[reviewer]
        person.images_last_hour += images
        person.active_last_hour += timedelta(milliseconds=spent)
        _saw(person, decided_at, now)


def _add_pauses(found: Mapping[int, PersonFigures], team: Team) -> None:
    for pause in Pause.objects.filter(team=team, ended_at=None):
        for person in found.values() if pause.reviewer_id is None else filter(None, [found.get(pause.reviewer_id)]):
            person.is_paused, person.pause_reason = True, person.pause_reason or pause.reason
