"""Outcomes for other programs, once they have stood for as long as the team holds them back."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Team
from delivery import outbox
from delivery.models import WebhookEndpoint
from delivery.services import webhooks
from generation.models import DatasetSnapshot
from reviews.models import FloorSettings, Outcome, ReviewItem
from reviews.models.items import ItemState
from reviews.models.outcomes import OutcomeState

TOPIC = "item.resolved"
COMPLETED = "candidate.completed"
EVENT_OF = {OutcomeState.APPROVED: "candidate.approved", OutcomeState.REJECTED: "candidate.rejected"}
_TOLD = (COMPLETED, *EVENT_OF.values())


def is_heard() -> Exists:
    """For a query over review items: whether somebody listens for what becomes of them. What nobody hears costs a
    decision nothing."""
    listening = Q()
    for event in _TOLD:
        listening |= Q(topics__contains=[event])
    return Exists(WebhookEndpoint.objects.filter(listening, team=OuterRef("queue__team"), is_active=True))


def hold_of(team: Team) -> timedelta:
    settings = FloorSettings.objects.filter(team=team).first() or FloorSettings()
    return timedelta(minutes=settings.hold_minutes)


def announce_later(item: ReviewItem) -> None:
    """Call it in the transaction that gave the item its outcomes, where `is_heard` holds."""
    outbox.post(TOPIC, item.pk, delay=hold_of(item.queue.team))


def announce_if_heard(item: ReviewItem) -> None:
    """The same where it is not known yet whether anybody listens."""
    if ReviewItem.objects.filter(is_heard(), pk=item.pk).exists():
        announce_later(item)


def tell_outcomes(item_pk: int) -> int:
    """Tell what has stood for the whole hold; returns how many messages were written.

    What was undone meanwhile has no outcome and leaves no trace. What was decided anew waits for its own time. An
    outcome is a row of its own each time an item is resolved, so each is told once, and a later one as well.
    """
    with transaction.atomic():
        items = ReviewItem.objects.select_for_update(no_key=True, of=("self",)).select_related("queue__team", "request")
        item = items.filter(pk=item_pk).exclude(state=ItemState.OPEN).first()
        if item is None:
            return 0
        outcomes = list(item.outcomes.select_related("candidate").order_by("pk"))
        left = max((_left(outcome, item.queue.team) for outcome in outcomes), default=timedelta(0))
        if left > timedelta(0):
            outbox.post(TOPIC, item.pk, delay=left)
            return 0
        return sum(_tell(item, outcome) for outcome in outcomes)


def announce_snapshot(snapshot: DatasetSnapshot) -> None:
    """Call it in the transaction that registered the dataset."""
    data = {"id": snapshot.pk, "name": snapshot.name, "version": snapshot.version, "sha256": snapshot.sha256}
    webhooks.announce(snapshot.team, "snapshot.ready", str(snapshot.pk), data)


def _left(outcome: Outcome, team: Team) -> timedelta:
    return outcome.created_at + hold_of(team) - timezone.now()


def _tell(item: ReviewItem, outcome: Outcome) -> int:
    data = {
        "candidate": str(outcome.candidate.handle),
        "item": str(item.handle),
        "request": item.request_id,
        "variant": item.request.variant,
        "outcome": outcome.state,
        "decided_at": outcome.created_at.isoformat(),
    }
    events = [COMPLETED, *filter(None, [EVENT_OF.get(OutcomeState(outcome.state))])]
    return sum(webhooks.announce(item.queue.team, event, str(outcome.pk), data) for event in events)
