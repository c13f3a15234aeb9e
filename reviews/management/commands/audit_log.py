"""manage.py audit_log: who changed what, when, from what to what, for programs and archives."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from accounts.csvrows import write_csv
from accounts.management.night import NightCommand
from accounts.management.people import find_team
from reviews.audit import exporting, listing
from reviews.forms.audit import NOBODY, AuditForm


class Command(NightCommand):
    help = (
        "Write the audit of a team to the standard output, newest first: CSV, a row a change, or JSON, a line an act."
    )
    changes = False
    formats = ("csv", "json")

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--team", default="", help="the team's slug; may be left out where there is only one team")
        parser.add_argument("--since", default="", help="the first day, e.g. 2026-11-01")
        parser.add_argument("--until", default="", help="the last day")
        parser.add_argument(
            "--person", default="", help=f"a username, or {NOBODY} for what commands and the system did"
        )
        parser.add_argument("--kind", default="", help="a kind of thing, e.g. reviews.queue")
        parser.add_argument("--object", default="", help="one object, e.g. reviews.queue-12")

    def handle(self, *args: Any, team: str, format: str, **options: Any) -> None:
        found = find_team(team)
        asked = {name: options[name] for name in ("since", "until", "person", "kind", "object")}
        form = AuditForm(asked, team=found)
        if not form.is_valid():
            raise CommandError(
                " ".join(f"--{name}: {' '.join(map(str, texts))}" for name, texts in form.errors.items())
            )
        if form.is_nobodys:
            raise CommandError(f"{found} has no {asked['object']}.")
        entries = listing.walk(found, form.asked())
        if format == "csv":
            rows = (row for entry in entries for row in exporting.rows(entry))
            for _line in write_csv(self.stdout, exporting.HEADER, rows):
                pass
            return
        for entry in entries:
            self.stdout.write(json.dumps(exporting.plain(entry), default=str, ensure_ascii=False))
