"""Accepted items lock: after some hours a reviewer can no longer take back what made the outcome."""

from datetime import timedelta

from django.db.models.functions import Now
from django.utils.translation import ngettext

from reviews.models import FloorSettings, ReviewItem, Slot
from reviews.models.items import ItemState
from reviews.models.outcomes import OutcomeState
from reviews.services.outcomes import outcome_of, votes_on
from reviews.services.refusals import ItemLocked


def refuse_if_locked(slot: Slot) -> None:
    """Call it with the slot locked: its item cannot leave RESOLVED meanwhile by this seat.

    Raises ItemLocked.
    """
    team_id = slot.queue.team_id
    settings = FloorSettings.objects.filter(team_id=team_id).first() or FloorSettings(team_id=team_id)
    hours = settings.locks_after_hours
    old = ReviewItem.objects.filter(
        pk=slot.item_id, state=ItemState.RESOLVED, resolved_at__lte=Now() - timedelta(hours=hours)
    )
    if slot.queue.is_calibration:
        # It has no outcome, and locks as if it had one, or it could be told from the others by this.
        votes = votes_on(slot.item) if old.exists() else {}
        is_locked = any(outcome_of(slot.queue.policy, each) == OutcomeState.APPROVED for each in votes.values())
    else:
        is_locked = old.filter(outcomes__state=OutcomeState.APPROVED).exists()
    if is_locked:
        raise ItemLocked(
            ngettext(
                "This item was accepted more than %(hours)d hour ago and is locked. Tell an admin what is wrong.",
                "This item was accepted more than %(hours)d hours ago and is locked. Tell an admin what is wrong.",
                hours,
            )
            % {"hours": hours}
        )
