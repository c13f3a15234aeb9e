"""Writing many rows at once: keys in blocks, COPY without a check a row, and what triggers would have counted."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager

from django.db import connection, transaction

_COUNTS = (
    """
INSERT INTO reviews_queuetally (queue_id, state, slots, images)
SELECT queue_id, state, count(*), sum(images) FROM reviews_slot WHERE queue_id = ANY(%(queues)s) GROUP BY 1, 2
""",
    """
INSERT INTO reviews_arrivalday (queue_id, day, items, slots, images)
SELECT s.queue_id, (i.created_at AT TIME ZONE t.time_zone)::date, count(DISTINCT s.item_id), count(*), sum(s.images)
  FROM reviews_slot s JOIN reviews_reviewitem i ON i.id = s.item_id JOIN reviews_queue q ON q.id = s.queue_id
  JOIN accounts_team t ON t.id = q.team_id
 WHERE s.queue_id = ANY(%(queues)s) GROUP BY 1, 2
""",
    """
INSERT INTO reviews_workday (reviewer_id, queue_id, day, decisions, undone, unjudged, images, approved, rejected,
                             active_ms)
SELECT d.reviewer_id, s.queue_id, (d.created_at AT TIME ZONE COALESCE(NULLIF(m.time_zone, ''), t.time_zone))::date,
       count(*), count(r.id), count(*) FILTER (WHERE r.id IS NULL AND d.kind <> 'judged'),
       COALESCE(sum(v.images) FILTER (WHERE r.id IS NULL), 0), COALESCE(sum(v.approved) FILTER (WHERE r.id IS NULL), 0),
       COALESCE(sum(v.images - v.approved) FILTER (WHERE r.id IS NULL), 0), sum(d.active_ms)
  FROM reviews_decision d JOIN reviews_slot s ON s.id = d.slot_id JOIN reviews_queue q ON q.id = s.queue_id
  JOIN accounts_team t ON t.id = q.team_id LEFT JOIN accounts_membership m ON m.user_id = d.reviewer_id
  LEFT JOIN reviews_retraction r ON r.decision_id = d.id
  LEFT JOIN (SELECT decision_id, count(*) AS images, count(*) FILTER (WHERE approved) AS approved FROM reviews_verdict
              GROUP BY 1) v ON v.decision_id = d.id
 WHERE s.queue_id = ANY(%(queues)s) GROUP BY 1, 2, 3
""",
    """
INSERT INTO reviews_agreementday (queue_id, day, votes, approvals, candidates)
SELECT i.queue_id, (o.created_at AT TIME ZONE t.time_zone)::date, o.votes, o.approvals, count(*)
  FROM reviews_outcome o JOIN reviews_reviewitem i ON i.id = o.item_id JOIN reviews_queue q ON q.id = i.queue_id
  JOIN accounts_team t ON t.id = q.team_id
 WHERE o.votes > 1 AND i.queue_id = ANY(%(queues)s) GROUP BY 1, 2, 3, 4
""",
)


_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s) ORDER BY 1, 2
"""


def reserve(wanted: Mapping[str, int]) -> dict[str, int]:
    """Take as many keys of each table as are wanted; the first of each. What is not used is a gap."""
    first = {}
    with transaction.atomic(), connection.cursor() as cursor:
        for table, keys in sorted(wanted.items()):
            # Nobody else may take a key between the two.
            cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
            first[table] = int(cursor.fetchone()[0])
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, first[table] + keys])
    return first


@contextmanager
def unchecked(tables: Collection[str]) -> Iterator[None]:
    """One transaction in which no trigger of `tables` counts, and their foreign keys are checked once, at the end.

    Nobody else can use them meanwhile.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for setting in ("statement_timeout", "idle_in_transaction_session_timeout"):
            cursor.execute(f"SET LOCAL {setting} = 0")
        cursor.execute(_FOREIGN_KEYS, [list(tables)])
        keys = cursor.fetchall()
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table, name, _definition in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {connection.ops.quote_name(name)}")
        yield
        for table, name, definition in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {connection.ops.quote_name(name)} {definition}")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def copy_lines(table: str, columns: str, lines: Iterable[str]) -> None:
    """Write `lines` (text format, tabs between the values) into `table`."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        copy.write("".join(lines))


def count_all(queues: list[int]) -> None:
    """Fill in what is counted, of queues that were filled without triggers and had counts of nothing before."""
    with connection.cursor() as cursor:
        for statement in _COUNTS:
            cursor.execute(statement, {"queues": queues})


def analyze(tables: Iterable[str]) -> None:
    """What autovacuum does within a minute of a large batch."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")
