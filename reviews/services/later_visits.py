"""When what was judged comes to review again: a split that must be settled, a blind second look, or by an admin's wish.

Each is an item of its own, of the same request. What people see counts from the newest visit that is resolved
(Outcome.objects.approved); what they learn from also heeds the earlier ones (reviews.services.judged).
"""

import random
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from delivery import outbox
from generation.lifecycle import move
from reviews.models import Outcome, Queue, ReviewItem
from reviews.models.items import ItemState, SlotState
from reviews.models.outcomes import OutcomeState
from reviews.models.queues import DecisionPolicy, QueuePurpose
from reviews.routing import Entry
from reviews.services import calibration, leases
from reviews.services.enqueueing import best_of, open_item, queue_for_visits, selected_before
from reviews.services.refusals import Conflict

TOPIC = "item.settled"
PULLED_FOR = timedelta(days=3)
_LAST_LOOKS = (QueuePurpose.SECOND_LOOK, QueuePurpose.CALIBRATION)
"""What was judged there is not looked at again."""


class NotToBeReviewed(Conflict):
    """The item waits for people already, or was withdrawn."""

    code = "not_to_be_reviewed"


def ask_for(item: ReviewItem, outcomes: Sequence[Outcome]) -> None:
    """Call it in the transaction that resolved the item: what must follow is written down with it."""
    if _wants_adjudication(item.queue, outcomes) or _wants_second_look(item) or calibration.is_drawn(item):
        outbox.post(TOPIC, item.pk)


def open_due(item_pk: int) -> list[ReviewItem]:
    """Make the visits that a resolved item asks for; those that are there already are not made again."""
    with transaction.atomic():
        rows = ReviewItem.objects.select_for_update(no_key=True, of=("self",)).select_related("queue__team", "request")
        item = rows.filter(pk=item_pk, state=ItemState.RESOLVED).first()
        if item is None:
            return []
        outcomes = list(item.outcomes.order_by("pk"))
        made = []
        if _wants_adjudication(item.queue, outcomes):
            split = [one.candidate_id for one in outcomes if one.state == OutcomeState.SPLIT]
            made.append(_visit(item, QueuePurpose.ADJUDICATION, split, "split"))
        if _wants_second_look(item):
            everything = [one.candidate_id for one in outcomes]
            made.append(_visit(item, QueuePurpose.SECOND_LOOK, everything, "second_look"))
        return [visit for visit in made if visit is not None]


def review_again(item: ReviewItem, *, fresh_eyes: bool = False) -> ReviewItem:
    """Let people judge a resolved item anew, in its queue; also when it is locked. Its outcomes stay until they have.

    Call it in a transaction, with the item's row locked. With `fresh_eyes` nobody judges again what they have judged.
    Raises NotToBeReviewed.
    """
    if item.queue.is_calibration:
        raise NotToBeReviewed(_("Its right answer is known: let the item it comes from be judged again."))
    waits = ReviewItem.objects.filter(queue=item.queue, request=item.request, state=ItemState.OPEN).exists()
    if item.state != ItemState.RESOLVED or waits:
        raise NotToBeReviewed(_("It waits to be judged already, or was withdrawn. Nothing was changed."))
    shown = list(item.item_candidates.order_by("pk").values_list("candidate", flat=True))
    return _open(item, item.queue, shown, "rework", fresh_eyes=fresh_eyes)


def _wants_adjudication(queue: Queue, outcomes: Sequence[Outcome]) -> bool:
    is_split = any(one.state == OutcomeState.SPLIT for one in outcomes)
    return is_split and queue.policy == DecisionPolicy.ADJUDICATE and queue.purpose != QueuePurpose.ADJUDICATION


def _wants_second_look(item: ReviewItem) -> bool:
    return item.queue.purpose not in _LAST_LOOKS and is_drawn(item.handle, item.queue.second_look_share)


def is_drawn(handle: UUID, share: float) -> bool:
    """Whether the item of that handle is of the `share` (0..1) that is looked at again: nobody can foresee it, and
    asking again answers the same."""
    return random.Random(f"{handle}:second look").random() < share  # noqa: S311


def _visit(item: ReviewItem, purpose: QueuePurpose, candidates: list[int], reason: str) -> ReviewItem | None:
    queue = queue_for_visits(item.queue.team, item.request.variant, purpose)
    waiting = ReviewItem.objects.filter(queue=queue, request=item.request, entered_because__from_item=str(item.handle))
    if waiting.exclude(state=ItemState.WITHDRAWN).exists():
        return None
    return _open(item, queue, candidates, reason)


def _open(
    item: ReviewItem, queue: Queue, candidates: list[int], reason: str, *, fresh_eyes: bool = False
) -> ReviewItem:
    entry, best = Entry(from_item=str(item.handle), reason=reason), best_of(item.request, candidates)
    first, selected = item.first or item, selected_before(item, candidates)
    return open_item(queue, item.request, selected, entry, best=best, first=first, fresh_eyes=fresh_eyes)


def withdraw_waiting(item: ReviewItem) -> list[int]:
    """What was asked for because of an item's outcomes goes when these go, unless somebody has judged it already.

    Call it in the transaction that took the outcomes, with the item's slots and its row locked. The visits' slots come
    after these, by their ids. Returns the visits that went.
    """
    gone = []
    asked = ReviewItem.objects.filter(first=item.first or item, state=ItemState.OPEN)
    asked = asked.exclude(queue__purpose=QueuePurpose.CALIBRATION)  # the right answer does not hang on the outcome
    for visit in asked.filter(entered_because__from_item=str(item.handle)).order_by("pk"):
        leases.lock_item_slots(visit.pk)
        if visit.slots.filter(state=SlotState.DECIDED).exists():
            continue
        leases.close_item(visit.pk)
        move(visit, ItemState.WITHDRAWN)
        gone.append(visit.pk)
    return gone


def pull_due(limit: int = 200) -> int:
    """Make what lately resolved items ask for, whether or not their event arrived; returns how many were made."""
    later = ReviewItem.objects.filter(first=OuterRef("pk")).exclude(queue__purpose=QueuePurpose.CALIBRATION)
    resolved = ReviewItem.objects.filter(~Exists(later), state=ItemState.RESOLVED, resolved_at__gt=Now() - PULLED_FOR)
    split = resolved.filter(queue__policy=DecisionPolicy.ADJUDICATE, outcomes__state=OutcomeState.SPLIT)
    looks = resolved.filter(queue__second_look_share__gt=0).select_related("queue").order_by("pk")
    # Who was not drawn is left out before the limit, or they would stand before those who were.
    drawn = [item.pk for item in looks.iterator() if _wants_second_look(item)]
    keys = {*split.order_by("pk").values_list("pk", flat=True)[:limit], *drawn[:limit]}
    return sum(len(open_due(key)) for key in sorted(keys))
