"""manage.py release_leases: give back what ran out, or what one person holds."""

from argparse import ArgumentParser
from typing import Any

from accounts.management.night import NightCommand
from accounts.management.people import find_team, find_user
from reviews.services import leases
from reviews.services.people import release_leases


class Command(NightCommand):
    help = (
        "Give back leases that ran out, and credit the days they were charged to. Nobody has to: the next claim does "
        "it too. With --person give back all that this person holds."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--person", default="", help="a username")
        parser.add_argument("--team", default="", help="the team's slug; may be left out where there is only one team")

    def handle(self, *args: Any, person: str, team: str, dry_run: bool, format: str, **options: Any) -> None:
        found = find_team(team)
        with self.tried(dry_run):
            count = release_leases(find_user(found, person)) if person else leases.free_expired_of(found)
        about = {"team": found.slug, "person": person or None, "leases_given_back": count, "dry_run": dry_run}
        self.answer(format, about, f"{count} leases {'would be' if dry_run else 'were'} given back.")
