"""Deciding an item. Decisions are only ever added; taking one back (see undoing) adds as well."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from generation.models import Candidate
from reviews.models import Decision, GuidelineVersion, PreferencePair, Slot, Verdict
from reviews.models.decisions import WITHDRAWING, DecisionKind
from reviews.models.items import SlotState
from reviews.services import escalations, guidelines, leases, outcomes, queue, withdrawals
from reviews.services.bundles import Bundle, Reference, check_aids, check_question
from reviews.services.preferences import Judged, derive_pairs
from reviews.services.refusals import DecisionRefused, KeyReused, LeaseLost
from reviews.services.undoing import recent, undo
from reviews.services.verdicts import CheckedVerdict, MaskReport, check_report, check_verdicts

__all__ = ["decide", "recent", "undo"]


def decide(
    reviewer: User,
    token: uuid.UUID,
    *,
    idempotency_key: uuid.UUID,
    shown_order: Sequence[Reference] = (),
    active_ms: int = 0,
    aids: Sequence[str] = (),
    guideline: int | None = None,
    **said: Any,
) -> Decision:
    """Store the reviewer's bundle for the item leased under `token`; sending it again gives the same decision.

    `said` are the fields of a Bundle. What carries no verdicts uses up the seat and the quota all the same.
    `mask_wrong` and `unsuitable_source` withdraw the item, whoever else is at it, and put it before the operators;
    `escalate` holds the seat and keeps the item open until an admin has answered.
    `aids` are names of desk_actions.AIDS, `guideline` is the number of the version on the screen.
    Raises LeaseLost, KeyReused (this key stands for another decision) and DecisionRefused (what was sent is no
    decision on this item), and then nothing has changed.
    """
    bundle = Bundle(**said)
    earlier = _earlier(reviewer, idempotency_key, token, bundle)
    if earlier is not None:
        return earlier
    decision = Decision(
        reviewer=reviewer,
        kind=bundle.kind(),
        idempotency_key=idempotency_key,
        fingerprint=bundle.fingerprint(),
        active_ms=_milliseconds(active_ms),
        aids=check_aids(aids),
    )
    try:
        with transaction.atomic():
            if decision.kind in WITHDRAWING:
                leases.lock_siblings(reviewer, token)
            slot_id = leases.settle(reviewer, token)
            if slot_id is None:
                raise leases.lost(token)
            decision.slot = queue.fetch(slot_id)
            decision.attempt = decision.slot.attempt
            if guideline is not None:
                decision.guideline = _guideline(decision.slot, guideline)
            _store(decision, bundle, shown_order)
            _follow(decision, bundle)
    except (LeaseLost, IntegrityError):
        # The same decision may have been sent twice at once: the slower one finds what the faster one stored.
        earlier = _earlier(reviewer, idempotency_key, token, bundle)
        if earlier is None:
            raise
        return earlier
    return decision


def _earlier(reviewer: User, key: uuid.UUID, token: uuid.UUID, bundle: Bundle) -> Decision | None:
    """What this key stands for already. It may have been delivered under a later lease of the same item; a lease of
    another item says that the key was used twice."""
    earlier = Decision.objects.filter(reviewer=reviewer, idempotency_key=key).first()
    if earlier is None:
        return None
    known = (bundle.fingerprint(), bundle.fingerprint(token))
    mine = Slot.objects.filter(reviewer=reviewer, state=SlotState.LEASED, lease_token=token)
    elsewhere = mine.exclude(item__slots=earlier.slot_id)
    if earlier.fingerprint not in known or elsewhere.exists():
        raise KeyReused(_("This key was already used for another decision."))
    return earlier


def _guideline(slot: Slot, number: int) -> GuidelineVersion:
    """Raises DecisionRefused."""
    request = slot.item.request
    found = guidelines.of_number(request.team, request.variant, number)
    if found is None:
        raise DecisionRefused("guideline", _("There is no such version of the guidelines."))
    return found


def _store(decision: Decision, bundle: Bundle, shown_order: Sequence[Reference]) -> None:
    item = decision.slot.item
    candidates = list(item.candidates.order_by("pk"))
    decision.best = _find(candidates, bundle.best) if bundle.best is not None else None
    decision.shown_order = [_find(candidates, shown).pk for shown in shown_order]
    checked: list[CheckedVerdict] = []
    if decision.kind == DecisionKind.JUDGED:
        checked = check_verdicts(item.request.variant, candidates, bundle.verdicts, decision.best)
    decision.save(force_insert=True)
    Verdict.objects.bulk_create(Verdict(decision=decision, **vars(verdict)) for verdict in checked)
    if item.queue.is_calibration:
        return  # nothing is learned from what was known before
    judged = [Judged(verdict.candidate.pk, verdict.approved, verdict.codes) for verdict in checked]
    PreferencePair.objects.bulk_create(
        PreferencePair(decision=decision, winner_id=pair.winner_id, loser_id=pair.loser_id, rule=pair.rule)
        for pair in derive_pairs(judged, decision.best_id)
    )


def _follow(decision: Decision, bundle: Bundle) -> None:
    """What a stored decision does to its item."""
    if bundle.escalate is not None:
        escalations.ask(decision, check_question(bundle.escalate))
    elif bundle.mask_wrong is not None:
        withdrawals.withdraw_item(decision, check_report(bundle.mask_wrong))
    elif bundle.unsuitable_source is not None:
        withdrawals.withdraw_item(decision, check_report(MaskReport(bundle.unsuitable_source.comment)))
    else:
        outcomes.resolve_if_complete(decision.slot.item_id)


def _find(candidates: Sequence[Candidate], reference: Reference) -> Candidate:
    for candidate in candidates:
        if reference in (candidate.pk, candidate.handle):
            return candidate
    raise DecisionRefused("candidates", _("This item has no such image."))


def _milliseconds(active_ms: int) -> int:
    """Whatever a browser's clock says, within a day: a broken clock must not cost a decision."""
    return min(max(active_ms, 0), 24 * 60 * 60 * 1000)
