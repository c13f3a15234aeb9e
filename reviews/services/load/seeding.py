"""A whole floor for measuring, in one transaction: either all of it is there or only its people and queues."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from reviews.models import GoldVerdict, ItemCandidate, ReviewItem
from reviews.models.items import ItemState
from reviews.services.load.copying import analyze, copy_lines, count_all, reserve, unchecked
from reviews.services.load.floor import Floor, make_floor
from reviews.services.load.plan import LoadPlan
from reviews.services.load.rows import COLUMNS, DAYS, Rows, most

_BATCH = 20_000
_GOLD = 300
_COUNTED = ("reviews_queuetally", "reviews_arrivalday", "reviews_workday", "reviews_agreementday")


@dataclass(frozen=True)
class Seeded:
    """What was made, by table."""

    floor: Floor
    rows: dict[str, int] = field(default_factory=dict)


def expected(plan: LoadPlan) -> dict[str, int]:
    """About how many rows of each table the plan comes to: a candidate more or less is a matter of chance."""
    images, seats = 2.0, 1.4
    decisions = plan.decided * seats
    return {
        "generation_generationrequest": plan.items,
        "generation_candidate": round(plan.items * images),
        "reviews_reviewitem": plan.items,
        "reviews_slot": round(plan.items * seats),
        "reviews_decision": round(decisions),
        "reviews_verdict": round(decisions * images),
        "reviews_outcome": round(plan.decided * images),
    }


def seed_floor(plan: LoadPlan, progress: Callable[[int], None] = lambda _items: None) -> Seeded:
    """Make the floor; `progress` is told how many items are written. Raises FloorThere."""
    floor = make_floor(plan)
    rows = fill_floor(plan, floor, progress)
    _set_gold(floor)
    return Seeded(floor, rows)


def fill_floor(plan: LoadPlan, floor: Floor, progress: Callable[[int], None] = lambda _items: None) -> dict[str, int]:
    """Write the plan's items into the queues of `floor`, of which nothing was counted before; the rows by table."""
    today = datetime.now(UTC).date()
    first = reserve(most(plan, len(floor.reviewers)))
    rows = Rows(plan, floor, today, first)
    with unchecked((*COLUMNS, DAYS)):
        for begin in range(0, plan.items, _BATCH):
            end = min(begin + _BATCH, plan.items)
            for number in range(begin, end):
                rows.add(number)
            for table, lines in rows.taken().items():
                copy_lines(table, COLUMNS[table], lines)
            progress(end)
        days = [f"{key}\t{who}\t{queue}\t{day}\t{used}\n" for key, who, queue, day, used in rows.quota_days()]
        copy_lines(DAYS, "id, reviewer_id, queue_id, day, used", days)
        # The planner would think them as small as they were, and join a million rows one by one.
        analyze((*COLUMNS, DAYS))
        count_all([queue.pk for queue in floor.queues])
    analyze(_COUNTED)
    return dict(rows.counts) | {DAYS: len(days)}


def _set_gold(floor: Floor) -> None:
    """A right verdict for some of what several people have judged, as an admin would set it afterwards."""
    items = ReviewItem.objects.filter(queue=floor.queues[1], state=ItemState.RESOLVED).order_by("-pk")[:_GOLD]
    entries = ItemCandidate.objects.filter(item__in=list(items.values_list("pk", flat=True))).order_by("pk")
    right = [(key, value > 0.5) for key, value in entries.values_list("pk", "candidate__scores__value")]
    GoldVerdict.objects.bulk_create(
        GoldVerdict(item_candidate_id=key, approved=approved, codes=[] if approved else ["seam"], set_by=floor.admin)
        for key, approved in right
    )
