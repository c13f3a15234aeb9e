"""Leasing slots and giving them back: who holds what is decided in the database, in single statements."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import connection
from django.db.models import DateTimeField, F, Func, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Team, User
from generation.models import MaskRepair
from reviews.models import Decision, ReviewItem, Slot
from reviews.models.decisions import WITHDRAWING
from reviews.models.items import SlotState
from reviews.models.quotas import DEFAULT_DAILY_IMAGES
from reviews.services import budget_statements, lease_statements
from reviews.services.refusals import ItemWithdrawn, LeaseLost

_TRIES = 10
Waiting = Literal["yes", "no", "paused", "person_paused"]


class ClockTimestamp(Func):
    """The database's clock as it is now, not as it was when the transaction began."""

    function = "CLOCK_TIMESTAMP"
    output_field = DateTimeField()


@dataclass(frozen=True)
class Grant:
    """Without a slot, `fitting` tells that one would have fitted, but others were quicker."""

    slot_id: int | None
    fitting: bool


def _first(sql: str, **values: Any) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def lock_desk(reviewer: User) -> None:
    """Let one request at a time arrange this reviewer's leases, and draw on the budgets they share with others.

    Ends with the transaction.
    """
    _first(budget_statements.LOCK_DESK, reviewer=reviewer.pk)


def grant(reviewer: User, *, soft: bool, item: ReviewItem | None = None, seen_at: datetime | None = None) -> Grant:
    """Lease the next fitting slot to `reviewer` and charge their day, in one statement. Their desk must be locked.

    With `item` only that item's slots count, whoever is paused, put off by the reviewer or not for them; they have seen
    it, at `seen_at` or now. Losing a race for the last seat means looking again. Raises IntegrityError when the same
    reviewer wins two seats of an item in the same instant (no_reviewer_twice): try again in a new transaction.
    """
    values = _of(reviewer, item) | {"soft": soft, "seen": item is not None or not soft, "seen_at": seen_at}
    for _try in range(_TRIES):
        row = _first(lease_statements.GRANT, **values)
        if row is None:
            return Grant(None, fitting=False)
        day, queue, slot_id = row
        if slot_id is not None or queue is None:
            return Grant(slot_id, fitting=queue is not None)
        if day is None:
            _open_day(reviewer, queue)
    return Grant(None, fitting=True)


def _of(reviewer: User, item: ReviewItem | None) -> dict[str, Any]:
    return {"reviewers": [reviewer.pk], "item": item.pk if item else None, "default_limit": DEFAULT_DAILY_IMAGES}


def _open_day(reviewer: User, queue: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(lease_statements.OPEN_DAY, {"reviewers": [reviewer.pk], "queue": queue})


def waiting(reviewer: User, item: ReviewItem | None = None) -> Waiting:
    """Whether something (or `item`) waits for `reviewer`, whatever its size: in a queue that gives it out, in paused
    queues only, or only for somebody who is not paused."""
    row = _first(lease_statements.WAITS, **_of(reviewer, item))
    if row is None:
        return "no"
    if not row[0]:
        return "yes"
    return "person_paused" if row[1] else "paused"


def snoozed_until(reviewer: User) -> datetime | None:
    """When the first of what waits only because `reviewer` put it off comes back; None when nothing does."""
    row = _first(lease_statements.SNOOZED, **_of(reviewer, None))
    return row[0] if row else None


def held(reviewer: User) -> QuerySet[Slot]:
    """The reviewer's open leases in the order they come to the screen: the one that is on it, what was set aside as it
    was first seen, and what was prefetched as the queue gives it."""
    open_leases = Slot.objects.filter(reviewer=reviewer, state=SlotState.LEASED, lease_until__gt=ClockTimestamp())
    return open_leases.order_by("is_soft", F("seen_at").asc(nulls_last=True), "turn_at", "pk")


def free_expired(reviewer: User) -> None:
    """Give back what this reviewer let run out, crediting the days it was charged to."""
    _first(lease_statements.FREE_EXPIRED, reviewer=reviewer.pk, step=0)


def free_all(reviewer: User) -> int:
    """Give back all that `reviewer` holds, and credit its days; how many leases that were. Lock their desk first."""
    return _count(lease_statements.FREE_MINE, reviewer=reviewer.pk, step=0)


def free_expired_of(team: Team) -> int:
    """Give back what ran out, whoever let it; how many leases that were."""
    return _count(lease_statements.FREE_EXPIRED_OF_TEAM, team=team.pk, step=0)


def _count(sql: str, **values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def free(reviewer: User, token: uuid.UUID) -> int | None:
    """Give one lease back and credit its day; the item's id, or None for a lease that is not held."""
    row = _first(lease_statements.FREE_HELD, reviewer=reviewer.pk, token=token, step=0)
    return row[0] if row else None


def reopen(slot: Slot) -> None:
    """Make a decided slot ready for its next attempt and credit its day. The caller has locked the slot."""
    _first(lease_statements.FREE_SLOT, slot=slot.pk, step=1)


def close(slot: Slot) -> None:
    """As `reopen`, for a slot of a withdrawn item: nobody can claim it. The caller has locked the slot."""
    _first(lease_statements.CLOSE_SLOT, slot=slot.pk, step=1)


def free_expired_of_item(item_id: int) -> None:
    """Give back what ran out of an item, whoever let it. The caller has locked its slots."""
    _first(lease_statements.FREE_EXPIRED_OF_ITEM, item=item_id, step=0)


def close_item(item_id: int) -> None:
    """Close what is ready or leased of an item and credit those days. The caller has locked its slots."""
    _first(lease_statements.CLOSE_ITEM, item=item_id, step=0)


def reopen_item(item_id: int) -> None:
    """Make an item's closed slots ready. The caller has locked its slots."""
    _first(lease_statements.REOPEN_ITEM, item=item_id)


def lock_siblings(reviewer: User, token: uuid.UUID) -> None:
    """Lock every slot of the item leased under `token`, in order: what follows may change them all."""
    _first(lease_statements.LOCK_SIBLINGS, reviewer=reviewer.pk, token=token)


def lock_item_slots(item_id: int) -> None:
    """The same for an item that is known."""
    list(Slot.objects.select_for_update(no_key=True).filter(item=item_id).order_by("pk").values_list("pk"))


def lock_held(reviewer: User) -> None:
    """Lock the reviewer's leases in order, before more than one of them is changed."""
    mine = Slot.objects.select_for_update(no_key=True).filter(reviewer=reviewer, state=SlotState.LEASED)
    list(mine.order_by("pk").values_list("pk"))


def lost(token: uuid.UUID) -> LeaseLost:
    """Why the lease of this token is not held, as the refusal to raise."""
    closed = Slot.objects.filter(state=SlotState.CLOSED, lease_token=token).select_related("item", "queue").first()
    if closed is not None:
        return ItemWithdrawn(_withdrawn(closed))
    return LeaseLost(_("This item is no longer yours: its time ran out, or it was decided or given back."))


def _withdrawn(slot: Slot) -> str:
    if not slot.queue.is_calibration and not slot.item.outcomes.exists():
        return _("What this item was to settle was taken back. It need not be judged.")
    reports = Decision.objects.standing().filter(slot__item=slot.item_id, kind__in=WITHDRAWING)
    if not reports.exists():
        return _("An admin has withdrawn this item. It need not be judged.")
    latest = MaskRepair.objects.filter(request=slot.item.request_id).order_by("-pk").first()
    if latest is not None and latest.reason == MaskRepair.Reason.SOURCE:
        return _("Somebody has reported that the photo of this item is unsuitable. It need not be judged.")
    return _("Somebody has reported that the mask of this item is wrong. It was withdrawn and need not be judged.")


def harden(reviewer: User, token: uuid.UUID) -> int | None:
    """Make the lease a full one, from now; the slot's id, or None for a lease that is not held."""
    row = _first(lease_statements.HARDEN, reviewer=reviewer.pk, token=token)
    return row[0] if row else None


def extend(reviewer: User, token: uuid.UUID) -> int | None:
    """Let the lease last as long as a new one would; the slot's id, or None for a lease that is not held."""
    row = _first(lease_statements.EXTEND, reviewer=reviewer.pk, token=token)
    return row[0] if row else None


def extend_aside(reviewer: User) -> None:
    """Let everything the reviewer has seen and set aside last as long as what is on the screen."""
    _first(lease_statements.EXTEND_ASIDE, reviewer=reviewer.pk)


def settle(reviewer: User, token: uuid.UUID) -> int | None:
    """Turn the lease into a decided seat; the slot's id, or None for a lease that is not held."""
    row = _first(lease_statements.SETTLE, reviewer=reviewer.pk, token=token)
    return row[0] if row else None
