"""The counts that triggers write: merged so that they stay few, and held against the rows they count."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

# In one statement: whoever reads sees all of the old rows or the one new one, and a rollback brings the old ones back.
# A row that somebody writes meanwhile is not seen here, and stays for the next time.
_MERGE = """
WITH several AS (
    SELECT queue_id, state FROM reviews_queuetally GROUP BY queue_id, state HAVING count(*) > 1),
taken AS (
    DELETE FROM reviews_queuetally
     WHERE id IN (SELECT t.id FROM reviews_queuetally t JOIN several USING (queue_id, state)
                   ORDER BY t.id LIMIT %(most)s FOR UPDATE OF t SKIP LOCKED)
 RETURNING queue_id, state, slots, images),
merged AS (
    INSERT INTO reviews_queuetally (queue_id, state, slots, images)
    SELECT queue_id, state, sum(slots), sum(images) FROM taken
     GROUP BY queue_id, state HAVING sum(slots) <> 0 OR sum(images) <> 0)
SELECT count(*) FROM taken
"""

_DIFFERENCES = {
    "slots in a queue": """
        SELECT COALESCE(t.queue_id, s.queue_id), COALESCE(t.state, s.state),
               COALESCE(t.images, 0), COALESCE(s.images, 0)
          FROM (SELECT queue_id, state, sum(slots) AS slots, sum(images) AS images
                  FROM reviews_queuetally GROUP BY 1, 2) t
          FULL JOIN (SELECT queue_id, state, count(*) AS slots, sum(images) AS images
                       FROM reviews_slot GROUP BY 1, 2) s USING (queue_id, state)
         WHERE (COALESCE(t.slots, 0), COALESCE(t.images, 0)) <> (COALESCE(s.slots, 0), COALESCE(s.images, 0))""",
    "images used of a quota day": """
        SELECT d.reviewer_id, d.day::text, d.used, COALESCE(sum(s.images), 0)
          FROM reviews_quotaday d LEFT JOIN reviews_slot s ON s.quota_day_id = d.id
         GROUP BY d.id HAVING d.used <> COALESCE(sum(s.images), 0)""",
    "images judged by a reviewer": """
        SELECT COALESCE(w.reviewer_id, v.reviewer_id), 'images', COALESCE(w.images, 0), COALESCE(v.images, 0)
          FROM (SELECT reviewer_id, sum(images) AS images FROM reviews_workday GROUP BY 1) w
          FULL JOIN (SELECT d.reviewer_id, count(*) AS images
                       FROM reviews_verdict v JOIN reviews_decision d ON d.id = v.decision_id
                       LEFT JOIN reviews_retraction r ON r.decision_id = d.id WHERE r.id IS NULL GROUP BY 1) v
               USING (reviewer_id)
         WHERE COALESCE(w.images, 0) <> COALESCE(v.images, 0)""",
    "decisions of a reviewer": """
        SELECT COALESCE(w.reviewer_id, d.reviewer_id), 'decisions', COALESCE(w.decisions, 0), COALESCE(d.decisions, 0)
          FROM (SELECT reviewer_id, sum(decisions) AS decisions FROM reviews_workday GROUP BY 1) w
          FULL JOIN (SELECT reviewer_id, count(*) AS decisions FROM reviews_decision GROUP BY 1) d USING (reviewer_id)
         WHERE COALESCE(w.decisions, 0) <> COALESCE(d.decisions, 0)""",
    "candidates on which reviewers agreed": """
        SELECT COALESCE(a.queue_id, o.queue_id), COALESCE(a.approvals, o.approvals) || ' of ' ||
               COALESCE(a.votes, o.votes), COALESCE(a.candidates, 0), COALESCE(o.candidates, 0)
          FROM (SELECT queue_id, votes, approvals, sum(candidates) AS candidates
                  FROM reviews_agreementday GROUP BY 1, 2, 3) a
          FULL JOIN (SELECT i.queue_id, o.votes, o.approvals, count(*) AS candidates
                       FROM reviews_outcome o JOIN reviews_reviewitem i ON i.id = o.item_id
                      WHERE o.votes > 1 GROUP BY 1, 2, 3) o USING (queue_id, votes, approvals)
         WHERE COALESCE(a.candidates, 0) <> COALESCE(o.candidates, 0)""",
}


@dataclass(frozen=True)
class Difference:
    """What was counted, of which queue or reviewer (primary key) and what of it; the count, and what there is."""

    what: str
    whose: int
    of: str
    counted: int
    found: int


def merge_tallies(most: int = 100_000) -> int:
    """Make one row of each queue's many, in each state; how many were taken. Safe beside everything that claims."""
    with connection.cursor() as cursor:
        cursor.execute(_MERGE, {"most": most})
        return int(cursor.fetchone()[0])


def check_counts() -> Sequence[Difference]:
    """Where a count differs from the rows: nowhere, unless somebody wrote to the tables past the triggers.

    It reads whole tables: for a quiet hour. Ask inside one transaction of the level REPEATABLE READ, or while nobody
    works, or what is decided meanwhile looks like a difference.
    """
    with connection.cursor() as cursor:
        found = []
        for what, statement in _DIFFERENCES.items():
            cursor.execute(statement)
            found += [
                Difference(what, whose, of, int(counted), int(there)) for whose, of, counted, there in cursor.fetchall()
            ]
    return found
