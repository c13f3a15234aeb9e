"""manage.py rework: review many items again, withdraw, move or prioritise them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from accounts.management.night import NightCommand
from accounts.management.people import find_team, find_user
from accounts.models import Role, Team, User
from reviews.forms.rework import ReworkForm
from reviews.models import Queue
from reviews.models.rework import ReworkKind
from reviews.rework import WHY
from reviews.services import reworks
from reviews.services.refusals import Refusal

_FILTERS = ("queue", "variant", "state", "reviewer", "since", "until", "guideline", "outcome", "code", "priority")


class Command(NightCommand):
    help = "Do one thing with all items that fit. Without --dry-run it is done at once, however many they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--act", choices=ReworkKind.values, required=True)
        parser.add_argument("--reason", required=True)
        parser.add_argument("--to-queue", default="", help="for move: the queue's name")
        parser.add_argument("--to-priority", default="", help="for prioritise: 0 to 10")
        parser.add_argument("--fresh-eyes", action="store_true", help="not by those who have judged it")
        parser.add_argument("--queue", default="", help="the queue's name")
        for name in _FILTERS[1:]:
            parser.add_argument(f"--{name}", default="")
        parser.add_argument("--item", dest="handles", action="append", default=[], help="a handle; may come often")
        parser.add_argument("--team", default="", help="the team's slug; may be left out where there is only one team")
        parser.add_argument("--by", default="", help="in whose name; the team's first admin otherwise")

    def handle(self, *args: Any, format: str, dry_run: bool, **said: Any) -> None:
        team = find_team(said["team"])
        form = ReworkForm(_as_sent(team, said), team=team)
        if not form.is_valid():
            wrong = (f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items())
            raise CommandError(" ".join(wrong))
        choice, act = form.choice(), form.the_act()
        try:
            effect = reworks.effect_of(team, choice, act)
            told: dict[str, Any] = {"act": act.kind.value, "items": effect.count, "dry_run": dry_run}
            told["refused"] = dict(effect.refused)
            if not dry_run and effect.count:
                by, reason = _admin(team, said["by"]), form.cleaned_data["reason"]
                rework = reworks.confirm(team, by, choice, act, reason, seen=effect.seen)
                while rework.is_being_done and reworks.run_slice(rework):
                    rework.refresh_from_db()
                told |= {"rework": rework.pk, "state": rework.state, "done": rework.items_done}
                told |= {"passed": rework.items_passed}
        except Refusal as refused:
            raise CommandError(str(refused)) from refused
        self.answer(format, told, _words(told))


def _admin(team: Team, username: str) -> User:
    """Raises CommandError."""
    admins = User.objects.filter(membership__team=team, membership__role=Role.ADMIN, is_active=True).order_by("pk")
    found = find_user(team, username) if username else admins.first()
    if found is None or found.role != Role.ADMIN:
        raise CommandError("Only an admin reworks items: name one with --by.")
    return found


def _as_sent(team: Team, said: dict[str, Any]) -> dict[str, Any]:
    keys = dict(Queue.objects.of_team(team).values_list("name", "pk"))
    sent = {name: said[name] for name in (*_FILTERS[1:], "act", "reason", "to_priority", "fresh_eyes")}
    for name in ("queue", "to_queue"):
        if said[name] and said[name] not in keys:
            raise CommandError(f"There is no queue {said[name]}.")
        sent[name] = keys.get(said[name], "")
    return sent | {"handles": "\n".join(said["handles"])}


def _words(told: dict[str, Any]) -> str:
    refused = "".join(f"\n  {number} not: {WHY[why]}" for why, number in told["refused"].items())
    if "rework" not in told:
        return f"{told['act']}: {told['items']} items would be changed{refused}"
    done = f"{told['done']} of {told['items']} items, {told['passed']} passed over ({told['state']})"
    return f"{told['act']}, rework {told['rework']}: {done}{refused}"
