"""manage.py export_snapshot: render a snapshot into a local folder, as a trainer reads it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from generation.contracts import EngineError
from generation.models import DatasetSnapshot
from reviews.formats import EXPORT_FORMATS
from reviews.services.exports import render_folder
from reviews.tasks.exports import load_renderer


class Command(BaseCommand):
    help = "Render a snapshot in one trainer's format into a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("snapshot", help="NAME@VERSION, NAME (its latest version) or its number")
        parser.add_argument("--team", default="", help="the team's slug, where several have such a snapshot")
        parser.add_argument("--format", default=next(iter(EXPORT_FORMATS)), choices=list(EXPORT_FORMATS))
        parser.add_argument("--out", required=True, type=Path, help="a folder that is empty or not there yet")

    def handle(self, *args: Any, snapshot: str, team: str, format: str, out: Path, **options: Any) -> None:
        try:
            found = DatasetSnapshot.objects.called(snapshot, team)
        except LookupError as error:
            raise CommandError(str(error)) from error
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise CommandError(f"{out} is not an empty folder.")
        out.mkdir(parents=True, exist_ok=True)
        try:
            files = render_folder(found, load_renderer(format), out, self._show)
        except EngineError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{found} as {format}: {len(files)} files, {sum(file.bytes for file in files)} bytes in {out}"
        )
        self.stdout.write(f"{files[0].sha256}  {files[0].name}")

    def _show(self, done: int, total: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r\x1b[K{done} of {total}", ending="\n" if done == total else "")
            self.stdout.flush()
