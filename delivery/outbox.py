"""Writing to the outbox, and publishing from it."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.db.models.functions import Now

from delivery.models import OutboxMessage
from delivery.topics import TOPICS

logger = logging.getLogger(__name__)

CHANNEL = "outbox"
_CLAIM_SECONDS = 30
_CLAIM_SQL = """
UPDATE delivery_outboxmessage AS m
   SET claimed_until = clock_timestamp() + make_interval(secs => %(claim)s), attempts = m.attempts + 1
  FROM (SELECT id FROM delivery_outboxmessage
         WHERE published_at IS NULL AND due_at <= clock_timestamp()
           AND (claimed_until IS NULL OR claimed_until <= clock_timestamp())
         ORDER BY due_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED) AS waiting
 WHERE m.id = waiting.id
RETURNING m.id, m.topic, m.key
"""

Publish = Callable[[str, str, int], None]
"""Called with (task name, queue, key); raises when the broker cannot be reached."""


def post(topic: str, key: int, *, delay: timedelta = timedelta(0)) -> None:
    """Write down what must follow this change. Call it inside the change's own transaction.

    When it is due is told by the database's clock, as the relay asks it: a machine whose clock is fast delays nothing.
    Raises KeyError for a topic nobody listens to, RuntimeError outside a transaction.
    """
    TOPICS[topic]
    if not connection.in_atomic_block:
        raise RuntimeError("an outbox row belongs to the transaction of the change that causes it")
    OutboxMessage.objects.create(topic=topic, key=key, due_at=Now() + delay)
    if not delay:  # what waits is found when it is due
        transaction.on_commit(_wake_relay, robust=True)


def _wake_relay() -> None:
    # Only a hint: a relay that misses it finds the row at its next look, a second later.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def publish_waiting(publish: Publish, *, limit: int = 100) -> int:
    """Publish up to `limit` waiting messages; returns how many went out.

    A message is claimed for 30 s, published outside any transaction and then marked. A relay that dies in between
    leaves it claimable again: tasks are idempotent, so twice is harmless and never is not.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM_SQL, {"claim": _CLAIM_SECONDS, "limit": limit})
        claimed = sorted(cursor.fetchall())
    published = 0
    for place, (pk, topic, key) in enumerate(claimed):
        subscription = TOPICS.get(topic)
        if subscription is None:
            # From a newer program than this one, in the middle of an update: it must not hold up everything else.
            logger.error("nobody here listens to %r; message %s waits for a relay that knows it", topic, pk)
            continue
        try:
            publish(subscription.task, subscription.queue, key)
        except OSError:
            # The broker is away. What is left of the batch becomes claimable in a moment, in its order.
            OutboxMessage.objects.filter(pk__in=[row[0] for row in claimed[place:]]).update(claimed_until=None)
            raise
        OutboxMessage.objects.filter(pk=pk).update(published_at=Now())
        published += 1
    return published


def wait_for_messages(seconds: float) -> None:
    """Sleep until a message is posted, at most `seconds`."""
    connection.ensure_connection()
    raw = connection.connection
    if raw is None:
        time.sleep(seconds)
        return
    raw.execute(f"LISTEN {CHANNEL}")
    for _ in raw.notifies(timeout=seconds, stop_after=1):
        pass


def prune(older_than: timedelta = timedelta(days=7)) -> int:
    """Delete messages published long ago; returns how many."""
    return OutboxMessage.objects.filter(published_at__lt=Now() - older_than).delete()[0]
