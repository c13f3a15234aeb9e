"""What the broker holds. Only a hint: what has to be done is in the database."""

from typing import Any

from celery import current_app
from kombu.exceptions import ChannelError

from delivery.topics import TOPICS


def idle_queues() -> frozenset[str]:
    """Return the queues in which no message waits; raises what the broker's client does when it cannot be asked."""
    names = {subscription.queue for subscription in TOPICS.values()}
    with current_app.connection_for_read() as broker:
        return frozenset(name for name in names if _length(broker.default_channel, name) == 0)


def _length(channel: Any, queue: str) -> int:
    try:
        return int(channel.queue_declare(queue, passive=True).message_count)
    except ChannelError:
        return 0  # the broker forgets a queue as soon as it is empty
