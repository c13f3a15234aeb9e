"""Events for other programs: written down with the change they tell of, one message for every endpoint that listens."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Team
from delivery import outbox
from delivery.events import TEST_EVENT
from delivery.models import WebhookEndpoint, WebhookMessage
from delivery.models.webhooks import MessageState

TOPIC = "webhook.queued"


def announce(team: Team, event: str, about: str, data: Mapping[str, Any]) -> int:
    """Tell the team's endpoints that listen for `event`; returns how many messages were written.

    Call it in the transaction of what it tells. Of one event and `about` an endpoint is told once, for ever.
    """
    return _write(WebhookEndpoint.objects.filter(team=team), event, about, data)


def announce_to_all(event: str, about: str, data: Mapping[str, Any]) -> int:
    """The same for what belongs to the installation and not to one team."""
    return _write(WebhookEndpoint.objects.all(), event, about, data)


def send_test(endpoint: WebhookEndpoint) -> WebhookMessage:
    """Write a test event for this endpoint alone, whatever it listens for."""
    with transaction.atomic():
        about = uuid.uuid4().hex
        _store([endpoint], TEST_EVENT, about, {"message": "This is a test. Nothing has happened."})
    return WebhookMessage.objects.get(endpoint=endpoint, event=TEST_EVENT, about=about)


def resend(message: WebhookMessage) -> bool:
    """Send it once more now, under the same id; False while it waits for an endpoint that is switched off."""
    with transaction.atomic():
        WebhookMessage.objects.filter(pk=message.pk).update(state=MessageState.WAITING, next_try_at=Now())
        outbox.post(TOPIC, message.pk)
    return message.endpoint.is_active


def _write(endpoints: QuerySet[WebhookEndpoint], event: str, about: str, data: Mapping[str, Any]) -> int:
    with transaction.atomic():
        return _store(endpoints.filter(is_active=True, topics__contains=[event]).order_by("pk"), event, about, data)


def _store(endpoints: Iterable[WebhookEndpoint], event: str, about: str, data: Mapping[str, Any]) -> int:
    body = {"type": event, "timestamp": timezone.now().isoformat(), "data": dict(data)}
    handles = {endpoint.pk: uuid.uuid4() for endpoint in endpoints}
    if not handles:
        return 0
    WebhookMessage.objects.bulk_create(
        (
            WebhookMessage(endpoint_id=key, handle=handle, event=event, about=about, body=body, next_try_at=Now())
            for key, handle in handles.items()
        ),
        ignore_conflicts=True,
    )
    written = list(WebhookMessage.objects.filter(handle__in=handles.values()).order_by("pk").values_list("pk"))
    for (pk,) in written:
        outbox.post(TOPIC, pk)
    return len(written)
