"""Deletes what has served its time: by the worker every hour, and by hand (manage.py prune)."""

from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts import idempotency
from delivery import outbox
from delivery.models import Notice, WebhookMessage
from delivery.models.webhooks import MessageState

NOTICES_KEPT = timedelta(days=90)
"""Of notices, from when they were read on: what nobody has read stays."""
WEBHOOKS_KEPT = timedelta(days=90)
"""Of webhooks that were delivered or given up, with the log of their tries: what waits stays."""
_BATCH = 2_000


@dataclass(frozen=True)
class Pruned:
    """How many rows went."""

    messages: int
    keys: int
    notices: int
    webhooks: int


def prune(*, notices_kept: timedelta = NOTICES_KEPT, webhooks_kept: timedelta = WEBHOOKS_KEPT) -> Pruned:
    """Published messages, answered keys, expired sessions, notices read long ago, and webhooks that are long over."""
    now = timezone.now()
    over = WebhookMessage.objects.exclude(state=MessageState.WAITING).filter(created_at__lt=now - webhooks_kept)
    pruned = Pruned(
        messages=outbox.prune(),
        keys=idempotency.prune(),
        notices=_delete(Notice.objects.filter(read_at__lt=now - notices_kept)),
        webhooks=_delete(over),
    )
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return pruned


def _delete(rows: "QuerySet[Notice] | QuerySet[WebhookMessage]") -> int:
    """Batch by batch: after months of none there are many, and their tries are deleted with them."""
    deleted = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        rows.model._default_manager.filter(pk__in=keys).delete()
        deleted += len(keys)
    return deleted
