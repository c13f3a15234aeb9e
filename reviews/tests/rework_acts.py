"""What tests of rework do: see, confirm, undo; and what must be so after each."""

import uuid
from collections.abc import Iterable
from typing import Any

from accounts.tests.factories import Cast
from reviews.models import Outcome, ReviewItem, Rework, Slot
from reviews.models.rework import ReworkKind
from reviews.rework import Act, Choice
from reviews.services import counts, reworks
from reviews.tests.factories import assert_books_balance

AGAIN, WITHDRAW = Act(ReworkKind.REVIEW_AGAIN), Act(ReworkKind.WITHDRAW)
WHY = "The guidelines have changed."


def move_to(queue: Any) -> Act:
    return Act(ReworkKind.MOVE, to_queue=queue.pk)


def priority(number: int) -> Act:
    return Act(ReworkKind.PRIORITISE, to_priority=number)


def these(*items: ReviewItem) -> Choice:
    return Choice(handles=tuple(item.handle for item in items))


def done(cast: Cast, choice: Choice, act: Act) -> Rework:
    """See it, confirm it; it is done and the counts are exact."""
    effect = reworks.effect_of(cast.team, choice, act)
    rework = reworks.confirm(cast.team, cast.admin, choice, act, WHY, seen=effect.seen)
    assert_all_counts()
    return rework


def undone(cast: Cast, rework: Rework) -> Rework:
    reworks.undo_rework(rework, cast.admin)
    assert_all_counts()
    return rework


def assert_all_counts() -> None:
    assert list(counts.check_counts()) == []
    assert_books_balance()


def why(rework: Rework) -> list[str]:
    """Of each item, the oldest first: why it was passed over or left; empty where it was not."""
    return list(rework.items.order_by("item").values_list("why", flat=True))


def photograph(items: Iterable[ReviewItem] | None = None) -> dict[uuid.UUID, Any]:
    """All that must be as before after an undo: items, seats and outcomes, without keys and times of writing."""
    rows = ReviewItem.objects.all() if items is None else ReviewItem.objects.filter(pk__in=[item.pk for item in items])
    return {item.handle: _seen(item) for item in rows}


def _seen(item: ReviewItem) -> Any:
    seats = Slot.objects.filter(item=item).order_by("number")
    outcomes = Outcome.objects.filter(item=item).order_by("candidate")
    return (
        item.state, item.queue_id, item.priority, item.due_at, item.resolved_at, item.entered_because,
        list(seats.values_list("queue", "number", "images", "turn_at", "state", "reviewer", "fresh_eyes", "family")),
        list(outcomes.values_list("candidate", "state", "votes", "approvals")),
    )  # fmt: skip
