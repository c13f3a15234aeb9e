"""What the commands an operator runs at night have in common: they can be tried, and they answer programs."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction


class NightCommand(BaseCommand):
    """`changes` says whether there is something to try. Answers are dicts: a line of JSON, or words for people."""

    changes = True
    formats: tuple[str, ...] = ("text", "json")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=self.formats, default=self.formats[0], help="json: one object a line")
        if self.changes:
            parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    @contextmanager
    def tried(self, dry_run: bool) -> Iterator[None]:
        """What is done inside is taken back by a dry run, so that it says exactly what would happen.

        What a service refuses becomes the command's error.
        """
        try:
            with transaction.atomic():
                yield
                transaction.set_rollback(dry_run)
        except ValidationError as refused:
            raise CommandError(told(refused)) from refused

    def answer(self, format: str, about: Mapping[str, Any], words: str) -> None:
        self.stdout.write(json.dumps(about, default=str) if format == "json" else words)

    def table(self, format: str, rows: Sequence[Mapping[str, Any]], nothing: str) -> None:
        """A line a row; in words with columns as wide as what is in them."""
        if format == "json":
            for row in rows:
                self.stdout.write(json.dumps(row, default=str))
            return
        if not rows:
            self.stdout.write(nothing)
            return
        cells = [list(rows[0]), *([_shown(value) for value in row.values()] for row in rows)]
        widths = [max(len(line[place]) for line in cells) for place in range(len(cells[0]))]
        for line in cells:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def told(refused: ValidationError) -> str:
    """The refusal in one line, with the names of fields before what is said of them."""
    if not hasattr(refused, "error_dict"):
        return " ".join(refused.messages)
    parts = (
        (" ".join(texts) if name == "__all__" else f"{name}: {' '.join(texts)}")
        for name, texts in refused.message_dict.items()
    )
    return " ".join(parts)


def _shown(value: object) -> str:
    return "-" if value is None else str(value)
