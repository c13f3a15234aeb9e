"""What several reviewers' verdicts come to, and when an item is resolved."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Exists, Q
from django.db.models.functions import Now

from generation.lifecycle import move
from reviews.models import Decision, Escalation, Outcome, ReviewItem, Slot, Verdict
from reviews.models.items import ItemState, SlotState
from reviews.models.outcomes import OutcomeState
from reviews.models.queues import DecisionPolicy
from reviews.services import announcements, later_visits


def outcome_of(policy: str, votes: Collection[bool]) -> OutcomeState:
    """One candidate's outcome from its votes (True: approved), whatever their order.

    A reviewer who could not judge has no vote. Where nobody could, the candidate is split: it must not be published,
    as if approved, nor taught to a model as a defect, as if rejected; a person has to look again.
    """
    approvals = sum(votes)
    rejects = len(votes) - approvals
    if policy in (DecisionPolicy.UNANIMOUS, DecisionPolicy.ADJUDICATE) and approvals and rejects:
        return OutcomeState.SPLIT
    if policy == DecisionPolicy.ANY_REJECT_FAILS and rejects:
        return OutcomeState.REJECTED
    if approvals > rejects:
        return OutcomeState.APPROVED
    return OutcomeState.REJECTED if rejects > approvals else OutcomeState.SPLIT


def resolve_if_complete(item_id: int) -> bool:
    """Give the item its outcomes once every slot is decided and no question waits for its answer.

    Call it in the transaction that decided a slot. What is shown for calibration gets none: it was known before.

    The item's row is the gate: of two last decisions at once, the second to pass sees both.
    """
    rows = ReviewItem.objects.select_for_update(no_key=True, of=("self",)).select_related("queue__team")
    item = rows.annotate(heard=announcements.is_heard()).get(pk=item_id)
    asked = Exists(Escalation.objects.waiting().filter(item=item))
    unsettled = Slot.objects.filter(~Q(state=SlotState.DECIDED) | asked, item=item)
    if item.state != ItemState.OPEN or unsettled.exists():
        return False
    if item.queue.is_calibration:
        move(item, ItemState.RESOLVED, resolved_at=Now())
        return True
    votes = votes_on(item)
    made = Outcome.objects.bulk_create(
        Outcome(
            item=item,
            candidate_id=candidate_id,
            state=outcome_of(item.queue.policy, votes[candidate_id]),
            votes=len(votes[candidate_id]),
            approvals=sum(votes[candidate_id]),
        )
        for candidate_id in item.item_candidates.order_by("pk").values_list("candidate_id", flat=True)
    )
    move(item, ItemState.RESOLVED, resolved_at=Now())
    later_visits.ask_for(item, made)
    if item.heard:
        announcements.announce_later(item)
    return True


def votes_on(item: ReviewItem) -> dict[int, list[bool]]:
    """The standing verdicts (True: approved) on each candidate that has any."""
    votes: dict[int, list[bool]] = defaultdict(list)
    standing = Decision.objects.standing().judged().filter(slot__item=item)
    for candidate_id, approved in Verdict.objects.filter(decision__in=standing).values_list("candidate_id", "approved"):
        votes[candidate_id].append(approved)
    return votes


def reopen_item(item_id: int) -> bool:
    """Take the item's outcomes back, because one of its decisions no longer stands; whether it is open now.

    A withdrawn item stays withdrawn.
    """
    item = ReviewItem.objects.select_for_update(no_key=True).get(pk=item_id)
    if item.state == ItemState.WITHDRAWN:
        return False
    item.outcomes.all().delete()
    later_visits.withdraw_waiting(item)
    if item.state == ItemState.RESOLVED:
        move(item, ItemState.OPEN, resolved_at=None)
    return True
