"""Doing a rework, and undoing it, in slices: each is a transaction, and a row that has its end is not touched again.

Locks are taken as everywhere: slots by id, items, what is counted, quota days; the rework's own row comes last.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pghistory
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.urls import reverse

from delivery import outbox
from generation.lifecycle import IllegalMove
from generation.services.attempts import Attempt, Stage, run_attempt
from reviews.models import Queue, ReviewItem, Rework, ReworkItem, Slot
from reviews.models.rework import ReworkItemState, ReworkKind, ReworkState
from reviews.rework import Act, with_obstacles
from reviews.services.reworks import again, moving, prioritising, withdrawing
from reviews.services.reworks.passing import PassedOver

SLICE = 50
SLICE_SECONDS = 20.0
"""Short, because guards and the sweep share the queue."""
TOPIC = "rework.queued"
Step = Callable[[ReworkItem, ReviewItem, Act], None]


@dataclass(frozen=True)
class _Stage(Stage):
    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().rows().annotate(created_at=F("done_at"))
        return rows


def _page(rework: Rework) -> str:
    return reverse("reviews:rework", args=[rework.pk])


_S, _I = ReworkState, ReworkItemState
DOING = _Stage(Rework, _S.RUNNING, TOPIC, (_S.QUEUED, _S.RUNNING), page=_page)
UNDOING = _Stage(Rework, _S.UNDOING, TOPIC, (_S.UNDO_QUEUED, _S.UNDOING), page=_page)
_DO: dict[str, Step] = {
    ReworkKind.REVIEW_AGAIN: again.do,
    ReworkKind.WITHDRAW: withdrawing.do,
    ReworkKind.MOVE: moving.do,
    ReworkKind.PRIORITISE: prioritising.do,
}
_UNDO: dict[str, Step] = {
    ReworkKind.REVIEW_AGAIN: again.undo,
    ReworkKind.WITHDRAW: withdrawing.undo,
    ReworkKind.MOVE: moving.undo,
    ReworkKind.PRIORITISE: prioritising.undo,
}


def run_slice(rework: Rework, seconds: float = SLICE_SECONDS) -> bool:
    """Go on with a rework, or with its undo, for about `seconds`; whether this slice was finished.

    What is left waits for the next slice, which is posted.
    """
    rework.refresh_from_db()
    undoes = rework.state in (_S.UNDO_QUEUED, _S.UNDOING)
    stage, work = (UNDOING, _undo_some) if undoes else (DOING, _do_some)
    by = rework.undone_by_id if undoes else rework.done_by_id
    with pghistory.context(user=by):
        return run_attempt(rework, stage, lambda attempt: _work(rework, attempt, work, seconds))


def _work(rework: Rework, attempt: Attempt, some: Callable[[Rework, Attempt], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    rework.refresh_from_db()
    while some(rework, attempt):
        attempt.check()
        if time.monotonic() >= until:
            _pause(rework, attempt)
            return
    if attempt.stage is UNDOING:
        attempt.finish(_S.UNDONE)
    else:
        attempt.finish(_S.DONE, ended_at=Now())


def _pause(rework: Rework, attempt: Attempt) -> None:
    with transaction.atomic():
        attempt.finish(_S.UNDO_QUEUED if attempt.stage is UNDOING else _S.QUEUED)
        outbox.post(TOPIC, rework.pk)


def _do_some(rework: Rework, attempt: Attempt) -> bool:
    """The next SLICE items, the newest first: a later visit comes before what it follows. False when none is left."""
    act = Act.from_json(rework.said["act"])
    with transaction.atomic():
        entries = list(rework.items.filter(state=_I.WAITING).order_by("pk")[:SLICE])
        items = _locked(entries)
        target = Queue.objects.filter(pk=act.to_queue).first() if act.to_queue else None
        rows = with_obstacles(ReviewItem.objects.filter(pk__in=items), act, target)
        obstacles: dict[int, str] = {item.pk: item.why for item in rows}
        for entry in entries:
            item = items[entry.item_id]
            entry.why = obstacles[item.pk] or _tried(_DO[rework.kind], entry, item, act)
            entry.state = _I.PASSED if entry.why else _I.DONE
        passed = _kept(entries, _I.PASSED)
        attempt.record(items_done=rework.items_done + len(entries) - passed, items_passed=rework.items_passed + passed)
    return bool(entries)


def _undo_some(rework: Rework, attempt: Attempt) -> bool:
    """The next SLICE of what was done, the last first."""
    act = Act.from_json(rework.said["act"])
    with transaction.atomic():
        entries = list(rework.items.filter(state=_I.DONE).order_by("-pk")[:SLICE])
        items = _locked(entries)
        for entry in entries:
            entry.why = _tried(_UNDO[rework.kind], entry, items[entry.item_id], act)
            entry.state = _I.LEFT if entry.why else _I.UNDONE
        left = _kept(entries, _I.LEFT)
        attempt.record(items_undone=rework.items_undone + len(entries) - left, items_left=rework.items_left + left)
    return bool(entries)


def _locked(entries: Sequence[ReworkItem]) -> dict[int, ReviewItem]:
    keys = [entry.item_id for entry in entries]
    list(Slot.objects.select_for_update(no_key=True).filter(item__in=keys).order_by("pk").values_list("pk"))
    rows = ReviewItem.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=keys).order_by("pk")
    return {item.pk: item for item in rows.select_related("queue__team", "request")}


def _tried(step: Step, entry: ReworkItem, item: ReviewItem, act: Act) -> str:
    """Why the step could not be done, and then nothing of it is; empty when it was."""
    try:
        with transaction.atomic():
            step(entry, item, act)
    except PassedOver as passed:
        return passed.why
    except (IllegalMove, IntegrityError):
        return "changed_since"
    return ""


def _kept(entries: Sequence[ReworkItem], state: str) -> int:
    """Write the rows; how many of them are in `state`."""
    ReworkItem.objects.bulk_update(entries, ["state", "why", "before", "made"])
    return sum(entry.state == state for entry in entries)
