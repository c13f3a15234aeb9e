"""Eight reviewers claim at once, against the barest statement that takes a row of the same table from a queue."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection, transaction

from accounts.models import Role, User
from accounts.tests.factories import make_cast, make_user
from benchmarks.backlog import grow_backlog
from benchmarks.measuring import Result, percentile, rounded, timed
from reviews.models import Queue, Slot
from reviews.services import leases, queue, quotas
from reviews.tests.factories import claimed, decide, in_threads, make_queue

REVIEWERS = 8
GROWTH = 20
# A lease has a reviewer, a token, an end and a day, or the table refuses it; nothing else is asked or kept.
BARE = """
UPDATE reviews_slot
   SET state = 'leased', reviewer_id = %s, quota_day_id = %s, lease_token = gen_random_uuid(),
       lease_until = now() + interval '10 minutes'
 WHERE id = (SELECT id FROM reviews_slot WHERE queue_id = %s AND state IN ('ready', 'leased') AND state = 'ready'
              ORDER BY turn_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""


@dataclass(frozen=True)
class _Desk:
    reviewer: User
    day: int
    in_queue: Queue

    def claim(self) -> int | None:
        slot = queue.claim(self.reviewer).slot
        return slot.pk if slot else None

    def grant(self) -> int | None:
        """The one statement in which a claim decides and writes everything; what the screen needs is not read."""
        with transaction.atomic():
            leases.lock_desk(self.reviewer)
            return leases.grant(self.reviewer, soft=False).slot_id

    def take_barely(self) -> int | None:
        with connection.cursor() as cursor:
            cursor.execute(BARE, [self.reviewer.pk, self.day, self.in_queue.pk])
            row = cursor.fetchone()
        return row[0] if row else None

    def settle(self, slot_id: int) -> None:
        """Turn the lease into a decided seat, so that the next claim finds another one."""
        token = Slot.objects.values_list("lease_token", flat=True).get(pk=slot_id)
        assert token is not None
        assert leases.settle(self.reviewer, token) == slot_id


@dataclass
class _Times:
    milliseconds: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def figures(self, prefix: str = "", suffix: str = "") -> dict[str, float]:
        return {
            f"{prefix}per_second{suffix}": len(self.milliseconds) / self.seconds,
            f"{prefix}p50_ms{suffix}": self.p50,
            f"{prefix}p95_ms{suffix}": self.p95,
        }

    @property
    def p50(self) -> float:
        return percentile(self.milliseconds, 0.5)

    @property
    def p95(self) -> float:
        return percentile(self.milliseconds, 0.95)


@dataclass
class _Ways:
    claims: _Times = field(default_factory=_Times)
    grants: _Times = field(default_factory=_Times)
    barely: _Times = field(default_factory=_Times)


def measure(quick: bool) -> Result:
    """The rate counts everything a reviewer's thread does, so also settling the lease, the same for every way."""
    waiting, rounds, each = (2_000, 2, 10) if quick else (20_000, 6, 40)
    cast = make_cast()
    in_queue = make_queue(cast.team)
    grow_backlog(in_queue, cast.operator, waiting)
    reviewers = [make_user(cast.team, Role.REVIEWER) for _ in range(REVIEWERS)]
    desks = [_open_desk(reviewer, in_queue, cast.admin) for reviewer in reviewers]
    few = _rounds(desks, rounds, each)
    grow_backlog(in_queue, cast.operator, waiting * (GROWTH - 1))
    many = _rounds(desks, rounds, each)
    suffix = f"_{GROWTH}x"
    figures = {"waiting": waiting} | few.claims.figures() | few.grants.figures("grant_")
    figures |= many.claims.figures(suffix=suffix) | many.grants.figures("grant_", suffix)
    return Result(
        name="claim",
        figures=rounded(figures),
        baseline=rounded(few.barely.figures() | many.barely.figures(suffix=suffix)),
        ratio=rounded(
            {
                "p50": few.claims.p50 / few.barely.p50,
                "p95": few.claims.p95 / few.barely.p95,
                "grant_p50": few.grants.p50 / few.barely.p50,
                f"p95{suffix}_waiting": many.claims.p95 / few.claims.p95,
                f"grant_p95{suffix}_waiting": many.grants.p95 / few.grants.p95,
                f"bare_p95{suffix}_waiting": many.barely.p95 / few.barely.p95,
            }
        ),
    )


def _open_desk(reviewer: User, in_queue: Queue, admin: User) -> _Desk:
    """The reviewer's first decision opens their day, which the bare statement can then name."""
    quotas.set_limit(reviewer, 100_000, admin)
    slot = claimed(reviewer)
    assert slot.quota_day_id is not None
    decide(reviewer, slot, cannot_judge=True)
    return _Desk(reviewer, slot.quota_day_id, in_queue)


def _rounds(desks: list[_Desk], rounds: int, each: int) -> _Ways:
    """Let the three ways take turns, so that whatever else the machine does falls on all of them."""
    ways = _Ways()
    for _ in range(rounds):
        _round(ways.claims, desks, _Desk.claim, each)
        _round(ways.grants, desks, _Desk.grant, each)
        _round(ways.barely, desks, _Desk.take_barely, each)
    return ways


def _round(times: _Times, desks: list[_Desk], way: Callable[[_Desk], int | None], each: int) -> None:
    def work(number: int) -> tuple[float, list[float], float]:
        desk, found = desks[number], []
        start = time.perf_counter()
        for _ in range(each):
            milliseconds, slot_id = timed(lambda: way(desk))
            assert slot_id is not None
            desk.settle(slot_id)
            found.append(milliseconds)
        return start, found, time.perf_counter()

    answers = in_threads(len(desks), work)
    times.seconds += max(end for _, _, end in answers) - min(start for start, _, _ in answers)
    for _, found, _ in answers:
        times.milliseconds += found
