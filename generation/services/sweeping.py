"""What stands still is started again: attempts whose worker died, and messages that the broker lost."""

from collections.abc import Sequence
from datetime import timedelta
from typing import cast

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce, Now

from delivery import outbox
from delivery.models import OutboxMessage
from delivery.topics import TOPICS
from generation.contracts import gettext_noop as _
from generation.models.attempts import SILENT_AFTER_SECONDS, Attempted
from generation.services.attempts import STAGES, Stage, close_attempt

_LOCK = "generation.sweep"
_MOST_AT_ONCE = 2000
_SILENT = timedelta(seconds=SILENT_AFTER_SECONDS)
_AT_ONCE = timedelta(0)


def restart_silent_work(idle_queues: frozenset[str], stages: Sequence[Stage] = STAGES) -> int:
    """Start again what has been silent for SILENT_AFTER_SECONDS; returns how many rows were.

    A held row whose heartbeat stopped loses its attempt. A row that waits is posted again only when its queue is one
    of `idle_queues` (nothing waits in the broker), so a long backlog is never multiplied, and a broker that forgot
    everything is filled anew. Only one sweep of the same stages works at a time; a second one does nothing.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [f"{_LOCK} {stages[0].topic}"])
            is_alone = cursor.fetchone()[0]
        if not is_alone:
            return 0
        return sum(
            _restart_held(stage) + (_post_waiting(stage) if TOPICS[stage.topic].queue in idle_queues else 0)
            for stage in stages
        )


def _restart_held(stage: Stage) -> int:
    silent = stage.rows().filter(state=stage.state, attempt_token__isnull=False, heartbeat_at__lt=Now() - _SILENT)
    rows = cast("list[Attempted]", list(silent.order_by("heartbeat_at")[:_MOST_AT_ONCE]))
    for row in rows:
        reason = _("The worker stopped in the middle of the work, again and again. See the worker's log.")
        close_attempt(row, stage, row.attempt_token, reason=reason, delay=_AT_ONCE)
    return len(rows)


def _post_waiting(stage: Stage) -> int:
    undelivered = OutboxMessage.objects.waiting().filter(topic=stage.topic, key=OuterRef("pk"))
    silent = Q(attempt_token=None, state__in=stage.waits_in, waiting_since__lt=Now() - _SILENT)
    rows = (
        stage.rows()
        .annotate(waiting_since=Coalesce("heartbeat_at", "created_at"))
        .filter(silent, ~Exists(undelivered))
        .order_by("created_at", "pk")
    )
    keys = list(rows.values_list("pk", flat=True)[:_MOST_AT_ONCE])
    for key in keys:
        outbox.post(stage.topic, key)
    # The time of posting: the next sweep leaves them alone for as long as this one did.
    stage.rows().filter(pk__in=keys, attempt_token=None).update(heartbeat_at=Now())
    return len(keys)
