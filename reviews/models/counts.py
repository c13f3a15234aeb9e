"""What is counted while it happens, so that no page and no claim ever counts rows: written by triggers in the
transaction that changes what they count, so they are exact after any crash."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

from reviews.models.queues import Queue


class QueueTally(models.Model):
    """How many slots, and images in them, a queue gained or lost in a state. A queue's number is the sum of its rows.

    Rows are only added: a shared number would make everybody who claims wait for everybody else. The sweep merges them
    (reviews.services.counts.merge_tallies).
    """

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="tallies")
    state = models.CharField(max_length=8)
    slots = models.BigIntegerField()
    images = models.BigIntegerField()

    objects: ClassVar[models.Manager["QueueTally"]] = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["queue", "state"])]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.state}: {self.slots:+d}"


class ArrivalDay(models.Model):
    """What entered a queue on a day of its team: items, seats, and images to judge (those of an item x its seats)."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="arrival_days")
    day = models.DateField()
    items = models.PositiveIntegerField(default=0)
    slots = models.PositiveIntegerField(default=0)
    images = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager["ArrivalDay"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "day"], name="arrival_day_once")]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.day}: {self.items}"


class WorkDay(models.Model):
    """What one reviewer did in a queue on a day of their own calendar.

    `decisions` were made and `undone` of them taken back; `unjudged` are those that judged no image. `images`,
    `approved` and `rejected` count the verdicts that stand. `active_ms` is all time spent, also on what was undone.
    """

    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="work_days")
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="work_days")
    day = models.DateField()
    decisions = models.IntegerField(default=0, db_default=0)
    undone = models.IntegerField(default=0, db_default=0)
    unjudged = models.IntegerField(default=0, db_default=0)
    images = models.IntegerField(default=0, db_default=0)
    approved = models.IntegerField(default=0, db_default=0)
    rejected = models.IntegerField(default=0, db_default=0)
    active_ms = models.BigIntegerField(default=0, db_default=0)

    objects: ClassVar[models.Manager["WorkDay"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reviewer", "day", "queue"], name="work_day_once")]
        indexes = [models.Index(fields=["queue", "day"])]

    def __str__(self) -> str:
        return f"{self.reviewer_id} {self.day}: {self.images}"


class AgreementDay(models.Model):
    """On how many candidates, resolved in a queue on a day of its team, `approvals` of `votes` reviewers approved.

    From these numbers follow agreement and its chance-corrected forms (reviews.statistics), whatever the period.
    """

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="agreement_days")
    day = models.DateField()
    votes = models.PositiveSmallIntegerField()
    approvals = models.PositiveSmallIntegerField()
    candidates = models.IntegerField(default=0, db_default=0)

    objects: ClassVar[models.Manager["AgreementDay"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "day", "votes", "approvals"], name="agreement_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.day}: {self.approvals} of {self.votes}"


def _after(
    name: str, operation: pgtrigger.Operation, body: str, *, old: bool = False, new: bool = False
) -> pgtrigger.Trigger:
    """A trigger once a statement, over all rows that the statement changed."""
    tables = pgtrigger.Referencing(  # type: ignore[no-untyped-call]
        old="old_rows" if old else None, new="new_rows" if new else None
    )
    return pgtrigger.Trigger(
        name=name, operation=operation, when=pgtrigger.After, level=pgtrigger.Statement, referencing=tables,
        func=f"{body} RETURN NULL;",
    )  # fmt: skip


_TALLY = """
INSERT INTO reviews_queuetally (queue_id, state, slots, images)
SELECT queue_id, state, sum(sign), sum(sign * images) FROM ({rows}) each GROUP BY queue_id, state HAVING sum(sign) <> 0;
"""
_GAINED = "SELECT queue_id, state, images, 1 AS sign FROM new_rows"
_LOST = "SELECT queue_id, state, images, -1 AS sign FROM old_rows"
_ARRIVED = """
INSERT INTO reviews_arrivalday AS a (queue_id, day, items, slots, images)
SELECT n.queue_id, (clock_timestamp() AT TIME ZONE t.time_zone)::date, count(DISTINCT n.item_id), count(*),
       sum(n.images)
  FROM new_rows n JOIN reviews_queue q ON q.id = n.queue_id JOIN accounts_team t ON t.id = q.team_id
 GROUP BY 1, 2 ORDER BY 1
    ON CONFLICT (queue_id, day) DO UPDATE
   SET items = a.items + excluded.items, slots = a.slots + excluded.slots, images = a.images + excluded.images;
"""

COUNT_SLOTS = [
    _after("count_new_slots", pgtrigger.Insert, _TALLY.format(rows=_GAINED) + _ARRIVED, new=True),
    _after(
        "count_moved_slots", pgtrigger.Update, _TALLY.format(rows=f"{_GAINED} UNION ALL {_LOST}"), old=True, new=True
    ),
    _after("count_lost_slots", pgtrigger.Delete, _TALLY.format(rows=_LOST), old=True),
]

_WORK = """
INSERT INTO reviews_workday AS w (reviewer_id, queue_id, day, {columns})
SELECT d.reviewer_id, s.queue_id, (d.created_at AT TIME ZONE COALESCE(NULLIF(m.time_zone, ''), t.time_zone))::date,
       {values}
  FROM {rows}
  JOIN reviews_slot s ON s.id = d.slot_id JOIN reviews_queue q ON q.id = s.queue_id
  JOIN accounts_team t ON t.id = q.team_id LEFT JOIN accounts_membership m ON m.user_id = d.reviewer_id
 GROUP BY 1, 2, 3 ORDER BY 1, 3, 2
    ON CONFLICT (reviewer_id, day, queue_id) DO UPDATE SET {changes};
"""


def _work(rows: str, **values: str) -> str:
    changes = ", ".join(f"{column} = w.{column} + excluded.{column}" for column in values)
    return _WORK.format(columns=", ".join(values), values=", ".join(values.values()), rows=rows, changes=changes)


COUNT_DECISIONS = [
    _after(
        "count_decisions",
        pgtrigger.Insert,
        _work(
            "new_rows d",
            decisions="count(*)",
            unjudged="count(*) FILTER (WHERE d.kind <> 'judged')",
            active_ms="sum(d.active_ms)",
        ),
        new=True,
    )
]
COUNT_VERDICTS = [
    _after(
        "count_verdicts",
        pgtrigger.Insert,
        _work(
            "new_rows v JOIN reviews_decision d ON d.id = v.decision_id",
            images="count(*)",
            approved="count(*) FILTER (WHERE v.approved)",
            rejected="count(*) FILTER (WHERE NOT v.approved)",
        ),
        new=True,
    )
]
COUNT_UNDONE = [
    _after(
        "count_undone",
        pgtrigger.Insert,
        _work(
            "new_rows r JOIN reviews_decision d ON d.id = r.decision_id LEFT JOIN LATERAL ("
            "SELECT count(*) AS images, count(*) FILTER (WHERE v.approved) AS approved FROM reviews_verdict v"
            " WHERE v.decision_id = d.id) said ON true",
            undone="count(*)",
            unjudged="-count(*) FILTER (WHERE d.kind <> 'judged')",
            images="-sum(said.images)",
            approved="-sum(said.approved)",
            rejected="-sum(said.images - said.approved)",
        ),
        new=True,
    )
]

_AGREED = """
INSERT INTO reviews_agreementday AS a (queue_id, day, votes, approvals, candidates)
SELECT i.queue_id, (o.created_at AT TIME ZONE t.time_zone)::date, o.votes, o.approvals, {sign}count(*)
  FROM {rows} o JOIN reviews_reviewitem i ON i.id = o.item_id JOIN reviews_queue q ON q.id = i.queue_id
  JOIN accounts_team t ON t.id = q.team_id
 WHERE o.votes > 1
 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (queue_id, day, votes, approvals) DO UPDATE SET candidates = a.candidates + excluded.candidates;
"""
COUNT_AGREEMENT = [
    _after("count_agreed", pgtrigger.Insert, _AGREED.format(rows="new_rows", sign=""), new=True),
    _after("count_reopened", pgtrigger.Delete, _AGREED.format(rows="old_rows", sign="-"), old=True),
]
