"""manage.py import_products: many products, or candidates made elsewhere, from this machine's disk."""

import json
import signal
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.management.people import find_team, find_user
from generation.importfiles.refusals import SourceRefused
from generation.importfiles.sources import KINDS, open_path
from generation.lifecycle import IllegalMove
from generation.models import BulkImport
from generation.services.import_ledger import Counts
from generation.services.imports import cancel_import, open_local_import, run_local

_COUNTS = ("added", "changed", "unchanged", "refused", "without_mask")
_SHOW_EVERY = 0.5


class Command(BaseCommand):
    help = (
        "Import a folder, a CSV file or a ZIP archive, here and now. Ctrl-C stops after the row at hand; the same "
        "command again passes over what is there already. Ends with 1 when rows were refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help="a folder, a CSV file or a ZIP archive")
        parser.add_argument("--kind", choices=sorted(KINDS), default="products")
        parser.add_argument("--team", default="", help="the team's slug, where there are several")
        parser.add_argument("--user", default="", help="in whose name; the team's first ML engineer or admin otherwise")
        parser.add_argument("--dry-run", action="store_true", help="check every row and store nothing of them")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="json: one object a line")

    def handle(
        self, *args: Any, path: str, kind: str, team: str, user: str, dry_run: bool, format: str, **options: Any
    ) -> None:
        place = Path(path)
        found = find_team(team)
        member = find_user(found, user)
        try:
            source, stream = open_path(place, KINDS[kind])
        except SourceRefused as refused:
            raise CommandError(refused.message) from refused
        bulk = open_local_import(found, member, kind=kind, name=place.resolve().name, dry_run=dry_run)
        self._format, self._shown = format, time.monotonic()
        try:
            with _stopping(bulk):
                run_local(bulk, source, self._show)
        finally:
            if stream is not None:
                stream.close()
        self._report(bulk)

    def _show(self, counts: Counts) -> None:
        """A line that writes over itself, on a terminal only."""
        if self._format == "text" and self.stdout.isatty() and time.monotonic() - self._shown >= _SHOW_EVERY:
            self._shown = time.monotonic()
            self.stdout.write(f"\r\x1b[K{counts.position} rows: {_words(counts)}", ending="")
            self.stdout.flush()

    def _report(self, bulk: BulkImport) -> None:
        if self.stdout.isatty():
            self.stdout.write("\r\x1b[K", ending="")
        for problem in bulk.problems.iterator():
            row = {"line": problem.line, "name": problem.name, "field": problem.field, "code": problem.code}
            if self._format == "json":
                self.stdout.write(json.dumps(row | {"detail": problem.sentence, "note": problem.is_note}))
            else:
                words = [f"line {problem.line}" if problem.line else "", problem.name, problem.field, problem.sentence]
                self.stdout.write("  ".join(word for word in words if word))
        if self._format == "json":
            summary = {name: getattr(bulk, name) for name in ("state", "total", "position", *_COUNTS)}
            self.stdout.write(json.dumps({"import": bulk.pk} | summary))
        else:
            self.stdout.write(f"{bulk.position} of {bulk.total or 0} rows: {_words(bulk)}.")
        if bulk.state != BulkImport.State.SUCCEEDED:
            raise CommandError(bulk.failure or f"The import is {bulk.get_state_display().lower()}.")
        if bulk.refused:
            raise CommandError(f"{bulk.refused} rows were refused.")


def _words(counts: Counts | BulkImport) -> str:
    return ", ".join(f"{getattr(counts, name)} {name.replace('_', ' ')}" for name in _COUNTS)


@contextmanager
def _stopping(bulk: BulkImport) -> Iterator[None]:
    """The first Ctrl-C cancels the import, which stops after its row; the second one breaks it off."""

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        with suppress(IllegalMove):
            cancel_import(bulk)

    before = signal.getsignal(signal.SIGINT)
    try:
        signal.signal(signal.SIGINT, stop)
    except ValueError:  # not the main thread: nobody can press anything here
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
