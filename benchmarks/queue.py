"""Claiming and deciding on a floor of ten thousand items, then on one of a million, against two bare statements."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from benchmarks.claim import BARE
from benchmarks.measuring import Result, median, rounded, timed
from benchmarks.stage import settle_tables
from reviews.services import decisions, queue
from reviews.services.load.floor import Floor
from reviews.services.load.plan import LoadPlan
from reviews.services.load.seeding import seed_floor
from reviews.tests.factories import approve_all, in_threads, token_of

REVIEWERS = 16
# What a decision writes at the very least: the seat is decided.
BARE_DECISION = """
UPDATE reviews_slot SET state = 'decided', lease_token = NULL, lease_until = NULL WHERE id = %s
"""
FILLED = (
    "reviews_slot, reviews_reviewitem, reviews_itemcandidate, reviews_decision, reviews_verdict, reviews_outcome,"
    " reviews_quotaday, reviews_workday, generation_generationrequest, generation_candidate"
)


@dataclass
class _Times:
    """Milliseconds of each cycle."""

    cycles: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class _Desk:
    reviewer: User
    queue_id: int
    day: int

    def cycle(self) -> float:
        """Milliseconds of a claim and a decision. What a browser would say meanwhile is made up in between."""
        claiming, claim = timed(lambda: queue.claim(self.reviewer))
        assert claim.slot is not None, claim.reason
        slot, verdicts = claim.slot, approve_all(claim.slot)
        deciding, _decision = timed(
            lambda: decisions.decide(
                self.reviewer, token_of(slot), idempotency_key=uuid.uuid4(), verdicts=verdicts, active_ms=4000
            )
        )
        return claiming + deciding

    def bare_cycle(self) -> float:
        def work() -> None:
            with connection.cursor() as cursor:
                cursor.execute(BARE, [self.reviewer.pk, self.day, self.queue_id])
                cursor.execute(BARE_DECISION, cursor.fetchone())

        return timed(work)[0]


def measure(quick: bool) -> Result:
    few, many, each = (10_000, 50_000, 3) if quick else (10_000, 1_000_000, 40)
    small = _open(LoadPlan(items=few, seed=1, people=REVIEWERS))
    before = _in_turns(small, each)
    large = _open(LoadPlan(items=many, seed=2, people=REVIEWERS))
    after = _in_turns(large, each)
    beside = _beside(small, large, each)
    p50 = {few: median(before.cycles), many: median(after.cycles)}
    bare = {few: median(before.bare), many: median(after.bare)}
    figures = {f"claim_decide_p50_ms_{_short(items)}": value for items, value in p50.items()}
    figures |= {
        "growth": p50[many] / p50[few],
        "cycles_per_s_16": _at_once(large, each, _Desk.cycle),
        "sql_per_cycle": _statements(large[0]),
    }
    baseline = {f"bare_p50_ms_{_short(items)}": value for items, value in bare.items()}
    baseline["bare_cycles_per_s_16"] = _at_once(large, each, _Desk.bare_cycle)
    return Result(
        name="queue",
        figures=rounded(figures),
        baseline=rounded(baseline),
        ratio=rounded(
            {
                "growth": p50[many] / p50[few],
                "bare_growth": bare[many] / bare[few],
                "growth_in_turns": beside,
                "p50": p50[many] / bare[many],
                "cycles_per_s": figures["cycles_per_s_16"] / baseline["bare_cycles_per_s_16"],
            }
        ),
    )


def _short(items: int) -> str:
    return f"{items // 1_000_000}m" if items >= 1_000_000 else f"{items // 1000}k"


def _open(plan: LoadPlan) -> list[_Desk]:
    """Make the floor, and let everybody decide once: their day is then open, and plans and caches are warm."""
    floor = seed_floor(plan).floor
    settle_tables(FILLED)
    return [_opened(floor, reviewer) for reviewer in floor.reviewers]


def _opened(floor: Floor, reviewer: User) -> _Desk:
    claim = queue.claim(reviewer)
    assert claim.slot is not None and claim.slot.quota_day_id is not None
    decisions.decide(
        reviewer, token_of(claim.slot), idempotency_key=uuid.uuid4(), verdicts=approve_all(claim.slot), active_ms=4000
    )
    # The bare statement takes from a queue of one seat an item: there nobody can meet an item a second time.
    return _Desk(reviewer, floor.queues[0].pk, claim.slot.quota_day_id)


def _in_turns(desks: list[_Desk], each: int) -> _Times:
    """One desk after the other, a bare cycle after each real one: the machine's mood falls on both."""
    times = _Times()
    for _ in range(each):
        for desk in desks:
            times.cycles.append(desk.cycle())
            times.bare.append(desk.bare_cycle())
    return times


def _beside(small: list[_Desk], large: list[_Desk], each: int) -> float:
    """The growth once more, cycle by cycle in turns, when both floors lie in the same tables: without the machine's
    mood, and without what a small table alone would gain."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(each):
        for desks in zip(small, large, strict=True):
            for desk, found in zip(desks, times, strict=True):
                found.append(desk.cycle())
    return median(times[1]) / median(times[0])


def _at_once(desks: list[_Desk], each: int, way: Callable[[_Desk], float]) -> float:
    """Cycles a second of all desks together, each in a thread of its own."""

    def work(number: int) -> tuple[float, float]:
        start = time.perf_counter()
        for _ in range(each):
            way(desks[number])
        return start, time.perf_counter()

    spans = in_threads(len(desks), work)
    return len(desks) * each / (max(end for _, end in spans) - min(start for start, _ in spans))


def _statements(desk: _Desk) -> int:
    """How many statements a cycle sends, BEGIN and COMMIT included."""
    with CaptureQueriesContext(connection) as claiming:
        claim = queue.claim(desk.reviewer)
    assert claim.slot is not None
    slot, verdicts = claim.slot, approve_all(claim.slot)
    with CaptureQueriesContext(connection) as deciding:
        decisions.decide(desk.reviewer, token_of(slot), idempotency_key=uuid.uuid4(), verdicts=verdicts)
    return len(claiming) + len(deciding)
