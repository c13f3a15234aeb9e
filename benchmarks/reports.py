"""Every table of the reports and the week's file, on a floor of a million items with six weeks of history."""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection

from benchmarks.measuring import Result, percentile, rounded, timed
from reviews.reports.efficiency import efficiency
from reviews.reports.filters import ReportFilters, today
from reviews.reports.quality import quality
from reviews.reports.throughput import throughput
from reviews.reports.week import week
from reviews.services.load.floor import Floor
from reviews.services.load.plan import LoadPlan
from reviews.services.load.seeding import seed_floor

# What a report would cost without what is counted while it happens: the same sums, from the decisions.
FROM_DECISIONS = """
SELECT d.reviewer_id, (d.created_at AT TIME ZONE 'UTC')::date, count(*), sum(d.active_ms), sum(v.images)
  FROM reviews_decision d JOIN reviews_slot s ON s.id = d.slot_id
  JOIN LATERAL (SELECT count(*) AS images FROM reviews_verdict v WHERE v.decision_id = d.id) v ON true
 WHERE s.queue_id = ANY(%s) GROUP BY 1, 2
"""


def measure(quick: bool) -> Result:
    items, rounds = (2_000, 3) if quick else (1_000_000, 40)
    floor = seed_floor(LoadPlan(items=items, seed=3)).floor
    times = {name: _times(work, rounds) for name, work in _questions(floor).items()}
    counted = _times(lambda: _from_decisions(floor), 3)
    figures = {f"{name}_p95_ms": percentile(found, 0.95) for name, found in times.items()}
    slowest = max(figures.values())
    return Result(
        name="reports",
        figures=rounded({"items": items, **figures, "slowest_p95_ms": slowest}),
        baseline=rounded({"from_decisions_ms": percentile(counted, 0.5)}),
        ratio=rounded({"slowest_p95": slowest / percentile(counted, 0.5)}),
    )


def _questions(floor: Floor) -> dict[str, Callable[[], object]]:
    """Each page over the whole history, and narrowed to one group and one person."""
    until = today(floor.team)
    whole = ReportFilters(since=until - timedelta(days=60), until=until)
    person = ReportFilters(since=whole.since, until=until, person=floor.reviewers[0], queue=floor.queues[0])
    pages = {"throughput": throughput, "efficiency": efficiency, "quality": quality}
    asked: dict[str, Callable[[], object]] = {}
    for name, report in pages.items():
        asked[name] = lambda report=report: report(floor.team, whole)  # type: ignore[misc]
        asked[f"{name}_of_one"] = lambda report=report: report(floor.team, person)  # type: ignore[misc]
    asked["week"] = lambda: week(floor.team, ReportFilters(since=until - timedelta(days=6), until=until))
    return asked


def _times(work: Callable[[], object], rounds: int) -> list[float]:
    work()  # The first one opens plans and caches.
    return [timed(work)[0] for _ in range(rounds)]


def _from_decisions(floor: Floor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FROM_DECISIONS, [[queue.pk for queue in floor.queues]])
        cursor.fetchall()
