"""manage.py set_quota: how much one person may judge."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.management.people import find_team, find_user
from reviews.models.quotas import QuotaPeriod
from reviews.services.quota_changes import Change, ChangesRefused, effect_of, set_quotas


class Command(BaseCommand):
    help = "Set how many images a person may judge in a day or a week, from their next claim on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--images", type=int, required=True)
        parser.add_argument("--period", choices=QuotaPeriod.values, default=QuotaPeriod.DAY)
        parser.add_argument("--team", default="", help="the team's slug; may be left out where there is only one team")
        parser.add_argument("--by", default="", help="in whose name; the team's first ML engineer or admin otherwise")
        parser.add_argument("--dry-run", action="store_true", help="show only what would change")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, username: str, images: int, period: str, format: str, **options: Any) -> None:
        team = find_team(options["team"])
        change = Change(reviewer=username, cap=images, period=period)
        try:
            if options["dry_run"]:
                effect = effect_of(team, [change])
            else:
                effect = set_quotas(team, [change], find_user(team, options["by"]))
        except ChangesRefused as refused:
            raise CommandError(str(refused)) from refused
        line = effect.lines[0]
        told = {
            "username": username, "period": period, "before": line.before.cap, "after": line.after.cap,
            "changed": line.differs, "dry_run": options["dry_run"],
        }  # fmt: skip
        if format == "json":
            self.stdout.write(json.dumps(told, sort_keys=True))
            return
        before = "no quota" if line.before.cap is None else line.before.cap
        would = "would be " if options["dry_run"] else ""
        self.stdout.write(f"{username}: {would}{images} images a {period}, before: {before}")
