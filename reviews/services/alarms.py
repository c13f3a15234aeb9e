"""Looks at the floor, and tells what somebody should know: a full day, an empty queue, a backlog, a drift.

All of it reads what is counted anyway (QueueTally, WorkDay): nothing here counts slots or decisions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from delivery.services import alarms, notices
from reviews.models import Queue, QueueTally, WorkDay
from reviews.models.items import SlotState
from reviews.models.queues import QueuePurpose
from reviews.services.quotas import QuotaState
from reviews.statistics import two_proportions_p

CLEARED_AT = 0.8
"""A backlog is told again only after it was below this share of its limit: around the limit it would never end."""
REFILLED_AT = 10
"""An empty queue is told again only after so many items waited: a trickle is judged as it comes."""
RECENT_DAYS, EARLIER_DAYS = 7, 28
FEWEST_IMAGES = 100
LEAST_CHANGE = 0.05
ALPHA = 0.01


@dataclass(frozen=True)
class Drift:
    """Approved of judged images of one queue, in the last days and in those before; `p` of the two-sided test."""

    queue: Queue
    recent: tuple[int, int]
    earlier: tuple[int, int]
    p: float

    @property
    def change(self) -> float:
        return self.recent[0] / self.recent[1] - self.earlier[0] / self.earlier[1]


def tell_quota_reached(reviewer: User, quota: QuotaState) -> None:
    """Once a day of their own calendar: call it when they are refused an item because of it."""
    if reviewer.team is None:
        return
    about = f"{timezone.localdate(timezone=reviewer.zone):%Y-%m-%d}"
    notices.tell([reviewer], "quota.reached", about, {"limit": quota.limit}, once=True)
    notices.tell_admins(
        reviewer.team, "quota.reached_by", f"{reviewer.pk}:{about}",
        {"name": str(reviewer), "limit": quota.limit}, reverse("reviews:quotas"), once=True,
    )  # fmt: skip


def watch_queues() -> int:
    """Raise and clear the alarms of empty queues and of backlogs; returns how many were raised."""
    return sum(_watch(queue, *numbers) for queue, *numbers in _waiting())


def _waiting() -> Iterator[tuple[Queue, int, int]]:
    """Open queues that ever had anything, with the seats that wait and all there are."""
    ready = Q(state=SlotState.READY)
    tallies = QueueTally.objects.values("queue").annotate(every=Sum("slots"), ready=Sum("slots", filter=ready))
    found = {row["queue"]: (row["ready"] or 0, row["every"]) for row in tallies}
    queues = Queue.objects.filter(pk__in=found, is_closed=False).exclude(purpose=QueuePurpose.CALIBRATION)
    for queue in queues.select_related("team").order_by("pk"):
        yield queue, *found[queue.pk]


def _watch(queue: Queue, ready: int, every: int) -> int:
    """A queue counts seats; what waits is told in items, as the limit is: seats by the seats an item has on average."""
    more = (queue.overlap_more or queue.overlap) - queue.overlap
    waiting = round(ready / (queue.overlap + queue.overlap_share * more))
    about, where, raised = str(queue.pk), reverse("reviews:floor"), 0
    if every and ready == 0:
        raised += alarms.raise_alarm(queue.team, "queue.empty", about, {"queue": queue.name}, where)
    elif waiting >= REFILLED_AT:
        alarms.clear_alarm(queue.team, "queue.empty", about)
    limit = queue.backlog_limit
    if limit is not None and waiting > limit:
        values = {"queue": queue.name, "waiting": waiting, "limit": limit}
        raised += alarms.raise_alarm(queue.team, "queue.backlog", about, values, where)
    elif limit is None or waiting <= CLEARED_AT * limit:
        alarms.clear_alarm(queue.team, "queue.backlog", about)
    return raised


def watch_drift(today: date | None = None) -> int:
    """Raise and clear the alarms of changed approval rates; returns how many were raised.

    A two-sided two-proportion z test at ALPHA over the number of queues compared (Bonferroni), and a change of at least
    LEAST_CHANGE: with enough images any difference is significant. It is a smoke detector, not a proof: verdicts of one
    person or product resemble each other, and looking every hour finds more than looking once.
    """
    found = list(measure_drift(today or timezone.now().date()))
    raised = 0
    for drift in found:
        team, about = drift.queue.team, str(drift.queue.pk)
        if drift.p < ALPHA / len(found) and abs(drift.change) >= LEAST_CHANGE:
            values = {"queue": drift.queue.name, "recent": _in_100(drift.recent), "before": _in_100(drift.earlier)}
            raised += alarms.raise_alarm(team, "queue.drift", about, values, reverse("reviews:floor"))
        elif abs(drift.change) < LEAST_CHANGE:
            alarms.clear_alarm(team, "queue.drift", about)
    return raised


def measure_drift(today: date) -> Iterator[Drift]:
    """Every queue with enough images on both sides."""
    since = today - timedelta(days=RECENT_DAYS - 1)
    days = WorkDay.objects.filter(day__gte=since - timedelta(days=EARLIER_DAYS), day__lte=today)
    recent, earlier = Q(day__gte=since), Q(day__lt=since)
    sums = days.values_list("queue").annotate(
        new=Sum("approved", filter=recent, default=0),
        new_of=Sum(F("approved") + F("rejected"), filter=recent, default=0),
        old=Sum("approved", filter=earlier, default=0),
        old_of=Sum(F("approved") + F("rejected"), filter=earlier, default=0),
    )
    enough = {row[0]: (row[1:3], row[3:5]) for row in sums if min(row[2], row[4]) >= FEWEST_IMAGES}
    # What is known is chosen: how much of it is approved says nothing of what comes in.
    queues = Queue.objects.filter(pk__in=enough).exclude(purpose=QueuePurpose.CALIBRATION)
    for queue in queues.select_related("team").order_by("pk"):
        new, old = enough[queue.pk]
        yield Drift(queue, new, old, two_proportions_p(*new, *old))


def _in_100(share: tuple[int, int]) -> int:
    return round(100 * share[0] / share[1])
