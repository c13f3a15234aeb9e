"""When a queue empties, with an interval: pure, without Django.

A weekly block bootstrap (after Künsch 1989, "The jackknife and the bootstrap for general stationary observations",
Ann. Statist. 17:1217): each future week repeats a past week drawn at random, weekday for weekday, arrivals and work
together, so that quiet Sundays stay quiet and a busy week stays a busy week.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

HISTORY_DAYS = 28
HORIZON_DAYS = 180
DRAWS = 400
MIN_DAYS = 7
"""With fewer full days since the first arrival or decision nothing is said."""


class Verdict(StrEnum):
    EMPTY = "empty"
    EMPTIES = "empties"
    NEVER = "never"
    TOO_LITTLE = "too_little"


@dataclass(frozen=True)
class Past:
    """One full day of a queue: images that came in, and images judged, by person."""

    day: date
    arrived: int
    judged: Mapping[int, int]


@dataclass(frozen=True)
class Absences:
    """`people` are away until further notice; `days` are off for all, `own` for one person each."""

    people: Collection[int] = ()
    days: Collection[date] = ()
    own: Collection[tuple[int, date]] = ()


@dataclass(frozen=True)
class Forecast:
    """`day` is the median; 80 of 100 draws lie from `low` to `high`. `high` is None where it is beyond the horizon.

    `ahead` has the backlog of each of the next days: (day, low, median, high), in images.
    """

    verdict: Verdict
    day: date | None = None
    low: date | None = None
    high: date | None = None
    ahead: tuple[tuple[date, float, float, float], ...] = ()


def forecast(
    backlog: int, past: Sequence[Past], today: date, absences: Absences | None = None, *, seed: int = 0
) -> Forecast:
    """When `backlog` images are judged, if the next weeks are like the past ones.

    `past` are full days before `today`; the last HISTORY_DAYS count, from the first one on which anything happened.
    Who is away, now or on the day, does not add what they did. The same input and seed give the same answer.
    """
    known = _known(past, today)
    if backlog <= 0:
        return Forecast(Verdict.EMPTY)
    if len(known) < MIN_DAYS:
        return Forecast(Verdict.TOO_LITTLE)
    days = [today + timedelta(days=ahead) for ahead in range(1, HORIZON_DAYS + 1)]
    drawn = _draw(known, days, seed)
    left = _replay(backlog, known, days, drawn, absences or Absences())
    return _summed_up(left, days)


def _known(past: Sequence[Past], today: date) -> list[Past]:
    recent = sorted((day for day in past if day.day < today), key=lambda day: day.day)[-HISTORY_DAYS:]
    first = next((at for at, day in enumerate(recent) if day.arrived or any(day.judged.values())), len(recent))
    return recent[first:]


def _draw(known: Sequence[Past], days: Sequence[date], seed: int) -> NDArray[np.int_]:
    """Which known day stands for each future day: DRAWS x days. A week of the calendar is drawn as a whole.

    The draw does not depend on who works or how much, so that forecasts with more people can be compared.
    """
    rng = np.random.default_rng(seed)
    weeks = -(-(len(days) + 7) // 7)
    luck = rng.random((DRAWS, weeks))
    by_weekday = [[at for at, day in enumerate(known) if day.day.weekday() == weekday] for weekday in range(7)]
    monday = days[0] - timedelta(days=days[0].weekday())
    places = np.empty((DRAWS, len(days)), dtype=np.int_)
    for at, day in enumerate(days):
        candidates = np.array(by_weekday[day.weekday()])
        week = (day - monday).days // 7
        places[:, at] = candidates[(luck[:, week] * len(candidates)).astype(np.int_)]
    return places


def _replay(
    backlog: int, known: Sequence[Past], days: Sequence[date], drawn: NDArray[np.int_], absences: Absences
) -> NDArray[np.float64]:
    """The backlog after each day, DRAWS x days; never below 0."""
    arrived = np.array([day.arrived for day in known], dtype=np.float64)
    people = sorted({person for day in known for person in day.judged} - set(absences.people))
    judged = np.array([[day.judged.get(person, 0) for day in known] for person in people], dtype=np.float64)
    judged = judged.reshape(len(people), len(known))
    own = set(absences.own)
    left = np.empty(drawn.shape, dtype=np.float64)
    now = np.full(len(drawn), float(backlog))
    for at, day in enumerate(days):
        there = [number for number, person in enumerate(people) if (person, day) not in own]
        done = judged[there].sum(axis=0) if day not in absences.days else np.zeros(len(known))
        now = np.maximum(0.0, now + arrived[drawn[:, at]] - done[drawn[:, at]])
        left[:, at] = now
    return left


def _summed_up(left: NDArray[np.float64], days: Sequence[date]) -> Forecast:
    is_empty = left <= 0
    first = np.where(is_empty.any(axis=1), is_empty.argmax(axis=1), len(days))
    low, middle, high = (int(place) for place in np.quantile(first, [0.1, 0.5, 0.9], method="higher"))
    bands = np.quantile(left, [0.1, 0.5, 0.9], axis=0)
    shown = tuple(
        (day, float(bottom), float(median), float(top)) for day, bottom, median, top in zip(days, *bands, strict=True)
    )
    if middle >= len(days):
        return Forecast(Verdict.NEVER, ahead=shown)
    return Forecast(Verdict.EMPTIES, days[middle], days[low], days[high] if high < len(days) else None, shown)
