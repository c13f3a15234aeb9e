"""What goes out: messages to tasks, notices to people, webhooks to other programs."""

from delivery.models.notices import Alarm, Notice, NoticeChoice
from delivery.models.outbox import OutboxMessage
from delivery.models.webhooks import WebhookAttempt, WebhookEndpoint, WebhookMessage

__all__ = [
    "Alarm",
    "Notice",
    "NoticeChoice",
    "OutboxMessage",
    "WebhookAttempt",
    "WebhookEndpoint",
    "WebhookMessage",
]
