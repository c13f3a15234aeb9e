"""manage.py make_previews --missing: previews at full size for pictures stored before there were any."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.files import StorageAway
from generation.models import Picture
from generation.services.stored_files import make_missing_previews

_TELL_EVERY = 100


class Command(BaseCommand):
    help = "Make the previews that pictures lack. Safe to break off and to run again, while everything runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--missing", action="store_true", required=True, help="only what is not there yet")
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        left = Picture.objects.without_full_preview().count()
        if dry_run:
            self.stdout.write(f"{left} pictures have no preview at full size.")
            return
        made = 0
        try:
            for made, _picture in enumerate(make_missing_previews(), start=1):
                if made % _TELL_EVERY == 0:
                    self.stdout.write(f"{made} of {left}")
        except StorageAway as error:
            raise CommandError(f"Not finished after {made} of {left}: {error}") from error
        self.stdout.write(f"{made} of {left} pictures have a preview at full size now.")
