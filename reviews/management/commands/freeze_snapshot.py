"""manage.py freeze_snapshot: freeze what was judged as the next version of a dataset."""

import json
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.management.people import find_team, find_user
from accounts.models import Team
from generation.variants import VARIANTS
from reviews.models import Queue
from reviews.services.judged import SnapshotFilters
from reviews.services.snapshots import NothingToFreeze, SnapshotUnsettled, freeze_snapshot, preview_snapshot


class Command(BaseCommand):
    help = "Freeze judged candidates and preferences as the next version of a dataset."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="letters, digits, - and _")
        parser.add_argument("--team", default="", help="the team's slug; may be left out where there is only one team")
        parser.add_argument("--user", default="", help="in whose name; the team's first ML engineer otherwise")
        parser.add_argument("--variant", choices=sorted(VARIANTS))
        parser.add_argument("--since", type=_moment, help="decided at or after, e.g. 2026-05-01 (UTC)")
        parser.add_argument("--until", type=_moment, help="decided before")
        parser.add_argument("--queue", action="append", default=[], help="a queue's name; may be given several times")
        parser.add_argument("--without-exploration", action="store_true", help="only candidates of the top ranks")
        parser.add_argument("--dry-run", action="store_true", help="count only")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, name: str, team: str, user: str, dry_run: bool, format: str, **options: Any) -> None:
        found = find_team(team)
        filters = _filters(found, options)
        try:
            if dry_run:
                self._show({"snapshot": None, "counts": preview_snapshot(found, filters)}, format)
                return
            snapshot = freeze_snapshot(found, find_user(found, user), name=name, filters=filters)
        except (NothingToFreeze, SnapshotUnsettled) as refusal:
            raise CommandError(str(refusal)) from refusal
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        about = {"snapshot": str(snapshot), "id": snapshot.pk, "sha256": snapshot.sha256, "counts": snapshot.counts}
        self._show(about, format)

    def _show(self, about: dict[str, Any], format: str) -> None:
        if format == "json":
            self.stdout.write(json.dumps(about, sort_keys=True))
            return
        counts = about["counts"]
        if about["snapshot"]:
            self.stdout.write(f"{about['snapshot']} (number {about['id']}), sha256 {about['sha256']}")
        for kind in ("sources", "candidates", "approved", "pairs"):
            parts = ", ".join(f"{split} {count}" for split, count in counts[kind].items())
            self.stdout.write(f"{kind:12}{sum(counts[kind].values()):>8}  ({parts})")
        for kind in ("products", "decisions"):
            self.stdout.write(f"{kind:12}{counts[kind]:>8}")


def _filters(team: Team, options: dict[str, Any]) -> SnapshotFilters:
    queues = dict(Queue.objects.of_team(team).filter(name__in=options["queue"]).values_list("name", "pk"))
    unknown = set(options["queue"]) - set(queues)
    if unknown:
        raise CommandError(f"The team has no queue {', '.join(sorted(unknown))}.")
    return SnapshotFilters(
        variant=options["variant"], since=options["since"], until=options["until"], queues=tuple(queues.values()),
        include_exploration=not options["without_exploration"],
    )  # fmt: skip


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
