"""manage.py time_sheets: active time, decisions and images by person and day."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.csvrows import write_csv
from accounts.management.people import find_team, find_user
from reviews import hours


class Command(BaseCommand):
    help = "Write time sheets to the standard output, as CSV or a JSON object a line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", type=_day, required=True, help="the first day, e.g. 2026-11-01")
        parser.add_argument("--to", dest="last", type=_day, required=True, help="the last day")
        parser.add_argument("--person", default="", help="a username; everybody otherwise")
        parser.add_argument("--team", default="", help="the team's slug; may be left out where there is only one team")
        parser.add_argument("--format", choices=["csv", "json"], default="csv")

    def handle(self, *args: Any, first: date, last: date, person: str, team: str, format: str, **options: Any) -> None:
        if last < first:
            raise CommandError("--to is before --from.")
        found = find_team(team)
        one = find_user(found, person) if person else None
        rows = (sheet.cells() for sheet in hours.sheets(found, hours.Span(first, last), one))
        if format == "csv":
            for _line in write_csv(self.stdout, hours.HEADER, rows):
                pass
            return
        for row in rows:
            self.stdout.write(json.dumps(dict(zip(hours.HEADER, row, strict=True)), default=str))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no day; write it like 2026-11-01") from error
