"""manage.py seed_load: a review floor of any size, to measure on."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reviews.models import ReviewItem
from reviews.services.load.plan import MOST_ITEMS, LoadPlan
from reviews.services.load.seeding import expected, seed_floor
from reviews.services.refusals import Refusal


class Command(BaseCommand):
    help = (
        "Make a review floor to measure on: a team of its own with people, queues, a backlog and weeks of history. "
        "A million items take minutes. What it makes stays: use a database that you can drop."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--items", type=int, default=10_000, help=f"1 to {MOST_ITEMS}; 10000 otherwise")
        parser.add_argument("--decided-share", type=float, default=0.3, help="of 1 that is judged; 0.3 otherwise")
        parser.add_argument("--people", type=int, default=40, help="reviewers, 3 to 1000; 40 otherwise")
        parser.add_argument("--days", type=int, default=42, help="of history, 1 to 365; 42 otherwise")
        parser.add_argument("--seed", type=int, default=1, help="names the team, load-SEED; each makes another floor")
        parser.add_argument("--yes", action="store_true", help="also on a production installation that has items")
        parser.add_argument("--dry-run", action="store_true", help="say what would be made, and make nothing")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, dry_run: bool, format: str, yes: bool, **options: Any) -> None:
        plan = _plan(options)
        if settings.PRODUCTION and not yes and not dry_run and ReviewItem.objects.exists():
            raise CommandError("This is a production installation with items of its own. Add --yes if you mean it.")
        if dry_run:
            self._show({"team": plan.slug, "dry_run": True, "rows": expected(plan)}, format)
            return
        begun = time.monotonic()
        try:
            made = seed_floor(plan, lambda done: self._progress(done, plan.items, begun))
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        seconds = round(time.monotonic() - begun, 1)
        self._show({"team": plan.slug, "dry_run": False, "seconds": seconds, "rows": made.rows}, format)
        if format == "text":
            self.stdout.write(f"To sign in: manage.py changepassword {made.floor.admin.username}")

    def _progress(self, done: int, items: int, begun: float) -> None:
        # Apart from the answer, so that --format json stays one document.
        self.stderr.write(f"{done:,} of {items:,} items, {time.monotonic() - begun:.0f} s")

    def _show(self, about: dict[str, Any], format: str) -> None:
        if format == "json":
            self.stdout.write(json.dumps(about))
            return
        self.stdout.write(f"Team {about['team']}" + (" (nothing was made)" if about["dry_run"] else ""))
        for table, rows in about["rows"].items():
            self.stdout.write(f"{rows:>12,}  {table}")
        if "seconds" in about:
            self.stdout.write(f"{about['seconds']} s")


def _plan(options: dict[str, Any]) -> LoadPlan:
    bounds = {
        "items": (1, MOST_ITEMS),
        "decided_share": (0, 1),
        "people": (3, 1000),
        "days": (1, 365),
        "seed": (0, 10**6),
    }
    for name, (least, greatest) in bounds.items():
        if not least <= options[name] <= greatest:
            raise CommandError(f"--{name.replace('_', '-')} must be between {least} and {greatest}.")
    return LoadPlan(**{name: options[name] for name in bounds})
