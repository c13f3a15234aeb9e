"""manage.py prune: delete what has served its time, as the worker does every hour."""

from argparse import ArgumentParser
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts import idempotency
from accounts.management.night import NightCommand
from delivery import outbox
from delivery.models import Notice


class Command(NightCommand):
    help = "Delete published messages, answered keys, expired sessions, and notices that were read long ago."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--notices-days", type=int, default=90, help="how long a notice that was read is kept")

    def handle(self, *args: Any, dry_run: bool, format: str, notices_days: int, **options: Any) -> None:
        read_before = timezone.now() - timedelta(days=notices_days)
        with self.tried(dry_run):
            about = {
                "messages": outbox.prune(),
                "keys": idempotency.prune(),
                "notices": Notice.objects.filter(read_at__lt=read_before).delete()[0],
                "dry_run": dry_run,
            }
            import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
        done = "would be deleted" if dry_run else "were deleted"
        words = f"{about['messages']} messages, {about['keys']} keys and {about['notices']} notices {done}."
        self.answer(format, about, words)
