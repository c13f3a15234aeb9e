"""manage.py create_person: make somebody and print their invitation."""

from argparse import ArgumentParser
from typing import Any

from accounts.management.night import NightCommand
from accounts.management.people import find_team
from accounts.models import Role
from accounts.services import create_person, invitations


class Command(NightCommand):
    help = "Make a person of a team. Prints the link by which they choose a password; with --mail it is sent too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("username")
        parser.add_argument("--email", required=True)
        parser.add_argument("--role", choices=Role.values, default=Role.REVIEWER)
        parser.add_argument("--name", default="", help="their full name")
        parser.add_argument("--time-zone", default="", help="for example Europe/Berlin; the team's otherwise")
        parser.add_argument("--team", default="", help="the team's slug; may be left out where there is only one team")
        parser.add_argument(
            "--site", default="http://localhost:8000", help="the address at which people find the pages"
        )
        parser.add_argument("--mail", action="store_true", help="send the invitation")

    def handle(self, *args: Any, username: str, dry_run: bool, format: str, **options: Any) -> None:
        team = find_team(options["team"])
        details = {name: options[name] for name in ("email", "role", "name", "time_zone")}
        with self.tried(dry_run):
            person = create_person(team, None, username=username, **details)
        about = {"username": person.username, "team": team.slug, "role": options["role"], "dry_run": dry_run}
        if dry_run:
            self.answer(format, about, f"{person.username} would be made in {team}.")
            return
        link = options["site"].rstrip("/") + invitations.invitation_path(person)
        sent = invitations.send_invitation(person, link) if options["mail"] else False
        words = f"{person.username} is made in {team}. They choose their password here, once, within "
        words += f"{invitations.valid_for().days} days:\n{link}"
        self.answer(format, about | {"invitation": link, "mailed": sent}, words)
