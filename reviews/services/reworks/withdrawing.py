"""Taking items out of review and out of what is approved, and putting them back."""

from django.utils.dateparse import parse_datetime

from generation.lifecycle import move
from reviews.models import Outcome, ReviewItem, ReworkItem
from reviews.models.items import ItemState, SlotState
from reviews.rework import Act
from reviews.services import announcements, later_visits, leases, withdrawals
from reviews.services.reworks.passing import PassedOver


def do(entry: ReworkItem, item: ReviewItem, act: Act) -> None:
    """Its open seats close, nothing of it counts as decided any more, and what waited because of its outcomes goes."""
    outcomes = list(item.outcomes.order_by("pk").values_list("candidate", "state", "votes", "approvals"))
    before = {
        "state": item.state,
        "resolved_at": item.resolved_at.isoformat() if item.resolved_at else None,
        "outcomes": [list(outcome) for outcome in outcomes],
    }
    item.outcomes.all().delete()
    gone = later_visits.withdraw_waiting(item) if item.state == ItemState.RESOLVED else []
    withdrawals.take_out(item)
    entry.before = before | {"visits": gone}


def undo(entry: ReworkItem, item: ReviewItem, act: Act) -> None:
    if item.state != ItemState.WITHDRAWN or withdrawals.is_reported(item):
        raise PassedOver("changed_since")
    if entry.before["state"] == ItemState.OPEN:
        _open_again(item)
    else:
        _resolve_again(entry, item)


def _open_again(item: ReviewItem) -> None:
    if _waits(item):
        raise PassedOver("waits_there")
    item.outcomes.all().delete()
    move(item, ItemState.OPEN)
    leases.reopen_item(item.pk)


def _resolve_again(entry: ReworkItem, item: ReviewItem) -> None:
    """With the outcomes it had, as new ones: other programs were told that they had gone."""
    if item.slots.exclude(state=SlotState.DECIDED).exists():
        raise PassedOver("taken_back")
    item.outcomes.all().delete()
    Outcome.objects.bulk_create(
        Outcome(item=item, candidate_id=candidate, state=state, votes=votes, approvals=approvals)
        for candidate, state, votes, approvals in entry.before["outcomes"]
    )
    resolved_at = entry.before["resolved_at"]
    move(item, ItemState.RESOLVED, resolved_at=parse_datetime(resolved_at) if resolved_at else None)
    announcements.announce_if_heard(item)
    for key in entry.before["visits"]:
        _bring_back(key)


def _bring_back(key: int) -> None:
    """A visit that went with the item's outcomes waits again, unless its request does so already."""
    leases.lock_item_slots(key)
    visit = ReviewItem.objects.select_for_update(no_key=True).get(pk=key)
    if visit.state == ItemState.WITHDRAWN and not visit.outcomes.exists() and not _waits(visit):
        move(visit, ItemState.OPEN)
        leases.reopen_item(visit.pk)


def _waits(item: ReviewItem) -> bool:
    return ReviewItem.objects.filter(queue=item.queue_id, request=item.request_id, state=ItemState.OPEN).exists()
