"""Taking decisions back, one by one: each undo is a row of its own, and the item is in hand again."""

import uuid
from typing import Literal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from generation.models import MaskRepair
from reviews.models import Decision, Escalation, Retraction, Slot
from reviews.models.decisions import WITHDRAWING, DecisionKind
from reviews.models.items import SlotState
from reviews.models.preferences import frozen
from reviews.services import claiming, escalations, leases, locks, outcomes, queue, withdrawals
from reviews.services.refusals import (
    AlreadyExported,
    AlreadyUndone,
    MaskSettled,
    NoSuchDecision,
    NotTheLatest,
    QuestionClosed,
)


def recent(reviewer: User, limit: int = 10) -> list[Decision]:
    """The reviewer's latest standing decisions, newest first: what they can go back to."""
    return list(
        _standing(reviewer)
        .select_related("slot__item__request", "best__composed")
        .prefetch_related("slot__item__candidates__composed", "slot__item__request__revisions__product")
        .order_by("-pk")[:limit]
    )


def before(slot: Slot) -> Decision | None:
    """What the holder of this seat said of its item before it was taken back: their decision of the last attempt."""
    if slot.attempt == 1:
        return None
    mine = Decision.objects.filter(slot=slot, attempt=slot.attempt - 1, reviewer=slot.reviewer_id)
    return mine.select_related("best", "escalation", "slot").first()


def report_of(decision: Decision) -> MaskRepair | None:
    """What the operators were told with a decision that withdrew its item."""
    if decision.kind not in WITHDRAWING:
        return None
    told = MaskRepair.objects.filter(request__review_items=decision.slot.item_id, reported_by=decision.reviewer_id)
    return told.order_by("-pk").first()


def became_of(slot: Slot, reviewer: User) -> Literal["granted", "quota_reached", "withdrawn", "taken"]:
    """What an undo did with the seat: it is in the reviewer's hands, waits for room in their day, closed with its item,
    or has gone on since (an undo that is sent again comes late)."""
    if slot.state == SlotState.LEASED and slot.reviewer_id == reviewer.pk:
        return "granted"
    if slot.state == SlotState.CLOSED:
        return "withdrawn"
    return "quota_reached" if slot.state == SlotState.READY else "taken"


def undo(reviewer: User, decision: Decision | int | None = None) -> Slot:
    """Take a decision of `reviewer` back (the latest standing one by default) and lease its item to them again.

    The seat opens for its next attempt, its day is credited, the item is open again without outcomes, and what was on
    the screen comes next. The slot answered is leased, with a token, unless today's quota has no room for it: then it
    waits (state READY) like any other. A report brings the withdrawn item back; of any other decision on a withdrawn
    item only the seat is given up (state CLOSED).
    Raises NoSuchDecision, AlreadyUndone, AlreadyExported, ItemLocked, MaskSettled, QuestionClosed.
    """
    with transaction.atomic():
        leases.lock_desk(reviewer)
        return _take_back(reviewer, _undoable(reviewer, decision))


def undo_latest(reviewer: User, key: uuid.UUID) -> Slot:
    """Take the decision of that idempotency key back, as `undo` does, if it is the latest that stands.

    Sent again, because the answer was lost, it changes nothing: the slot is answered as it is now.
    Raises NotTheLatest, and as `undo` does.
    """
    with transaction.atomic():
        leases.lock_desk(reviewer)
        found = Decision.objects.filter(reviewer=reviewer, idempotency_key=key).first()
        if found is None:
            raise _no_such_decision()
        if Retraction.objects.filter(decision=found, reviewer=reviewer).exists():
            return queue.fetch(found.slot_id)
        if found.pk != _standing(reviewer).order_by("-pk").values_list("pk", flat=True).first():
            _refuse_if_retracted(reviewer, found)
            raise NotTheLatest(_("You have decided another item since. Take that back first."))
        return _take_back(reviewer, found)


def _take_back(reviewer: User, found: Decision) -> Slot:
    slot = _lock_slots(reviewer, found)
    _refuse_if_retracted(reviewer, found)
    # Freezing a snapshot locks the slots it reads, so this sees every snapshot that may hold the decision.
    if Decision.objects.filter(frozen(), pk=found.pk).exists():
        raise AlreadyExported(_("This decision is part of a dataset and can no longer be taken back."))
    locks.refuse_if_locked(slot)
    if found.kind in WITHDRAWING:
        withdrawals.take_report_back(found)
    if found.kind == DecisionKind.ESCALATED:
        escalations.take_back(found)
    Retraction.objects.create(decision=found, reviewer=reviewer)
    if outcomes.reopen_item(slot.item_id):
        claiming.set_aside(reviewer, list(leases.held(reviewer)))
        leases.reopen(slot)
        leases.grant(reviewer, soft=False, item=slot.item, seen_at=slot.seen_at)
    else:
        leases.close(slot)
    return queue.fetch(slot.pk)


def _standing(reviewer: User) -> QuerySet[Decision]:
    return Decision.objects.filter(reviewer=reviewer, retraction=None)


def _undoable(reviewer: User, decision: Decision | int | None) -> Decision:
    if decision is None:
        found = _standing(reviewer).order_by("-pk").first()
    else:
        key = decision.pk if isinstance(decision, Decision) else decision
        found = Decision.objects.filter(reviewer=reviewer, pk=key).first()
    if found is None:
        raise _no_such_decision()
    return found


def _no_such_decision() -> NoSuchDecision:
    return NoSuchDecision(_("There is no such decision of yours."))


def _refuse_if_retracted(reviewer: User, decision: Decision) -> None:
    retraction = Retraction.objects.filter(decision=decision).first()
    if retraction is None:
        return
    if Escalation.objects.answered().filter(decision=decision).exists():
        raise QuestionClosed(_("An admin has answered your question and given the item back to review already."))
    if retraction.reviewer_id != reviewer.pk:
        if decision.kind == DecisionKind.UNSUITABLE_SOURCE:
            raise MaskSettled(_("An operator has found the photo fine and given the item back to review already."))
        raise MaskSettled(_("An operator has found the mask right and given the item back to review already."))
    raise AlreadyUndone(_("This decision was already taken back."))


def _lock_slots(reviewer: User, decision: Decision) -> Slot:
    """Lock every slot the undo may touch at once, in order, before any item or day."""
    theirs = Slot.objects.filter(reviewer=reviewer, state=SlotState.LEASED) | Slot.objects.filter(pk=decision.slot_id)
    if decision.kind in WITHDRAWING:  # the seats it closed open again
        theirs |= Slot.objects.filter(item_id=decision.slot.item_id)
    locked = {slot.pk: slot for slot in theirs.select_for_update(no_key=True).order_by("pk")}
    return locked[decision.slot_id]
