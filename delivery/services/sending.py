"""Sending webhooks: a try is claimed in the database, made outside of any transaction, and written down."""

import json
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from delivery import outbox, transport
from delivery.events import RETRY_SECONDS
from delivery.models import WebhookAttempt, WebhookEndpoint, WebhookMessage
from delivery.models.webhooks import MessageState
from delivery.services.endpoints import switch_off
from delivery.signing import signed_headers
from delivery.transport import Answer

TOPIC = "webhook.queued"
_CLAIM = timedelta(seconds=60)
_EARLY = timedelta(seconds=1)
_OVERDUE = timedelta(seconds=30)
_GONE = 410


def send(pk: int) -> bool:
    """Make one try if one is due; returns whether it was accepted.

    Of two workers with the same message one finds it claimed. A worker that dies during the try leaves it to the sweep,
    a minute later: the receiver may then see the same webhook-id twice, as the specification allows.
    """
    message = _claim(pk)
    if message is None:
        return False
    answer = _try(message)
    _keep(message, answer)
    return answer.is_success


def post_overdue(limit: int = 200) -> int:
    """Post again what should have been tried by now; returns how many."""
    with transaction.atomic():
        late = WebhookMessage.objects.filter(
            state=MessageState.WAITING, next_try_at__lt=Now() - _OVERDUE, endpoint__is_active=True
        )
        keys = list(late.order_by("next_try_at").values_list("pk", flat=True)[:limit])
        for pk in keys:
            outbox.post(TOPIC, pk)
    return len(keys)


def body_of(message: WebhookMessage) -> bytes:
    """The same bytes at every try."""
    return json.dumps(message.body, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()


def secrets_of(endpoint: WebhookEndpoint) -> list[str]:
    """Those that sign now, the new one first."""
    until = endpoint.old_secret_until
    old = [endpoint.old_secret] if endpoint.old_secret and until is not None and until > timezone.now() else []
    return [endpoint.secret, *old]


def _claim(pk: int) -> WebhookMessage | None:
    message = WebhookMessage.objects.select_related("endpoint__team").filter(pk=pk, endpoint__is_active=True).first()
    if message is None:
        return None
    due = WebhookMessage.objects.filter(pk=pk, state=MessageState.WAITING, next_try_at__lte=Now() + _EARLY)
    return message if due.update(next_try_at=Now() + _CLAIM) else None


def _try(message: WebhookMessage) -> Answer:
    body = body_of(message)
    headers = signed_headers(
        secrets_of(message.endpoint), str(message.handle), int(timezone.now().timestamp()), body
    ) | {"content-type": "application/json", "user-agent": "Canvas-Review-Webhooks/1"}
    return transport.post(message.endpoint.url, body, headers, allow_private=settings.WEBHOOK_ALLOW_PRIVATE)


def _keep(message: WebhookMessage, answer: Answer) -> None:
    """Write the try down, and what follows from it."""
    with transaction.atomic():
        tries = message.attempts.count()
        WebhookAttempt.objects.create(
            message=message, status=answer.status, error=answer.error, answer=answer.text,
            duration_ms=answer.duration_ms,
        )  # fmt: skip
        row = WebhookMessage.objects.filter(pk=message.pk)
        if answer.is_success:
            row.update(state=MessageState.DELIVERED, next_try_at=None)
            return
        if tries < len(RETRY_SECONDS) and answer.status != _GONE:
            delay = timedelta(seconds=RETRY_SECONDS[tries])
            row.update(next_try_at=Now() + delay)
            outbox.post(TOPIC, message.pk, delay=delay)
            return
        row.update(state=MessageState.FAILED, next_try_at=None)
        if answer.status == _GONE or not _was_reached_since(message):
            switch_off(message.endpoint, reverse("delivery:webhook", args=[message.endpoint_id]))


def _was_reached_since(message: WebhookMessage) -> bool:
    """Whether the endpoint has accepted anything while this message was tried in vain."""
    answered = WebhookAttempt.objects.filter(
        message__endpoint=message.endpoint_id, created_at__gte=message.created_at, status__gte=200, status__lt=300
    )
    return answered.exists()
