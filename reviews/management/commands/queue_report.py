"""manage.py queue_report: what waits in each queue, what is out, and how old the oldest is."""

from argparse import ArgumentParser
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from accounts.management.night import NightCommand
from accounts.management.people import find_team
from accounts.models import Team
from reviews.models import Queue, QueueTally, Slot


class Command(NightCommand):
    changes = False
    help = "Say what waits in each queue. Read from what is counted as it happens, however long the queues are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--team", default="", help="the team's slug; may be left out where there is only one team")

    def handle(self, *args: Any, team: str, format: str, **options: Any) -> None:
        rows = [_row(queue) for queue in _counted(find_team(team))]
        self.table(format, rows, "The team has no queues yet.")


def _row(queue: Any) -> dict[str, Any]:
    state = "closed" if queue.is_closed else "paused" if queue.is_paused else "open"
    return {
        "queue": queue.name, "variant": queue.variant, "purpose": queue.purpose, "state": state,
        "ready": queue.ready, "leased": queue.leased, "images_ready": queue.images_ready,
        "limit": queue.backlog_limit, "oldest": queue.oldest and queue.oldest.isoformat(timespec="seconds"),
    }  # fmt: skip


def _counted(team: Team) -> "QuerySet[Queue]":
    def tally(state: str, value: str) -> Coalesce:
        rows = QueueTally.objects.filter(queue=OuterRef("pk"), state=state).order_by().values("queue")
        return Coalesce(Subquery(rows.annotate(total=Sum(value)).values("total")), Value(0))

    # The first of slot_by_age: one row of an index, however long the queue is.
    first = Slot.objects.filter(queue=OuterRef("pk"), state="ready").order_by("pk").values("item__created_at")[:1]
    return Queue.objects.of_team(team).in_order().annotate(
        ready=tally("ready", "slots"), leased=tally("leased", "slots"), images_ready=tally("ready", "images"),
        oldest=Subquery(first),
    )  # fmt: skip
