"""manage.py relay: publishes what the outbox holds, for as long as it runs."""

import logging
import signal
import time
from argparse import ArgumentParser
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections
from kombu.exceptions import OperationalError as BrokerError

from delivery import outbox

logger = logging.getLogger(__name__)


def publish(task: str, queue: str, key: int) -> None:
    """Send one task. One quick try: the outbox row is what waits, not this process. Raises ConnectionError."""
    try:
        current_app.send_task(task, args=[key], queue=queue, retry=False, ignore_result=True)
    except BrokerError as error:
        raise ConnectionError(str(error)) from error


class Command(BaseCommand):
    help = "Publish outbox messages to the broker until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="publish what waits now, then stop")
        parser.add_argument("--idle", type=float, default=1.0, help="seconds between looks when nothing is posted")

    def handle(self, *args: Any, once: bool, idle: float, **options: Any) -> None:
        self.stopping = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.stop)
        while not self.stopping:
            try:
                if not outbox.publish_waiting(publish) and not once:
                    outbox.wait_for_messages(idle)
            except (OSError, OperationalError) as error:
                if once:
                    raise
                logger.warning("relay waits: %s", error)
                close_old_connections()
                time.sleep(idle)
            if once:
                return

    def stop(self, *_: Any) -> None:
        self.stopping = True
