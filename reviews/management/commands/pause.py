"""manage.py pause: give out nothing new to a person, or to a whole team, until they are resumed."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.management.people import find_team, find_user
from reviews.services import pauses


class Command(BaseCommand):
    help = "Pause a person, or everybody of a team; with --resume let them go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", nargs="?", default="", help="everybody of the team without one")
        parser.add_argument("--reason", default="")
        parser.add_argument("--resume", action="store_true")
        parser.add_argument("--team", default="", help="the team's slug; may be left out where there is only one team")
        parser.add_argument("--by", default="", help="in whose name; the team's first ML engineer or admin otherwise")
        parser.add_argument("--dry-run", action="store_true", help="say only whether it would change something")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, username: str, reason: str, resume: bool, format: str, **options: Any) -> None:
        team = find_team(options["team"])
        reviewer = find_user(team, username) if username else None
        changed = pauses.open_pauses(team).filter(reviewer=reviewer).exists() is resume
        if not options["dry_run"]:
            by = find_user(team, options["by"])
            try:
                if resume:
                    changed = pauses.resume(team, reviewer, by)
                elif changed:
                    pauses.pause(team, reviewer, reason, by)
            except pauses.AlreadyPaused:
                changed = False
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
        told = {"username": username or None, "paused": not resume, "changed": changed, "dry_run": options["dry_run"]}
        if format == "json":
            self.stdout.write(json.dumps(told, sort_keys=True))
            return
        state = "goes on" if resume else "is paused"
        self.stdout.write(f"{username or team} {state}" + ("" if changed else ": nothing to change"))
