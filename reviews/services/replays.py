"""The last weeks of a queue for the simulator, gathered. Nothing is written."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Sum

from accounts.models import User
from generation.models.candidates import Score
from reviews import floor, simulation
from reviews.models import ArrivalDay, Queue, ReviewItem, WorkDay
from reviews.services import quotas
from reviews.simulation import Changes, Replay, ReplayDay, Selection, Work

SAMPLED_REQUESTS = 500
"""Score thresholds are tried on the requests that entered last, no more than this."""


@dataclass(frozen=True)
class Wanted:
    """What is to be different; None leaves it as it is."""

    quota: int | None = None
    overlap: float | None = None
    top_ranks: int | None = None
    score_floor: float | None = None
    exploration_share: float | None = None


@dataclass(frozen=True)
class Simulated:
    """`error` is how many images the replay is off at most with nothing changed, `sampled` requests were selected
    over again (0: no threshold was changed)."""

    was: Replay
    again: Replay
    error: float
    sampled: int


def simulate(queue: Queue, weeks: int, wanted: Wanted) -> Simulated:
    days, seats = _days(queue, weeks * 7)
    states = quotas.states(list(User.objects.filter(pk__in={person for day in days for person in day.work})))
    limits = {person: state.limit for person, state in states.items()}
    was = Selection(queue.top_ranks, queue.score_floor, queue.exploration_share)
    now = Selection(
        was.top_ranks if wanted.top_ranks is None else wanted.top_ranks,
        was.score_floor if wanted.score_floor is None else wanted.score_floor,
        was.exploration_share if wanted.exploration_share is None else wanted.exploration_share,
    )
    scores = _scores(queue) if now != was else []
    changes = Changes(wanted.quota, seats, wanted.overlap, was, now, scores)
    return Simulated(
        simulation.as_it_was(days),
        simulation.replay(days, limits, changes),
        simulation.error(days, limits),
        len(scores),
    )


def _days(queue: Queue, count: int) -> tuple[list[ReplayDay], float]:
    """The last full days, and how many seats an item had on average in them."""
    today = floor.today_of(queue.team)
    figures = floor.days_of(queue, count + 1)
    backlogs = floor.backlogs(floor.backlog_of(queue), figures)
    work = _work(queue, today - timedelta(days=count))
    arrived = ArrivalDay.objects.filter(queue=queue, day__gte=today - timedelta(days=count))
    totals = arrived.aggregate(seats=Sum("slots"), items=Sum("items"))
    days = [
        ReplayDay(day.day, day.arrived, left, work.get(day.day, {}))
        for day, left in zip(figures[:-1], backlogs[:-1], strict=True)
    ]
    return days, (totals["seats"] / totals["items"] if totals["items"] else float(queue.overlap))


def _work(queue: Queue, since: date) -> Mapping[date, Mapping[int, Work]]:
    rows = WorkDay.objects.filter(queue=queue, day__gte=since).values_list("day", "reviewer", "images", "active_ms")
    found = list(rows)
    people = {reviewer for _day, reviewer, _images, _spent in found}
    everywhere = WorkDay.objects.filter(reviewer__in=people, day__gte=since).values_list("day", "reviewer")
    in_all = {(day, person): images for day, person, images in everywhere.annotate(n=Sum("images")).order_by()}
    told: dict[date, dict[int, Work]] = defaultdict(dict)
    for day, person, images, spent in found:
        told[day][person] = Work(images, in_all.get((day, person), images), spent / 60_000)
    return told


def _scores(queue: Queue) -> Sequence[Sequence[float]]:
    """Of every scored candidate of the requests that entered last: also of those nobody was shown."""
    latest = ReviewItem.objects.filter(queue=queue, first=None).order_by("-pk").values_list("request", flat=True)
    told: dict[int, list[float]] = defaultdict(list)
    scored = Score.objects.filter(
        candidate__request__in=latest[:SAMPLED_REQUESTS], version=F("candidate__request__reward_version")
    )
    for request, score in scored.values_list("candidate__request", "value"):
        told[request].append(score)
    return list(told.values())
