"""Deciding an item, and taking a decision back. Decisions are only ever added."""

import uuid
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from generation.models import Candidate
from reviews.models import Decision, PreferencePair, Retraction, Slot, SnapshotDecision, Verdict
from reviews.models.decisions import DecisionKind
from reviews.models.queue import SlotState
from reviews.services import leases, outcomes, queue, withdrawals
from reviews.services.preferences import Judged, derive_pairs
from reviews.services.refusals import (
    AlreadyExported,
    AlreadyUndone,
    DecisionRefused,
    KeyReused,
    LeaseLost,
    MaskSettled,
    NoSuchDecision,
)
from reviews.services.verdicts import (
    CheckedVerdict,
    MaskReport,
    VerdictInput,
    check_report,
    check_verdicts,
    fingerprint,
)

Reference = uuid.UUID | int
"""A candidate: its handle, or its primary key."""


def decide(
    reviewer: User,
    token: uuid.UUID,
    *,
    idempotency_key: uuid.UUID,
    verdicts: Sequence[VerdictInput] = (),
    best: Reference | None = None,
    cannot_judge: bool = False,
    mask_wrong: MaskReport | None = None,
    shown_order: Sequence[Reference] = (),
    active_ms: int = 0,
) -> Decision:
    """Store the reviewer's bundle for the item leased under `token`; sending it again gives the same decision.

    "Cannot judge" and "mask is wrong" carry no verdicts and no best; they use up the seat and the quota all the same.
    `mask_wrong` withdraws the item, whoever else is at it, and puts the mask before the operators.
    Raises LeaseLost, KeyReused (this key stands for another decision) and DecisionRefused (what was sent is no
    decision on this item), and then nothing has changed.
    """
    print_ = fingerprint(token, verdicts, best, cannot_judge, mask_wrong)
    earlier = _earlier(reviewer, idempotency_key, print_)
    if earlier is not None:
        return earlier
    decision = Decision(
        reviewer=reviewer,
        kind=_kind(cannot_judge, mask_wrong),
        idempotency_key=idempotency_key,
        fingerprint=print_,
        active_ms=_milliseconds(active_ms),
    )
    try:
        with transaction.atomic():
            if mask_wrong is not None:
                leases.lock_siblings(reviewer, token)
            slot_id = leases.settle(reviewer, token)
            if slot_id is None:
                raise leases.lost(token)
            decision.slot = queue.fetch(slot_id)
            decision.attempt = decision.slot.attempt
            _store(decision, verdicts, best, shown_order)
            if mask_wrong is not None:
                withdrawals.withdraw_item(decision, check_report(mask_wrong))
            else:
                outcomes.resolve_if_complete(decision.slot.item_id)
    except (LeaseLost, IntegrityError):
        # The same decision may have been sent twice at once: the slower one finds what the faster one stored.
        earlier = _earlier(reviewer, idempotency_key, print_)
        if earlier is None:
            raise
        return earlier
    return decision


def _kind(cannot_judge: bool, mask_wrong: MaskReport | None) -> DecisionKind:
    if mask_wrong is None:
        return DecisionKind.CANNOT_JUDGE if cannot_judge else DecisionKind.JUDGED
    if cannot_judge:
        raise DecisionRefused("mask_wrong", _("Either report the mask, or say that you cannot judge."))
    return DecisionKind.MASK_WRONG


def _earlier(reviewer: User, key: uuid.UUID, print_: str) -> Decision | None:
    earlier = Decision.objects.filter(reviewer=reviewer, idempotency_key=key).first()
    if earlier is not None and earlier.fingerprint != print_:
        raise KeyReused(_("This key was already used for another decision."))
    return earlier


def _store(
    decision: Decision, verdicts: Sequence[VerdictInput], best: Reference | None, shown_order: Sequence[Reference]
) -> None:
    item = decision.slot.item
    candidates = list(item.candidates.order_by("pk"))
    decision.best = _find(candidates, best) if best is not None else None
    decision.shown_order = [_find(candidates, shown).pk for shown in shown_order]
    checked: list[CheckedVerdict] = []
    if decision.kind == DecisionKind.JUDGED:
        checked = check_verdicts(item.request.variant, candidates, verdicts, decision.best)
    elif verdicts or best is not None:
        said = _("Either judge the images, or say that you cannot.")
        if decision.kind == DecisionKind.MASK_WRONG:
            said = _("Either judge the images, or report the mask.")
        raise DecisionRefused(decision.kind, said)
    decision.save(force_insert=True)
    Verdict.objects.bulk_create(Verdict(decision=decision, **vars(verdict)) for verdict in checked)
    judged = [Judged(verdict.candidate.pk, verdict.approved, verdict.codes) for verdict in checked]
    PreferencePair.objects.bulk_create(
        PreferencePair(decision=decision, winner_id=pair.winner_id, loser_id=pair.loser_id, rule=pair.rule)
        for pair in derive_pairs(judged, decision.best_id)
    )


def _find(candidates: Sequence[Candidate], reference: Reference) -> Candidate:
    for candidate in candidates:
        if reference in (candidate.pk, candidate.handle):
            return candidate
    raise DecisionRefused("candidates", _("This item has no such image."))


def _milliseconds(active_ms: int) -> int:
    """Whatever a browser's clock says, within a day: a broken clock must not cost a decision."""
    return min(max(active_ms, 0), 24 * 60 * 60 * 1000)


def recent(reviewer: User, limit: int = 10) -> list[Decision]:
    """The reviewer's latest standing decisions, newest first: what they can go back to."""
    standing = Decision.objects.filter(reviewer=reviewer, retraction=None)
    return list(
        standing.select_related("slot__item__queue", "slot__item__request", "best")
        .prefetch_related("verdicts__candidate__composed")
        .order_by("-pk")[:limit]
    )


def undo(reviewer: User, decision: Decision | int | None = None) -> Slot:
    """Take a decision of `reviewer` back (the latest standing one by default) and lease its item to them again.

    The seat opens for its next attempt, its day is credited, the item is open again without outcomes, and what was on
    the screen comes next. The slot answered is leased, with a token, unless today's quota has no room for it: then it
    waits (state READY) like any other. A report of a wrong mask brings the withdrawn item back; of any other decision
    on a withdrawn item only the seat is given up (state CLOSED).
    Raises NoSuchDecision, AlreadyUndone, AlreadyExported, MaskSettled.
    """
    with transaction.atomic():
        leases.lock_desk(reviewer)
        found = _undoable(reviewer, decision)
        slot = _lock_slots(reviewer, found)
        _refuse_if_retracted(reviewer, found)
        # Freezing a snapshot locks the slots it reads, so this sees every snapshot that may hold the decision.
        if SnapshotDecision.objects.filter(decision=found).exists():
            raise AlreadyExported(_("This decision is part of a dataset and can no longer be taken back."))
        if found.kind == DecisionKind.MASK_WRONG:
            withdrawals.take_report_back(found)
        Retraction.objects.create(decision=found, reviewer=reviewer)
        if outcomes.reopen_item(slot.item_id):
            queue.set_aside(reviewer, list(leases.held(reviewer)))
            leases.reopen(slot)
            leases.grant(reviewer, soft=False, item=slot.item)
        else:
            leases.close(slot)
    return queue.fetch(slot.pk)


def _undoable(reviewer: User, decision: Decision | int | None) -> Decision:
    mine = Decision.objects.filter(reviewer=reviewer)
    if decision is None:
        found = mine.filter(retraction=None).order_by("-pk").first()
    else:
        found = mine.filter(pk=decision.pk if isinstance(decision, Decision) else decision).first()
    if found is None:
        raise NoSuchDecision(_("There is no such decision of yours."))
    return found


def _refuse_if_retracted(reviewer: User, decision: Decision) -> None:
    retraction = Retraction.objects.filter(decision=decision).first()
    if retraction is None:
        return
    if retraction.reviewer_id != reviewer.pk:
        raise MaskSettled(_("An operator has found the mask right and given the item back to review already."))
    raise AlreadyUndone(_("This decision was already taken back."))


def _lock_slots(reviewer: User, decision: Decision) -> Slot:
    """Lock every slot the undo may touch at once, in order, before any item or day."""
    theirs = Slot.objects.filter(reviewer=reviewer, state=SlotState.LEASED) | Slot.objects.filter(pk=decision.slot_id)
    if decision.kind == DecisionKind.MASK_WRONG:  # the seats it closed open again
        theirs |= Slot.objects.filter(item_id=decision.slot.item_id)
    locked = {slot.pk: slot for slot in theirs.select_for_update(no_key=True).order_by("pk")}
    return locked[decision.slot_id]
