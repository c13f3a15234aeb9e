"""manage.py deactivate_person: let nobody in by a name, at once."""

from argparse import ArgumentParser
from typing import Any

from accounts.management.night import NightCommand
from accounts.management.people import find_team, find_user
from reviews.services.people import deactivate_person


class Command(NightCommand):
    help = "End a person's sessions and API tokens, and give back what they hold. What they decided stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("username")
        parser.add_argument("--team", default="", help="the team's slug; may be left out where there is only one team")

    def handle(self, *args: Any, username: str, team: str, dry_run: bool, format: str, **options: Any) -> None:
        person = find_user(find_team(team), username)
        with self.tried(dry_run):
            leases = deactivate_person(person, None)
        about = {"username": person.username, "leases_given_back": leases, "dry_run": dry_run}
        done = "would be switched off" if dry_run else "is switched off"
        self.answer(format, about, f"{person.username} {done}; {leases} leases given back.")
