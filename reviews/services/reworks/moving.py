"""Moving what waits to another queue, and back: its seats are made anew by the rules of that queue.

Only whole items move. A decision counts as work of the queue it was made in and under its rules, and an item in hand is
promised to whoever holds it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from reviews.models import Decision, Queue, ReviewItem, ReworkItem, Slot
from reviews.models.items import ItemState, SlotState
from reviews.ordering import turn_at, uncertainty_of
from reviews.rework import Act
from reviews.services import leases
from reviews.services.enqueueing import best_of, due_after, make_seats, order_of, overlap_of
from reviews.services.reworks.passing import PassedOver

# Counted where it arrives by the trigger of the seats that are made there (models.counts). The day it had arrived comes
# first; whoever moved to another time zone has it under another.
_LEAVE = """
UPDATE reviews_arrivalday a SET items = a.items - 1, slots = a.slots - %(slots)s, images = a.images - %(images)s
 WHERE a.id = (SELECT id FROM reviews_arrivalday
                WHERE queue_id = %(queue)s AND items >= 1 AND slots >= %(slots)s AND images >= %(images)s
                ORDER BY day = %(day)s::date DESC, day DESC LIMIT 1 FOR NO KEY UPDATE)
"""


def do(entry: ReworkItem, item: ReviewItem, act: Act) -> None:
    """It keeps the time at which it entered, so it is no later in turn for having been moved."""
    target = Queue.objects.get(pk=act.to_queue or 0)
    seats = _free_seats(item, target)
    before = {
        "queue": item.queue_id, "queue_name": item.queue.name, "entered_because": item.entered_because,
        "due_at": item.due_at.isoformat() if item.due_at else None, "seats": len(seats),
        "turn_at": seats[0].turn_at.isoformat(), "fresh_eyes": seats[0].fresh_eyes,
    }  # fmt: skip
    overlap, drawn = overlap_of(target, item.request)
    because = item.entered_because | {
        "matched": [], "reason": "moved", "overlap": overlap, "drawn_for_more": drawn
    }  # fmt: skip
    due_at = due_after(target, item.created_at)
    best = best_of(item.request, list(item.item_candidates.values_list("candidate", flat=True)))
    turn = turn_at(
        item.created_at, order_of(target), score=best, uncertainty=uncertainty_of(best), priority=item.priority,
        due_at=due_at,
    )  # fmt: skip
    _place(item, target, seats, overlap=overlap, turn=turn, due_at=due_at, because=because)
    entry.before = before


def undo(entry: ReworkItem, item: ReviewItem, act: Act) -> None:
    if item.queue_id != act.to_queue:
        raise PassedOver("changed_since")
    before = entry.before
    home = Queue.objects.get(pk=before["queue"])
    seats = _free_seats(item, home)
    _place(
        item, home, seats, overlap=before["seats"], turn=_moment(before["turn_at"]) or item.created_at,
        due_at=_moment(before["due_at"]), because=before["entered_because"], fresh_eyes=before["fresh_eyes"],
    )  # fmt: skip


def _free_seats(item: ReviewItem, target: Queue) -> list[Slot]:
    """All seats of an item that may go to `target`. Raises PassedOver."""
    if item.state != ItemState.OPEN:
        raise PassedOver("not_waiting")
    if Decision.objects.filter(slot__item=item).exists():
        raise PassedOver("judged")
    if ReviewItem.objects.filter(queue=target, request=item.request_id, state=ItemState.OPEN).exists():
        raise PassedOver("waits_there")
    leases.free_expired_of_item(item.pk)
    seats = list(item.slots.order_by("pk"))
    if any(seat.state != SlotState.READY for seat in seats):
        raise PassedOver("in_hand")
    return seats


def _place(
    item: ReviewItem, target: Queue, seats: list[Slot], *, overlap: int, turn: datetime, due_at: datetime | None,
    because: Mapping[str, Any], fresh_eyes: bool = False,
) -> None:  # fmt: skip
    images = seats[0].images
    Slot.objects.filter(pk__in=[seat.pk for seat in seats]).delete()
    day = timezone.localdate(item.created_at, _zone(item))
    with connection.cursor() as cursor:
        cursor.execute(_LEAVE, {"queue": item.queue_id, "slots": len(seats), "images": len(seats) * images, "day": day})
    item.queue, item.due_at, item.entered_because = target, due_at, dict(because)
    item.save(update_fields=["queue", "due_at", "entered_because"])
    make_seats(item, target, overlap=overlap, images=images, turn=turn, fresh_eyes=fresh_eyes)


def _zone(item: ReviewItem) -> ZoneInfo:
    return ZoneInfo(item.queue.team.time_zone)


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None
