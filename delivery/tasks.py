from importlib import import_module

from celery import shared_task
from django.conf import settings

from accounts import idempotency
from delivery import outbox


@shared_task(name="delivery.prune", time_limit=120, soft_time_limit=100)
def prune() -> None:
    """Delete what has served its time: published messages, answered keys, expired sessions."""
    outbox.prune()
    idempotency.prune()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
