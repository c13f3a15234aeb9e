"""The last weeks of a queue again with other settings: pure, without Django.

What a replay takes for granted: who reached their quota on a day would have gone on at their own pace up to the new
one, and who did not would have done the same; on a day on which the queue ran empty everybody who was there would have
gone on up to their quota, had there been more. Nobody judges more images than there are. With nothing changed it
tells what happened, exactly where images left the queue only by being judged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

REACHED = 0.95
"""Who used this much of their quota has reached it: the next item would not have fitted."""


@dataclass(frozen=True)
class Work:
    """One person's day: images judged in the queue, in all queues, and their active minutes in the queue."""

    images: int
    in_all: int
    minutes: float


@dataclass(frozen=True)
class ReplayDay:
    """One day of the queue as it was; `backlog` is what was left at its end, `work` is by person."""

    day: date
    arrived: int
    backlog: int
    work: Mapping[int, Work]


@dataclass(frozen=True)
class Selection:
    """How many candidates of a request are shown (reviews.selection)."""

    top_ranks: int
    score_floor: float
    exploration_share: float


@dataclass(frozen=True)
class Changes:
    """`quota` of images a person a day, `overlap` reviewers an item; None leaves it as it was.

    `was_shown` and `shown` are the two selections, `scores` those of the candidates of some requests.
    """

    quota: int | None = None
    was_overlap: float = 1.0
    overlap: float | None = None
    was_shown: Selection | None = None
    shown: Selection | None = None
    scores: Sequence[Sequence[float]] = ()

    @property
    def arrivals(self) -> float:
        """By what the arriving images are multiplied."""
        seats = 1.0 if self.overlap is None or not self.was_overlap else self.overlap / self.was_overlap
        return seats * shown_ratio(self.scores, self.was_shown, self.shown)


@dataclass(frozen=True)
class SimulatedDay:
    day: date
    arrived: float
    judged: float
    backlog: float
    minutes: float


@dataclass(frozen=True)
class Replay:
    days: tuple[SimulatedDay, ...]

    @property
    def judged(self) -> float:
        return sum(day.judged for day in self.days)

    @property
    def minutes(self) -> float:
        return sum(day.minutes for day in self.days)

    @property
    def backlog(self) -> float:
        return self.days[-1].backlog if self.days else 0.0


def expected_shown(scores: Sequence[float], selection: Selection) -> float:
    """How many of a request's candidates are shown on average."""
    ranked = sorted(scores, reverse=True)
    top = sum(
        rank == 0 or (rank < selection.top_ranks and score >= selection.score_floor)
        for rank, score in enumerate(ranked)
    )
    return top + (len(ranked) - top) * selection.exploration_share


def shown_ratio(scores: Sequence[Sequence[float]], was: Selection | None, now: Selection | None) -> float:
    """How many times as many images `now` shows of these requests as `was` does; 1 where there is nothing to tell."""
    if was is None or now is None or was == now:
        return 1.0
    before = sum(expected_shown(each, was) for each in scores)
    return sum(expected_shown(each, now) for each in scores) / before if before else 1.0


def as_it_was(days: Sequence[ReplayDay]) -> Replay:
    return Replay(
        tuple(
            SimulatedDay(
                day.day,
                day.arrived,
                sum(work.images for work in day.work.values()),
                day.backlog,
                sum(work.minutes for work in day.work.values()),
            )
            for day in days
        )
    )


def replay(days: Sequence[ReplayDay], quotas: Mapping[int, int], changes: Changes) -> Replay:
    """`days` again with `changes`. `quotas` are the images a day that each person may judge now."""
    paces = _paces(days)
    backlog = _before(days) * changes.arrivals
    told = []
    for day in days:
        there = backlog + day.arrived * changes.arrivals
        could = {person: _could(work, quotas.get(person), changes.quota, day.backlog <= 0)
                 for person, work in day.work.items()}  # fmt: skip
        able = sum(could.values())
        share = min(1.0, there / able) if able else 0.0
        judged = able * share
        minutes = sum(images * share * _pace_of(day.work[person], paces.get(person, 0.0))
                      for person, images in could.items())  # fmt: skip
        backlog = max(0.0, there - judged)
        told.append(SimulatedDay(day.day, day.arrived * changes.arrivals, judged, backlog, minutes))
    return Replay(tuple(told))


def error(days: Sequence[ReplayDay], quotas: Mapping[int, int]) -> float:
    """How far off the replay is with nothing changed: the largest difference of a day's backlog, in images."""
    again = replay(days, quotas, Changes())
    return max((abs(told.backlog - day.backlog) for told, day in zip(again.days, days, strict=True)), default=0.0)


def _before(days: Sequence[ReplayDay]) -> float:
    """The backlog before the first day, counted back from its end."""
    first = days[0] if days else None
    return max(0, first.backlog - first.arrived + sum(work.images for work in first.work.values())) if first else 0


def _could(work: Work, quota: int | None, new: int | None, ran_empty: bool) -> float:
    """Images that somebody would have judged in the queue that day, had there been enough."""
    if work.images <= 0:
        return 0.0
    limit = quota if new is None else new
    if limit is None:
        return float(work.images)
    reached = quota is not None and work.in_all >= REACHED * quota
    if new is not None and (reached or work.in_all > limit or ran_empty):
        return work.images * limit / work.in_all
    if ran_empty and limit > work.in_all:
        return work.images * limit / work.in_all
    return float(work.images)


def _paces(days: Sequence[ReplayDay]) -> dict[int, float]:
    """Active minutes an image, by person, over all days."""
    totals: dict[int, Work] = {}
    for day in days:
        for person, work in day.work.items():
            so_far = totals.get(person, Work(0, 0, 0.0))
            totals[person] = replace(so_far, images=so_far.images + work.images, minutes=so_far.minutes + work.minutes)
    return {person: total.minutes / total.images for person, total in totals.items() if total.images > 0}


def _pace_of(work: Work, usual: float) -> float:
    """The day's own minutes an image, so that an unchanged day costs what it cost; else the person's usual ones."""
    return work.minutes / work.images if work.images > 0 else usual
