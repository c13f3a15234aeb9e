"""manage.py check_counts: are the counts what the rows say?"""

import json
from argparse import ArgumentParser
from collections import Counter
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviews.services.counts import CountTrouble, check_counts


class Command(BaseCommand):
    help = "Compare what is counted while people work with the rows. Ends with 1 when something is wrong and stays so."

    def add_arguments(self, parser: ArgumentParser) -> None:
        action = parser.add_mutually_exclusive_group()
        action.add_argument("--dry-run", action="store_true", help="only look (this is what happens anyway)")
        action.add_argument("--repair", action="store_true", help="put every wrong count right")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="json: one object a line")

    def handle(self, *args: Any, repair: bool, format: str, **options: Any) -> None:
        counts: Counter[bool] = Counter()
        for trouble in check_counts(repair=repair):
            counts[trouble.repaired] += 1
            self.stdout.write(json.dumps(asdict(trouble)) if format == "json" else _line(trouble))
        if counts[False]:
            raise CommandError(f"{counts[False]} wrong. --repair puts them right.")
        if format == "text":
            self.stdout.write(f"Nothing is wrong, {counts[True]} repaired.")


def _line(trouble: CountTrouble) -> str:
    whose = " ".join(f"{key}={value}" for key, value in trouble.owner.items())
    wrong = [name for name, number in trouble.found.items() if trouble.counted[name] != number]
    numbers = " ".join(f"{name}: counted {trouble.counted[name]}, found {trouble.found[name]}" for name in wrong)
    return "  ".join([trouble.table, whose, numbers] + ["repaired"] * trouble.repaired)
