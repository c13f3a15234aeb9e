"""Known items, shown again to see how they are judged.

An item is known when every image of it has a right answer (GoldVerdict). It comes to somebody who has not seen it,
among what waits anyway: nothing at the desk tells it from the others. What is said of it counts for the reviewer and
never for the image (decision 33).
"""

import math
import random
from datetime import datetime, timedelta

import pghistory
from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import Membership, Role, Team, User
from generation.lifecycle import move
from generation.models import MaskRepair
from reviews.models import GoldVerdict, ItemCandidate, Queue, ReviewItem, Slot
from reviews.models.items import ItemState, SlotState
from reviews.models.queues import ROUTED, QueuePurpose
from reviews.routing import Entry
from reviews.services import leases
from reviews.services.enqueueing import best_of, open_item, queue_for_visits, selected_before
from reviews.services.refusals import Conflict, Refusal

RESTS_FOR = timedelta(days=7)
"""So long after it was shown a known item is not shown again."""
WAITS_FOR = timedelta(days=3)
PULLED_FOR = timedelta(hours=1)
LOOKED_AHEAD, FEWEST_WAITING = 50, 5
"""A known item takes the turn of one of the seats that wait next; where hardly any do it would stand out."""
MOST_AT_ONCE = 100
_CHOSEN_FROM = 20


class NotKnown(Conflict):
    """There is no right answer for every image of it, or it cannot be shown now."""

    code = "not_known"


def is_drawn(item: ReviewItem) -> bool:
    """Whether a known item is shown for this one, of the share that its queue wants. Nobody can foresee it, and asking
    again answers the same."""
    return item.queue.purpose in ROUTED and _luck(item).random() < item.queue.gold_share


def _luck(item: ReviewItem) -> random.Random:
    """A reviewer is told the handle, so it is not drawn from that alone."""
    return random.Random(salted_hmac("reviews.calibration", str(item.handle), algorithm="sha256").digest())  # noqa: S311


def known_items(team: Team, variant: str) -> QuerySet[ReviewItem]:
    """Resolved items whose images all have a right answer."""
    named = GoldVerdict.objects.filter(item_candidate__item__queue__team=team).values("item_candidate__item")
    unnamed = ItemCandidate.objects.filter(item=OuterRef("pk"), gold=None)
    rows = ReviewItem.objects.filter(
        ~Exists(unnamed), pk__in=named, request__variant=variant, queue__team=team, state=ItemState.RESOLVED
    )
    return rows.exclude(queue__purpose=QueuePurpose.CALIBRATION)


def showable_items(team: Team, variant: str) -> QuerySet[ReviewItem]:
    """Known items that may be shown now: rested, with nothing open or reported of their family, and new to somebody."""
    visits = ReviewItem.objects.filter(request=OuterRef("request"))
    lately = visits.filter(queue__purpose=QueuePurpose.CALIBRATION, created_at__gt=timezone.now() - RESTS_FOR)
    reported = MaskRepair.objects.waiting().filter(request=OuterRef("request"))
    return known_items(team, variant).filter(
        ~Exists(visits.filter(state=ItemState.OPEN)), ~Exists(lately), ~Exists(reported), _is_new_to_somebody(team)
    )


def _is_new_to_somebody(team: Team) -> Exists:
    seen = Slot.objects.filter(item__request=OuterRef(OuterRef("request")), reviewer=OuterRef("user"))
    return Exists(Membership.objects.filter(~Exists(seen), team=team, role=Role.REVIEWER, user__is_active=True))


def open_drawn(item_pk: int) -> ReviewItem | None:
    """Show a known item for a resolved one that was drawn; None where none is wanted, or to be had, now."""
    with transaction.atomic():
        rows = ReviewItem.objects.select_for_update(no_key=True, of=("self",)).select_related("queue__team", "request")
        item = rows.filter(pk=item_pk, state=ItemState.RESOLVED).first()
        if item is None or not is_drawn(item):
            return None
        queue = _queue_of(item.queue.team, item.queue.variant)
        if queue is None or queue.items.filter(entered_because__from_item=str(item.handle)).exists():
            return None
        turns = _next_turns(item.queue)
        if len(turns) < FEWEST_WAITING:
            return None
        among = Slot.objects.filter(queue=queue, state=SlotState.READY, turn_at__gte=turns[0])
        if among[:LOOKED_AHEAD].count() >= math.ceil(item.queue.gold_share * len(turns)):
            return None
        luck = _luck(item)
        known = _choose(queue, luck)
        return known and _open(known, queue, Entry(from_item=str(item.handle), reason="gold"), luck.choice(turns))


def show_now(item: ReviewItem, by: User) -> ReviewItem:
    """Show this known item, also if it was shown lately. Raises NotKnown."""
    with transaction.atomic(), pghistory.context(user=by.pk):
        queue = _queue_of(item.queue.team, item.request.variant)
        known = known_items(item.queue.team, item.request.variant).select_related("request", "first")
        found = known.filter(pk=item.pk).annotate(is_new=_is_new_to_somebody(item.queue.team)).first()
        if found is None:
            raise NotKnown(_("Set the right answer of every image of a judged item first."))
        if queue is None:
            raise NotKnown(_("The queue for gold calibration is closed or paused. Open it first."))
        if not found.is_new:
            raise NotKnown(_("Everybody who reviews has judged it already. Nothing was changed."))
        if ReviewItem.objects.filter(request=item.request_id, state=ItemState.OPEN).exists():
            raise NotKnown(_("It waits to be judged already. Nothing was changed."))
        return _open(found, queue, _asked_by(by), _any_turn(queue))


def show_some(queue: Queue, by: User, count: int) -> int:
    """Show as many known items of a calibration queue's variant as may be shown, `count` at most; returns how many.

    Raises Refusal for a number that is none.
    """
    if not 1 <= count <= MOST_AT_ONCE:
        raise Refusal(_("Say how many, from 1 to %(most)d.") % {"most": MOST_AT_ONCE})
    with transaction.atomic(), pghistory.context(user=by.pk):
        locked = _lock(queue)
        luck = random.Random()  # noqa: S311 - nobody gains by foreseeing it
        made = 0
        while made < count and (known := _choose(locked, luck)) is not None:
            _open(known, locked, _asked_by(by), _any_turn(locked))
            made += 1
    return made


def pull_due(limit: int = 200) -> int:
    """Show what lately resolved items ask for, whether or not their event arrived; returns how many."""
    lately = timezone.now() - PULLED_FOR
    shown = ReviewItem.objects.filter(queue__purpose=QueuePurpose.CALIBRATION, created_at__gt=lately)
    served = set(shown.values_list("entered_because__from_item", flat=True))
    resolved = ReviewItem.objects.filter(state=ItemState.RESOLVED, resolved_at__gt=lately, queue__gold_share__gt=0)
    rows = resolved.select_related("queue").order_by("pk").iterator()
    drawn = [item for item in rows if is_drawn(item) and str(item.handle) not in served]
    made, given_up = 0, set()
    for item in drawn[:limit]:
        # What one gets nothing of now the next does not get either.
        if item.queue_id not in given_up and open_drawn(item.pk) is None:
            given_up.add(item.queue_id)
        else:
            made += item.queue_id not in given_up
    return made


def withdraw_stale() -> int:
    """Take away what nobody has come to, because those it is new to are away; returns how many.

    Left there, it would come to them all at once.
    """
    old = timezone.now() - WAITS_FOR
    rows = ReviewItem.objects.filter(queue__purpose=QueuePurpose.CALIBRATION, state=ItemState.OPEN, created_at__lt=old)
    return sum(_withdraw(key) for key in rows.order_by("pk").values_list("pk", flat=True))


def _withdraw(item_pk: int) -> bool:
    with transaction.atomic():
        leases.lock_item_slots(item_pk)
        item = ReviewItem.objects.select_for_update(no_key=True).get(pk=item_pk)
        if item.state != ItemState.OPEN or item.slots.exclude(state=SlotState.READY).exists():
            return False
        leases.close_item(item.pk)
        move(item, ItemState.WITHDRAWN)
    return True


def _queue_of(team: Team, variant: str) -> Queue | None:
    """The variant's calibration queue, locked so that two who choose at once choose two items. Who has closed or paused
    it wants none."""
    there = Queue.objects.of_team(team).filter(variant=variant, purpose=QueuePurpose.CALIBRATION)
    if there.exists() and not there.filter(is_closed=False, is_paused=False).exists():
        return None
    return _lock(queue_for_visits(team, variant, QueuePurpose.CALIBRATION))


def _lock(queue: Queue) -> Queue:
    return Queue.objects.select_for_update(no_key=True, of=("self",)).select_related("team").get(pk=queue.pk)


def _choose(queue: Queue, luck: random.Random) -> ReviewItem | None:
    """One of those shown least often, and of them one of those shown longest ago: they are used up evenly."""
    shown = Q(request__review_items__queue__purpose=QueuePurpose.CALIBRATION)
    rows = showable_items(queue.team, queue.variant).annotate(
        times=Count("request__review_items", filter=shown), last=Max("request__review_items__created_at", filter=shown)
    )
    found = list(
        rows.select_related("request", "first").order_by("times", F("last").asc(nulls_first=True), "pk")[:_CHOSEN_FROM]
    )
    return luck.choice([item for item in found if item.times == found[0].times]) if found else None


def _open(known: ReviewItem, queue: Queue, entry: Entry, turn: datetime | None) -> ReviewItem:
    shown = list(known.item_candidates.order_by("pk").values_list("candidate", flat=True))
    return open_item(
        queue, known.request, selected_before(known, shown), entry, best=best_of(known.request, shown),
        first=known.first or known, turn=turn,
    )  # fmt: skip


def _asked_by(by: User) -> Entry:
    return Entry(reason="gold", asked_by=by.username)


def _next_turns(queue: Queue) -> list[datetime]:
    """Of the seats that come next in a queue."""
    ready = Slot.objects.filter(queue=queue, state=SlotState.READY).order_by("turn_at", "pk")
    return list(ready.values_list("turn_at", flat=True)[:LOOKED_AHEAD])


def _any_turn(queue: Queue) -> datetime | None:
    """One of the next of the variant's first queue that has any; its own turn where nothing waits."""
    for routed in Queue.objects.of_team(queue.team).filter(variant=queue.variant, purpose__in=ROUTED).in_order():
        if turns := _next_turns(routed):
            return random.choice(turns)  # noqa: S311
    return None
