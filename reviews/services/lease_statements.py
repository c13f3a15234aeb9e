"""The statements by which a slot changes hands, run by leases. Each checks what it locks, and times are the database's.

Everybody locks in one order, so nobody waits in a circle: the reviewer's desk, slots, items, quota days by id. The
claim never waits for a slot (SKIP LOCKED).
"""

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
    AND (%(item)s::bigint IS NULL OR s.item_id = %(item)s::bigint)
"""

# What the reviewer put off comes by itself only when its time is over; asked for by name it comes at once.
_CLAIMABLE = f"""{_CLAIMABLE_BUT_PUT_OFF}
    AND NOT EXISTS (SELECT 1 FROM reviews_snooze z
                     WHERE z.item_id = s.item_id AND z.reviewer_id = mine.reviewer AND z.until > mine.now
                       AND %(item)s::bigint IS NULL)
"""  # noqa: S608 - made of constants

_MINE = """
mine AS MATERIALIZED (
    SELECT m.user_id AS reviewer, m.team_id AS team, clock.now, d.id AS day,
           COALESCE(r.daily_images, %(default_limit)s) AS daily,
           COALESCE(r.daily_images, %(default_limit)s) - COALESCE(d.used, 0) AS room
      FROM accounts_membership m
      JOIN accounts_team t ON t.id = m.team_id
     CROSS JOIN (SELECT clock_timestamp() AS now) clock
      LEFT JOIN reviews_reviewerquota r ON r.reviewer_id = m.user_id
      LEFT JOIN reviews_quotaday d
             ON d.reviewer_id = m.user_id AND d.day = (clock.now AT TIME ZONE t.time_zone)::date
     WHERE m.user_id = %(reviewer)s)
"""

# `peek` finds the queue whose first fitting slot comes first, and locks nothing. `picked` locks that slot, or the next
# one there if others are at it. Both walk slot_claimable in its own order and stop at the first row (LATERAL, LIMIT).
# The quota days it touches (mine is charged; the day an expired lease was charged to
# is credited) are locked in order, and only what the locked, newest rows say decides (`ruling`).
GRANT = f"""
WITH {_MINE},
peek AS MATERIALIZED (
    SELECT q.id AS queue, w.priority, w.id FROM mine
      JOIN reviews_queue q ON q.team_id = mine.team AND (NOT q.is_paused OR %(item)s::bigint IS NOT NULL)
     CROSS JOIN LATERAL (SELECT s.priority, s.id FROM reviews_slot s
                          WHERE s.queue_id = q.id AND s.images <= mine.room AND {_CLAIMABLE}
                          ORDER BY s.priority DESC, s.id LIMIT 1) w
     WHERE mine.room > 0
     ORDER BY w.priority DESC, w.id LIMIT 1),
picked AS (
    SELECT w.id, w.images, w.credited FROM peek CROSS JOIN mine
     CROSS JOIN LATERAL (SELECT s.id, s.images, s.quota_day_id AS credited FROM reviews_slot s
                          WHERE s.queue_id = peek.queue AND (s.priority, -s.id) <= (peek.priority, -peek.id)
                            AND s.images <= mine.room AND {_CLAIMABLE}
                          ORDER BY s.priority DESC, s.id LIMIT 1
                            FOR NO KEY UPDATE OF s SKIP LOCKED) w
     WHERE mine.day IS NOT NULL),
changes AS (
    SELECT day, sum(images) AS images
      FROM (SELECT mine.day, picked.images FROM mine, picked
             UNION ALL
            SELECT picked.credited, -picked.images FROM picked WHERE picked.credited IS NOT NULL) each
     GROUP BY day),
locked AS (
    SELECT d.id, d.used FROM reviews_quotaday d JOIN changes ON changes.day = d.id
     ORDER BY d.id FOR NO KEY UPDATE OF d),
ruling AS (
    SELECT COALESCE(bool_and(locked.id <> mine.day OR locked.used + changes.images <= mine.daily), false) AS fits
      FROM mine, locked JOIN changes ON changes.day = locked.id),
settled AS (
    UPDATE reviews_quotaday d SET used = d.used + changes.images
      FROM changes, ruling WHERE d.id = changes.day AND ruling.fits),
leased AS (
    UPDATE reviews_slot s
       SET state = 'leased', reviewer_id = mine.reviewer, lease_token = gen_random_uuid(), is_soft = %(soft)s,
           seen_at = CASE WHEN %(seen)s THEN COALESCE(%(seen_at)s::timestamptz, clock_timestamp()) END,
           quota_day_id = mine.day, lease_until = clock_timestamp()
             + make_interval(secs => CASE WHEN %(soft)s THEN q.soft_lease_seconds ELSE q.lease_seconds END)
      FROM picked, mine, ruling, reviews_queue q
     WHERE s.id = picked.id AND q.id = s.queue_id AND ruling.fits
 RETURNING s.id)
SELECT mine.day, (SELECT queue FROM peek), (SELECT id FROM leased) FROM mine
"""  # noqa: S608 - made of constants

OPEN_DAY = """
INSERT INTO reviews_quotaday (reviewer_id, day)
SELECT m.user_id, (clock_timestamp() AT TIME ZONE t.time_zone)::date
  FROM accounts_membership m JOIN accounts_team t ON t.id = m.team_id WHERE m.user_id = %(reviewer)s
    ON CONFLICT DO NOTHING
"""

WAITS = f"""
WITH {_MINE}
SELECT q.is_paused FROM mine JOIN reviews_queue q ON q.team_id = mine.team
 WHERE EXISTS (SELECT 1 FROM reviews_slot s WHERE s.queue_id = q.id AND {_CLAIMABLE})
 ORDER BY q.is_paused LIMIT 1
"""  # noqa: S608 - made of constants

SNOOZED = f"""
WITH {_MINE}
SELECT min(until) FROM (
    SELECT max(z.until) AS until FROM mine
      JOIN reviews_snooze z ON z.reviewer_id = mine.reviewer AND z.until > mine.now
     WHERE EXISTS (SELECT 1 FROM reviews_slot s JOIN reviews_queue q ON q.id = s.queue_id
                    WHERE s.item_id = z.item_id AND q.team_id = mine.team AND NOT q.is_paused
                      AND {_CLAIMABLE_BUT_PUT_OFF})
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
