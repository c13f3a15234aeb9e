"""Draw the demonstration products again, or check that the stored pictures are what the program draws."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from generation.imaging.scenes.album import check_album, write_album
from generation.imaging.scenes.catalogue import PRODUCTS

DEMO_FOLDER = Path(__file__).resolve().parents[2] / "demo"


class Command(BaseCommand):
    help = "Draw the demonstration products (photographs, masks and products.json)."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, default=DEMO_FOLDER, help="folder for the pictures")
        parser.add_argument("--check", action="store_true", help="write nothing; fail where a picture differs")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["out"]
        if options["check"]:
            found = check_album(folder, PRODUCTS)
            if found:
                raise CommandError("\n".join(found))
            self.stdout.write(f"{len(PRODUCTS)} products are as drawn.")
            return
        written = write_album(folder, PRODUCTS)
        self.stdout.write(f"{len(PRODUCTS)} products drawn, {written / 1024:.0f} KiB.")
