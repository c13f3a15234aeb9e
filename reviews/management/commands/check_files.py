"""manage.py check_files: rows without files, files without rows, and what can be repaired. It is here, not in
generation, because exports are ours: the ground floor cannot look up."""

import json
from argparse import ArgumentParser
from collections import Counter
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.files import StorageAway
from generation.services.stored_files import Trouble
from reviews.services.stored_files import check_all


class Command(BaseCommand):
    help = "Compare the database with stored files. Ends with 1 when something is wrong and was not repaired."

    def add_arguments(self, parser: ArgumentParser) -> None:
        action = parser.add_mutually_exclusive_group()
        action.add_argument("--dry-run", action="store_true", help="only look (this is what happens anyway)")
        action.add_argument(
            "--repair", action="store_true", help="make previews again, delete files older than a day that no row names"
        )
        parser.add_argument("--format", choices=["text", "json"], default="text", help="json: one object a line")

    def handle(self, *args: Any, repair: bool, format: str, **options: Any) -> None:
        counts: Counter[bool] = Counter()
        try:
            for trouble in check_all(repair=repair):
                counts[trouble.repaired] += 1
                self.stdout.write(json.dumps(asdict(trouble)) if format == "json" else _line(trouble))
        except StorageAway as error:
            raise CommandError(f"Not finished: {error}") from error
        if counts[False]:
            raise CommandError(f"{counts[False]} wrong, {counts[True]} repaired.")
        if format == "text":
            self.stdout.write(f"Nothing is wrong, {counts[True]} repaired.")


def _line(trouble: Trouble) -> str:
    words = [trouble.kind, trouble.name, trouble.owner, "repaired" if trouble.repaired else ""]
    return "  ".join(word for word in words if word)
