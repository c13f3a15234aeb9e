"""Letting items come sooner or later: a step of priority moves their turn by a fixed time, whatever else made it."""

from django.db.models import F

from reviews.models import ReviewItem, ReworkItem, Slot
from reviews.models.items import ItemState, SlotState
from reviews.ordering import PRIORITY
from reviews.rework import Act
from reviews.services.reworks.passing import PassedOver


def do(entry: ReworkItem, item: ReviewItem, act: Act) -> None:
    entry.before = {"priority": item.priority}
    _set(item, act.to_priority or 0)


def undo(entry: ReworkItem, item: ReviewItem, act: Act) -> None:
    if item.state != ItemState.OPEN:
        raise PassedOver("not_waiting")
    if item.priority != (act.to_priority or 0):
        raise PassedOver("changed_since")
    _set(item, entry.before["priority"])


def _set(item: ReviewItem, priority: int) -> None:
    sooner = (priority - item.priority) * PRIORITY
    waiting = Slot.objects.filter(item=item).exclude(state=SlotState.DECIDED)
    waiting.update(turn_at=F("turn_at") - sooner)
    item.priority = priority
    item.save(update_fields=["priority"])
