"""manage.py prune: delete what has served its time, as the worker does every hour."""

from argparse import ArgumentParser
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from accounts.management.night import NightCommand
from delivery.services import pruning


class Command(NightCommand):
    help = (
        "Delete published messages, answered keys, expired sessions, notices that were read and webhooks that were "
        "over long ago."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--notices-days",
            type=int,
            default=pruning.NOTICES_KEPT.days,
            help="how long a notice that was read is kept",
        )
        parser.add_argument(
            "--webhooks-days", type=int, default=pruning.WEBHOOKS_KEPT.days,
            help="how long a webhook that was delivered or given up is kept, with the log of its tries",
        )  # fmt: skip

    def handle(
        self, *args: Any, dry_run: bool, format: str, notices_days: int, webhooks_days: int, **options: Any
    ) -> None:
        kept = {"notices_kept": timedelta(days=notices_days), "webhooks_kept": timedelta(days=webhooks_days)}
        with self.tried(dry_run):
            pruned = pruning.prune(**kept)
        done = "would be deleted" if dry_run else "were deleted"
        words = (
            f"{pruned.messages} messages, {pruned.keys} keys, {pruned.notices} notices and {pruned.webhooks} webhooks "
            f"{done}."
        )
        self.answer(format, {**asdict(pruned), "dry_run": dry_run}, words)
