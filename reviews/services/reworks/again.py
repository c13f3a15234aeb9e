"""Letting a resolved item be judged again, and taking that back."""

from generation.lifecycle import move
from reviews.models import Decision, ReviewItem, ReworkItem
from reviews.models.items import ItemState
from reviews.rework import Act
from reviews.services import later_visits, leases
from reviews.services.reworks.passing import PassedOver


def do(entry: ReworkItem, item: ReviewItem, act: Act) -> None:
    """A later visit is made. What was decided holds until it is judged."""
    try:
        entry.made = later_visits.review_again(item, fresh_eyes=act.fresh_eyes)
    except later_visits.NotToBeReviewed as refused:
        raise PassedOver("waits") from refused
    entry.before = {"state": item.state}


def undo(entry: ReworkItem, item: ReviewItem, act: Act) -> None:
    """The visit is withdrawn if nobody has said anything of it; whoever is at it is told that it need not be judged.

    The visit's seats are younger than those of the item, so they are locked after them.
    """
    assert entry.made_id is not None  # noqa: S101 - doing it made one
    leases.lock_item_slots(entry.made_id)
    visit = ReviewItem.objects.select_for_update(no_key=True).get(pk=entry.made_id)
    if visit.state == ItemState.RESOLVED or Decision.objects.standing().filter(slot__item=visit).exists():
        raise PassedOver("judged_since")
    if visit.state == ItemState.WITHDRAWN:
        raise PassedOver("changed_since")
    leases.close_item(visit.pk)
    move(visit, ItemState.WITHDRAWN)
