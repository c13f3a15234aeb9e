"""A decision on three images, with its verdicts and pairs, against committing one row of one small table."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import make_cast
from benchmarks.measuring import Result, percentile, rounded, timed
from reviews.models import Slot
from reviews.services import quotas
from reviews.services.verdicts import VerdictInput
from reviews.tests.factories import claimed, decide, fill_queue, make_queue

IMAGES = 3


def measure(quick: bool) -> Result:
    count = 40 if quick else 600
    cast = make_cast()
    fill_queue(make_queue(cast.team), cast.operator, count + 2, images=IMAGES)
    quotas.set_limit(cast.reviewer, 100_000, cast.admin)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE benchmark_line (id bigserial PRIMARY KEY, words text NOT NULL)")
    decisions, inserts = [], []
    for number in range(count + 1):
        slot = claimed(cast.reviewer)
        verdicts = _verdicts(slot)
        decided, _ = timed(lambda: decide(cast.reviewer, slot, verdicts, active_ms=4000))  # noqa: B023 - called here
        inserted, _ = timed(_insert)
        if number:  # the first one opens plans and caches
            decisions.append(decided)
            inserts.append(inserted)
    figures = {"p50_ms": percentile(decisions, 0.5), "p99_ms": percentile(decisions, 0.99)}
    baseline = {"p50_ms": percentile(inserts, 0.5), "p99_ms": percentile(inserts, 0.99)}
    ratio = {name.removesuffix("_ms"): figures[name] / baseline[name] for name in figures}
    figures["statements"] = _statements(cast.reviewer)
    return Result("decide", rounded(figures), rounded(baseline), rounded(ratio))


def _verdicts(slot: Slot) -> list[VerdictInput]:
    """One approval over rejections: a pair for each of those."""
    first, *others = slot.item.candidates.order_by("pk")
    rejected = [VerdictInput(candidate.handle, approved=False, codes=["seam"]) for candidate in others]
    return [VerdictInput(first.handle, approved=True), *rejected]


def _statements(reviewer: User) -> int:
    """How many statements one decision sends, BEGIN and COMMIT included."""
    slot = claimed(reviewer)
    verdicts = _verdicts(slot)
    with CaptureQueriesContext(connection) as captured:
        decide(reviewer, slot, verdicts)
    return len(captured)


def _insert() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO benchmark_line (words) VALUES ('one line')")
