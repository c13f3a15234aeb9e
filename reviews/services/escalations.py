"""A reviewer's question about an item: its seat is held, and the item stays open, until an admin has answered.

Locks are taken as everywhere: the desk, slots by id, the item, quota days; the question's row comes last.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from generation.lifecycle import IllegalMove, move
from reviews.models import Decision, Escalation, Retraction, Slot
from reviews.models.escalations import EscalationState
from reviews.models.items import SlotState
from reviews.services import claiming, leases, outcomes, queue
from reviews.services.refusals import QuestionClosed

SOONER = timedelta(days=10)
"""An answered item comes before almost all that waits: somebody has thought about it just now."""


def ask(decision: Decision, question: str) -> None:
    """Put the question of a stored decision of the kind ESCALATED before the admins, in its transaction."""
    Escalation.objects.create(item_id=decision.slot.item_id, decision=decision, question=question)


def take_back(decision: Decision) -> None:
    """The reviewer does not ask any more. Call it in the transaction of the undo. Raises QuestionClosed."""
    _settle(Escalation.objects.get(decision=decision), EscalationState.TAKEN_BACK)


def answer_question(escalation: Escalation, admin: User, answer: str, *, judges: bool = False) -> Slot:
    """Answer, and give the seat back for its next attempt: the asker and others may take it, sooner than the rest.

    With `judges` the item goes to the admin's own screen: the slot answered is leased to them, unless they may not
    judge it (they have already) or their day is full. In a withdrawn item the seat stays closed.
    Raises QuestionClosed when it was answered or taken back meanwhile; then nothing has changed.
    """
    leases.free_expired(admin)
    with transaction.atomic():
        leases.lock_desk(admin)
        slot = _lock_slots(admin, escalation)
        escalation.refresh_from_db(fields=["state"])
        if escalation.state != EscalationState.OPEN:
            raise _closed(escalation)
        Retraction.objects.create(decision_id=escalation.decision_id, reviewer=admin)
        if outcomes.reopen_item(slot.item_id):
            leases.reopen(slot)
            Slot.objects.filter(pk=slot.pk).update(turn_at=F("turn_at") - SOONER)
            if judges:
                claiming.take_item(admin, slot.item)
        else:
            leases.close(slot)
        _settle(escalation, EscalationState.ANSWERED, answer=answer, answered_by=admin, answered_at=Now())
    return queue.fetch(slot.pk)


def _lock_slots(admin: User, escalation: Escalation) -> Slot:
    held = Slot.objects.filter(pk=escalation.decision.slot_id)
    mine = Slot.objects.filter(reviewer=admin, state=SlotState.LEASED)
    locked = (held | mine).select_for_update(no_key=True).order_by("pk")
    return {slot.pk: slot for slot in locked}[escalation.decision.slot_id]


def _settle(escalation: Escalation, state: EscalationState, **values: Any) -> None:
    try:
        move(escalation, state, **values)
    except IllegalMove as refused:
        escalation.refresh_from_db(fields=["state"])
        raise _closed(escalation) from refused


def _closed(escalation: Escalation) -> QuestionClosed:
    if escalation.state == EscalationState.TAKEN_BACK:
        return QuestionClosed(_("The reviewer has taken the question back; nothing was changed."))
    return QuestionClosed(_("The question has been answered already; nothing was changed."))
