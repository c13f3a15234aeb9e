"""The statements by which a slot changes hands, run by leases. Each checks what it locks, and times are the database's.

Everybody locks in one order, so nobody waits in a circle: the reviewer's desk, shared quotas by id, slots, items, what
is counted, quota days by id. The claim never waits for a slot (SKIP LOCKED).
"""

from reviews.services.budget_statements import BUDGETS, CAPS, JUDGES, MINE, ROOMS

_HELD = (
    "state = 'leased' AND reviewer_id = %(reviewer)s AND lease_token = %(token)s AND lease_until > clock_timestamp()"
)

# What `mine.reviewer` may be given. The first line is the partial index slot_claimable, word for word.
_CLAIMABLE_BUT_PUT_OFF = """
    s.state IN ('ready', 'leased')
    AND (s.state = 'ready' OR s.lease_until <= mine.now)
    AND NOT EXISTS (SELECT 1 FROM reviews_slot o WHERE o.item_id = s.item_id AND o.reviewer_id = mine.reviewer)
    AND NOT EXISTS (SELECT 1 FROM reviews_skip k WHERE k.item_id = s.item_id AND k.reviewer_id = mine.reviewer)
    AND NOT EXISTS (SELECT 1 FROM reviews_decision j JOIN reviews_slot o ON o.id = j.slot_id
                     WHERE o.item_id = s.item_id AND o.id <> s.id AND j.reviewer_id = mine.reviewer)
    AND NOT (s.fresh_eyes AND EXISTS (SELECT 1 FROM reviews_slot o
                                       WHERE o.family_id = s.family_id AND o.item_id <> s.item_id
                                         AND o.reviewer_id = mine.reviewer))
    AND (%(item)s::bigint IS NULL OR s.item_id = %(item)s::bigint)
"""

# What the reviewer put off comes by itself only when its time is over; asked for by name it comes at once.
_CLAIMABLE = f"""{_CLAIMABLE_BUT_PUT_OFF}
    AND NOT EXISTS (SELECT 1 FROM reviews_snooze z
                     WHERE z.item_id = s.item_id AND z.reviewer_id = mine.reviewer AND z.until > mine.now
                       AND %(item)s::bigint IS NULL)
"""  # noqa: S608 - made of constants

# `peek` finds the queue whose first fitting slot comes first, and locks nothing. `picked` locks that slot, or the next
# one there if others are at it. Both walk slot_claimable in its own order and stop at the first row (LATERAL, LIMIT).
# The quota days it touches (mine is charged; the day an expired lease was charged to is credited) are locked in order.
# What is left was read after the desk and every shared quota were locked (LOCK_DESK): until the end of the transaction
# nobody else can use it up.
GRANT = f"""
WITH {MINE}, {CAPS}, {BUDGETS}, {ROOMS},
peek AS MATERIALIZED (
    SELECT rooms.queue, rooms.room, w.turn_at, w.id FROM mine
      JOIN rooms ON rooms.reviewer = mine.reviewer AND rooms.room > 0
     CROSS JOIN LATERAL (SELECT s.turn_at, s.id FROM reviews_slot s
                          WHERE s.queue_id = rooms.queue AND s.images <= rooms.room AND {_CLAIMABLE}
                          ORDER BY s.turn_at, s.id LIMIT 1) w
     ORDER BY w.turn_at, w.id LIMIT 1),
today AS MATERIALIZED (
    SELECT d.id FROM peek CROSS JOIN mine
      JOIN reviews_quotaday d ON d.reviewer_id = mine.reviewer AND d.day = mine.today AND d.queue_id = peek.queue),
picked AS (
    SELECT w.id, w.images, w.credited, today.id AS day FROM peek CROSS JOIN mine CROSS JOIN today
     CROSS JOIN LATERAL (SELECT s.id, s.images, s.quota_day_id AS credited FROM reviews_slot s
                          WHERE s.queue_id = peek.queue AND (s.turn_at, s.id) >= (peek.turn_at, peek.id)
                            AND s.images <= peek.room AND {_CLAIMABLE}
                          ORDER BY s.turn_at, s.id LIMIT 1
                            FOR NO KEY UPDATE OF s SKIP LOCKED) w),
changes AS (
    SELECT day, sum(images) AS images
      FROM (SELECT day, images FROM picked
             UNION ALL
            SELECT credited, -images FROM picked WHERE credited IS NOT NULL) each
     GROUP BY day),
locked AS (
    SELECT d.id FROM reviews_quotaday d JOIN changes ON changes.day = d.id
     ORDER BY d.id FOR NO KEY UPDATE OF d),
all_locked AS (SELECT count(*) AS days FROM locked),
settled AS (
    UPDATE reviews_quotaday d SET used = d.used + changes.images
      FROM changes, all_locked WHERE d.id = changes.day AND all_locked.days > 0),
leased AS (
    UPDATE reviews_slot s
       SET state = 'leased', reviewer_id = mine.reviewer, lease_token = gen_random_uuid(), is_soft = %(soft)s,
           seen_at = CASE WHEN %(seen)s THEN COALESCE(%(seen_at)s::timestamptz, clock_timestamp()) END,
           quota_day_id = picked.day, lease_until = clock_timestamp()
             + make_interval(secs => CASE WHEN %(soft)s THEN q.soft_lease_seconds ELSE q.lease_seconds END)
      FROM picked, mine, reviews_queue q
     WHERE s.id = picked.id AND q.id = s.queue_id
 RETURNING s.id)
SELECT (SELECT id FROM today), (SELECT queue FROM peek), (SELECT id FROM leased) FROM mine
"""  # noqa: S608 - made of constants

OPEN_DAY = f"""
WITH {MINE}
INSERT INTO reviews_quotaday (reviewer_id, queue_id, day)
SELECT mine.reviewer, %(queue)s, mine.today FROM mine ON CONFLICT DO NOTHING
"""  # noqa: S608 - made of constants

WAITS = f"""
WITH {MINE}
SELECT q.is_paused OR mine.is_paused, mine.is_paused FROM mine JOIN reviews_queue q ON q.team_id = mine.team
 WHERE (%(item)s::bigint IS NOT NULL OR {JUDGES})
   AND EXISTS (SELECT 1 FROM reviews_slot s WHERE s.queue_id = q.id AND {_CLAIMABLE})
 ORDER BY 1 LIMIT 1
"""  # noqa: S608 - made of constants

SNOOZED = f"""
WITH {MINE}
SELECT min(until) FROM (
    SELECT max(z.until) AS until FROM mine
      JOIN reviews_snooze z ON z.reviewer_id = mine.reviewer AND z.until > mine.now
     WHERE EXISTS (SELECT 1 FROM reviews_slot s JOIN reviews_queue q ON q.id = s.queue_id
                    WHERE s.item_id = z.item_id AND q.team_id = mine.team AND NOT q.is_paused AND NOT mine.is_paused
                      AND {JUDGES} AND {_CLAIMABLE_BUT_PUT_OFF})
     GROUP BY z.item_id) each
"""  # noqa: S608 - made of constants

_FREE = """
WITH old AS (
    SELECT id, images, quota_day_id FROM reviews_slot WHERE <which> ORDER BY id FOR NO KEY UPDATE <wait>),
freed AS (
    UPDATE reviews_slot s
       SET state = '<state>', reviewer_id = NULL, lease_token = <token>, lease_until = NULL, is_soft = false,
           seen_at = NULL, quota_day_id = NULL, attempt = s.attempt + %(step)s
      FROM old WHERE s.id = old.id RETURNING s.item_id),
credits AS (SELECT quota_day_id AS day, sum(images) AS images FROM old GROUP BY quota_day_id),
locked AS (
    SELECT d.id FROM reviews_quotaday d JOIN credits ON credits.day = d.id ORDER BY d.id FOR NO KEY UPDATE OF d),
all_locked AS (SELECT count(*) AS days FROM locked),
credited AS (
    UPDATE reviews_quotaday d SET used = d.used - credits.images
      FROM credits, all_locked WHERE d.id = credits.day AND all_locked.days > 0)
SELECT item_id FROM freed
"""


def _give_up(which: str, *, wait: str = "", state: str = "ready", keep_token: bool = False) -> str:
    kept = "s.lease_token" if keep_token else "NULL"
    parts = {"<which>": which, "<wait>": wait, "<state>": state, "<token>": kept}
    statement = _FREE
    for place, part in parts.items():
        statement = statement.replace(place, part)
    return statement


FREE_HELD = _give_up(_HELD)
FREE_SLOT = _give_up("id = %(slot)s")
# An expired lease that somebody is taking over this very moment is theirs to settle.
FREE_EXPIRED = _give_up(
    "state = 'leased' AND reviewer_id = %(reviewer)s AND lease_until <= clock_timestamp()", wait="SKIP LOCKED"
)
FREE_MINE = _give_up("state = 'leased' AND reviewer_id = %(reviewer)s")
FREE_EXPIRED_OF_TEAM = _give_up(
    "state = 'leased' AND lease_until <= clock_timestamp()"
    " AND queue_id IN (SELECT id FROM reviews_queue WHERE team_id = %(team)s)",
    wait="SKIP LOCKED",
)
FREE_EXPIRED_OF_ITEM = _give_up("item_id = %(item)s AND state = 'leased' AND lease_until <= clock_timestamp()")
# What is closed keeps the token of the lease that ended with it: see Slot.
CLOSE_SLOT = _give_up("id = %(slot)s", state="closed")
CLOSE_ITEM = _give_up("item_id = %(item)s AND state IN ('ready', 'leased')", state="closed", keep_token=True)

LOCK_SIBLINGS = f"""
SELECT id FROM reviews_slot WHERE item_id = (SELECT item_id FROM reviews_slot WHERE {_HELD})
 ORDER BY id FOR NO KEY UPDATE
"""  # noqa: S608 - made of constants

REOPEN_ITEM = """
UPDATE reviews_slot SET state = 'ready', lease_token = NULL WHERE item_id = %(item)s AND state = 'closed' RETURNING id
"""

HARDEN = f"""
UPDATE reviews_slot s SET is_soft = false, seen_at = COALESCE(s.seen_at, clock_timestamp()),
       lease_until = clock_timestamp() + make_interval(secs => q.lease_seconds)
  FROM reviews_queue q WHERE q.id = s.queue_id AND {_HELD}
RETURNING s.id
"""  # noqa: S608 - made of constants

EXTEND = f"""
UPDATE reviews_slot s
   SET lease_until = GREATEST(s.lease_until, clock_timestamp()
         + make_interval(secs => CASE WHEN s.is_soft THEN q.soft_lease_seconds ELSE q.lease_seconds END))
  FROM reviews_queue q WHERE q.id = s.queue_id AND {_HELD}
RETURNING s.id
"""  # noqa: S608 - made of constants

# What the reviewer has seen and set aside lives as long as they are at their desk.
EXTEND_ASIDE = """
WITH aside AS (
    SELECT s.id, q.lease_seconds FROM reviews_slot s JOIN reviews_queue q ON q.id = s.queue_id
     WHERE s.state = 'leased' AND s.reviewer_id = %(reviewer)s AND s.lease_until > clock_timestamp()
       AND s.is_soft AND s.seen_at IS NOT NULL
     ORDER BY s.id FOR NO KEY UPDATE OF s)
UPDATE reviews_slot s
   SET lease_until = GREATEST(s.lease_until, clock_timestamp() + make_interval(secs => aside.lease_seconds))
  FROM aside WHERE s.id = aside.id RETURNING s.id
"""

SETTLE = f"""
UPDATE reviews_slot SET state = 'decided', lease_token = NULL, lease_until = NULL, is_soft = false,
       seen_at = COALESCE(seen_at, clock_timestamp())
 WHERE {_HELD} RETURNING id
"""  # noqa: S608 - made of constants
