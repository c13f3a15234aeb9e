"""The statements by which counts are merged, compared with the rows they count, and put right, run by counts.

Each is one statement, so it sees one moment: what people do meanwhile is in both of the numbers it compares or in
neither. What is put right is put right by the difference, so nothing that happens at the same time is lost.
"""

from dataclasses import dataclass

# Only where there is something to merge. Another merge at the same time takes what this one has not locked.
MERGE = """
WITH many AS (SELECT queue_id, state FROM reviews_queuetally GROUP BY queue_id, state HAVING count(*) > 1),
taken AS (
    DELETE FROM reviews_queuetally
     WHERE id IN (SELECT t.id FROM reviews_queuetally t JOIN many USING (queue_id, state)
                   ORDER BY t.id LIMIT %(limit)s FOR UPDATE OF t SKIP LOCKED)
 RETURNING queue_id, state, slots, images),
merged AS (
    INSERT INTO reviews_queuetally (queue_id, state, slots, images)
    SELECT queue_id, state, sum(slots), sum(images) FROM taken
     GROUP BY queue_id, state HAVING sum(slots) <> 0 OR sum(images) <> 0)
SELECT count(*) FROM taken
"""


@dataclass(frozen=True)
class Count:
    """A table of counts: `rows` counts anew by `keys`, and `owners` are those keys by which the sums must agree.

    Days are not among them: whoever has moved to another time zone keeps their days as they were counted.
    """

    table: str
    owners: tuple[str, ...]
    day: tuple[str, ...]
    columns: tuple[str, ...]
    rows: str
    is_summed: bool = False
    """Whether the count is the sum of several rows; else there is one row for the keys."""

    @property
    def keys(self) -> tuple[str, ...]:
        return self.owners + self.day

    def compare(self) -> str:
        """One row for each owner whose sums differ: the owner, then what is counted, then what there is."""
        counted = ", ".join(f"counted_{column}" for column in self.columns)
        found = ", ".join(f"found_{column}" for column in self.columns)
        return f"""WITH {self._off()} SELECT {", ".join(self.owners)}, {counted}, {found} FROM off
                    ORDER BY {", ".join(self.owners)}"""  # noqa: S608 - made of constants

    def repair(self) -> str:
        """Adds what is missing, day by day, to the counts of the owners whose sums differ; answers as `compare`."""
        keys, columns = ", ".join(self.keys), ", ".join(self.columns)
        lacking = ", ".join(f"each.found_{column} - each.counted_{column} AS {column}" for column in self.columns)
        wrong = " OR ".join(f"each.found_{column} <> each.counted_{column}" for column in self.columns)
        added = ", ".join(f"{column} = t.{column} + lacking.{column}" for column in self.columns)
        excluded = ", ".join(f"{column} = t.{column} + excluded.{column}" for column in self.columns)
        same = " AND ".join(f"t.{key} = lacking.{key}" for key in self.keys)
        # Where rows are summed one more puts it right.
        update, conflict, is_new = "", "", ""
        if not self.is_summed:
            is_new = "WHERE NOT is_there"
            update = f"""changed AS (
                UPDATE {self.table} t SET {added} FROM lacking WHERE lacking.is_there AND {same}),"""  # noqa: S608 - made of constants
            conflict = f"ON CONFLICT ({keys}) DO UPDATE SET {excluded}"
        counted = ", ".join(f"counted_{column}" for column in self.columns)
        found = ", ".join(f"found_{column}" for column in self.columns)
        return f"""
            WITH {self._off()},
            lacking AS (SELECT {", ".join(f"each.{key}" for key in self.keys)}, each.is_there, {lacking}
                          FROM each JOIN off USING ({", ".join(self.owners)}) WHERE {wrong}),
            {update}
            made AS (INSERT INTO {self.table} AS t ({keys}, {columns})
                     SELECT {keys}, {columns} FROM lacking {is_new} {conflict})
            SELECT {", ".join(self.owners)}, {counted}, {found} FROM off
             ORDER BY {", ".join(self.owners)}"""  # noqa: S608 - made of constants

    def _off(self) -> str:
        keys, owners = ", ".join(self.keys), ", ".join(self.owners)
        both = ", ".join(
            f"COALESCE(t.{column}, 0) AS counted_{column}, COALESCE(r.{column}, 0) AS found_{column}"
            for column in self.columns
        )
        sums = ", ".join(
            f"sum(counted_{column})::bigint AS counted_{column}, sum(found_{column})::bigint AS found_{column}"
            for column in self.columns
        )
        differ = " OR ".join(f"sum(counted_{column}) <> sum(found_{column})" for column in self.columns)
        said = ", ".join(f"sum({column})::bigint AS {column}" for column in self.columns)
        return f"""
            each AS MATERIALIZED (
                SELECT {keys}, t.here IS NOT NULL AS is_there, {both}
                  FROM (SELECT {keys}, true AS here, {said} FROM {self.table} GROUP BY {keys}) t
                  FULL JOIN ({self.rows}) r USING ({keys})),
            off AS MATERIALIZED (SELECT {owners}, {sums} FROM each GROUP BY {owners} HAVING {differ})
        """  # noqa: S608 - made of constants


_DAY_OF_TEAM = "({at} AT TIME ZONE t.time_zone)::date"
_WORK_DAY = "(d.created_at AT TIME ZONE COALESCE(NULLIF(m.time_zone, ''), t.time_zone))::date"

TALLIES = Count(
    "reviews_queuetally", ("queue_id", "state"), (), ("slots", "images"),
    "SELECT queue_id, state, count(*) AS slots, sum(images) AS images FROM reviews_slot GROUP BY 1, 2",
    is_summed=True,
)  # fmt: skip
ARRIVALS = Count(
    "reviews_arrivalday", ("queue_id",), ("day",), ("items", "slots", "images"),
    f"""SELECT s.queue_id, {_DAY_OF_TEAM.format(at="i.created_at")} AS day, count(DISTINCT s.item_id) AS items,
               count(*) AS slots, sum(s.images) AS images
          FROM reviews_slot s JOIN reviews_reviewitem i ON i.id = s.item_id
          JOIN reviews_queue q ON q.id = s.queue_id JOIN accounts_team t ON t.id = q.team_id GROUP BY 1, 2""",  # noqa: S608 - made of constants
)  # fmt: skip
WORK = Count(
    "reviews_workday", ("reviewer_id", "queue_id"), ("day",),
    ("decisions", "undone", "unjudged", "images", "approved", "rejected", "active_ms"),
    f"""SELECT d.reviewer_id, s.queue_id, {_WORK_DAY} AS day, count(*) AS decisions, count(r.id) AS undone,
               count(*) FILTER (WHERE r.id IS NULL AND d.kind <> 'judged') AS unjudged,
               COALESCE(sum(said.images) FILTER (WHERE r.id IS NULL), 0) AS images,
               COALESCE(sum(said.approved) FILTER (WHERE r.id IS NULL), 0) AS approved,
               COALESCE(sum(said.images - said.approved) FILTER (WHERE r.id IS NULL), 0) AS rejected,
               sum(d.active_ms) AS active_ms
          FROM reviews_decision d JOIN reviews_slot s ON s.id = d.slot_id JOIN reviews_queue q ON q.id = s.queue_id
          JOIN accounts_team t ON t.id = q.team_id LEFT JOIN accounts_membership m ON m.user_id = d.reviewer_id
          LEFT JOIN reviews_retraction r ON r.decision_id = d.id
         CROSS JOIN LATERAL (SELECT count(*) AS images, count(*) FILTER (WHERE v.approved) AS approved
                               FROM reviews_verdict v WHERE v.decision_id = d.id) said
         GROUP BY 1, 2, 3""",  # noqa: S608 - made of constants
)  # fmt: skip
AGREEMENT = Count(
    "reviews_agreementday", ("queue_id", "votes", "approvals"), ("day",), ("candidates",),
    f"""SELECT i.queue_id, o.votes, o.approvals, {_DAY_OF_TEAM.format(at="o.created_at")} AS day,
               count(*) AS candidates
          FROM reviews_outcome o JOIN reviews_reviewitem i ON i.id = o.item_id
          JOIN reviews_queue q ON q.id = i.queue_id JOIN accounts_team t ON t.id = q.team_id
         WHERE o.votes > 1 GROUP BY 1, 2, 3, 4""",  # noqa: S608 - made of constants
)  # fmt: skip
USED = Count(
    "reviews_quotaday", ("reviewer_id", "queue_id", "day"), (), ("used",),
    """SELECT d.reviewer_id, d.queue_id, d.day, sum(s.images) AS used
         FROM reviews_slot s JOIN reviews_quotaday d ON d.id = s.quota_day_id GROUP BY 1, 2, 3""",
)  # fmt: skip
COUNTS = (TALLIES, ARRIVALS, WORK, AGREEMENT, USED)
