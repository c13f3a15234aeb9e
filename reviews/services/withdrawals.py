"""An item whose mask is wrong or whose photo is unsuitable leaves the queue: its seats close, and nothing of it is
published or learned from.

It comes back when the reviewer takes the report back, or when an operator finds nothing wrong. Locks are taken as
everywhere: the item's slots by id, the item, quota days by id; the operator's row comes last.
"""

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from generation.lifecycle import move
from generation.models import MaskRepair
from generation.services import repairs
from reviews.models import Decision, Outcome, Retraction, ReviewItem
from reviews.models.decisions import WITHDRAWING, DecisionKind
from reviews.models.items import ItemState
from reviews.models.outcomes import OutcomeState
from reviews.services import announcements, leases
from reviews.services.refusals import MaskSettled, ReportedBefore
from reviews.services.verdicts import MaskReport

_KEPT = MaskRepair.State.KEPT
_REASONS = {
    DecisionKind.MASK_WRONG: MaskRepair.Reason.MASK,
    DecisionKind.UNSUITABLE_SOURCE: MaskRepair.Reason.SOURCE,
}


def withdraw_item(decision: Decision, report: MaskReport) -> None:
    """Take the item of a stored report out of the queue and put its mask or its photo before the operators.

    Call it in the transaction that decided the slot, with every slot of the item locked. Raises ReportedBefore.
    """
    item = _lock_item(decision.slot.item_id)
    take_out(item)
    reason = _REASONS[DecisionKind(decision.kind)]
    try:
        with transaction.atomic():
            repairs.report_mask(item.request, decision.reviewer, reason=reason, note=report.comment, marks=report.marks)
    except IntegrityError as error:  # one_open_repair: two visits of a request can be judged at once
        raise ReportedBefore(
            _("This photo has been reported already, and an operator looks at it. Skip the item; nothing was changed.")
        ) from error


def take_out(item: ReviewItem) -> None:
    """Close its open seats, withdraw it, and say so to other programs; what was decided stays in its history.

    The caller has locked its seats and its row, and taken its outcomes away.
    What a calibration shows was judged before: there it gets no outcome, and nobody is told of any.
    """
    leases.close_item(item.pk)
    if not item.queue.is_calibration:
        Outcome.objects.bulk_create(
            Outcome(item=item, candidate_id=candidate_id, state=OutcomeState.WITHDRAWN)
            for candidate_id in item.item_candidates.order_by("pk").values_list("candidate_id", flat=True)
        )
    move(item, ItemState.WITHDRAWN, resolved_at=None)
    if not item.queue.is_calibration:
        announcements.announce_if_heard(item)


def is_reported(item: ReviewItem) -> bool:
    """Whether a reviewer's report holds it back, which is for an operator to settle."""
    return _reported().filter(pk=item.pk).exists()


def take_report_back(decision: Decision) -> None:
    """Put the item back as it was before the report. The same conditions; the caller retracts and frees its own seat.

    Raises MaskSettled when an operator has answered already.
    """
    item = _lock_item(decision.slot.item_id)
    repair = item.request.mask_repairs.latest("pk")
    try:
        repairs.take_back(repair, decision.reviewer)
    except repairs.RepairClosed as closed:
        raise MaskSettled(str(closed)) from closed
    _put_back(item)


def reopen_kept(repair: MaskRepair) -> bool:
    """Give the item back to review after an operator has found nothing wrong; False when there is nothing to do.

    The report no longer stands: its seat and the reviewer's day are as before it. Safe to call twice.
    """
    item_id = _reported().filter(request=repair.request_id).values_list("pk", flat=True).first()
    if item_id is None:
        return False
    with transaction.atomic():
        leases.lock_item_slots(item_id)
        item = _lock_item(item_id)
        # Kept, reopened and reported anew: then a late message about the first report must not open it again.
        latest = item.request.mask_repairs.latest("pk")
        if item.state != ItemState.WITHDRAWN or latest != repair or latest.state != _KEPT:
            return False
        report = Decision.objects.standing().select_related("slot").get(slot__item=item, kind__in=WITHDRAWING)
        Retraction.objects.create(decision=report, reviewer=_operator(latest))
        _put_back(item)
        leases.reopen(report.slot)
    return True


def pull_kept(limit: int = 200) -> int:
    """Reopen what was found right and is still withdrawn, whether or not its event arrived; returns how many."""
    kept = MaskRepair.objects.filter(Exists(_reported().filter(request=OuterRef("request"))), state=_KEPT)
    return sum(reopen_kept(repair) for repair in kept.order_by("pk")[:limit])


def _reported() -> QuerySet[ReviewItem]:
    """What a reviewer's report has withdrawn; what an admin has is not the operator's to bring back."""
    reports = Decision.objects.standing().filter(slot__item=OuterRef("pk"), kind__in=WITHDRAWING)
    return ReviewItem.objects.filter(Exists(reports), state=ItemState.WITHDRAWN)


def _put_back(item: ReviewItem) -> None:
    item.outcomes.all().delete()
    move(item, ItemState.OPEN)
    leases.reopen_item(item.pk)


def _operator(repair: MaskRepair) -> User:
    assert repair.closed_by is not None  # noqa: S101 - a kept one has somebody (repair_closed_by_somebody)
    return repair.closed_by


def _lock_item(item_id: int) -> ReviewItem:
    rows = ReviewItem.objects.select_for_update(no_key=True, of=("self",)).select_related("request", "queue__team")
    return rows.get(pk=item_id)
