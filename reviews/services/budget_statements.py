"""What a reviewer may still judge, as parts of statements: who they are (MINE), what limits them (CAPS) and what of it
is left (BUDGETS), in each queue (ROOMS). Claiming and looking use the same ones, so a page never shows another number
than the one that counts.

MINE may hold several reviewers; everything after it goes by `mine.reviewer`.
"""

MINE = """
mine AS MATERIALIZED (
    SELECT m.user_id AS reviewer, m.team_id AS team, z.zone, clock.now, (clock.now AT TIME ZONE z.zone)::date AS today,
           EXISTS (SELECT 1 FROM reviews_pause p WHERE p.team_id = m.team_id AND p.ended_at IS NULL
                      AND (p.reviewer_id IS NULL OR p.reviewer_id = m.user_id)) AS is_paused,
           u.is_active
      FROM accounts_membership m
      JOIN accounts_user u ON u.id = m.user_id
      JOIN accounts_team t ON t.id = m.team_id
     CROSS JOIN LATERAL (SELECT COALESCE(NULLIF(m.time_zone, ''), t.time_zone) AS zone) z
     CROSS JOIN (SELECT clock_timestamp() AS now) clock
     WHERE m.user_id = ANY(%(reviewers)s))
"""


def _concerns(quota: str) -> str:
    return f"""{quota}.team_id = mine.team
       AND ({quota}.reviewer_id IS NULL OR {quota}.reviewer_id = mine.reviewer)
       AND ({quota}.group_id IS NULL OR EXISTS (SELECT 1 FROM reviews_groupmember g
                                                 WHERE g.group_id = {quota}.group_id AND g.reviewer_id = mine.reviewer))
    """  # noqa: S608 - made of constants


def _closeness(quota: str) -> str:
    return f"(CASE WHEN {quota}.reviewer_id IS NOT NULL THEN 2 WHEN {quota}.group_id IS NOT NULL THEN 1 ELSE 0 END)"


# Caps of a person's own come before those of a group, and these before everybody's; a shared one always counts.
# Where nothing limits the images of a whole day the default does.
CAPS = f"""
chosen AS MATERIALIZED (
    SELECT mine.reviewer, mine.team, mine.today, c.id AS quota, c.group_id, c.queue_id, c.variant, c.period, c.unit,
           c.is_shared, c.cap, c.carries_over, (c.created_at AT TIME ZONE mine.zone)::date AS set_on
      FROM mine JOIN reviews_quota c ON c.cap IS NOT NULL AND {_concerns("c")}
     WHERE c.is_shared OR NOT EXISTS (
               SELECT 1 FROM reviews_quota b
                WHERE b.cap IS NOT NULL AND NOT b.is_shared AND b.period = c.period AND b.unit = c.unit
                  AND b.variant = c.variant AND b.queue_id IS NOT DISTINCT FROM c.queue_id
                  AND {_closeness("b")} > {_closeness("c")} AND {_concerns("b")})),
caps AS MATERIALIZED (
    SELECT c.*, p.since, p.since - p.length AS before, p.since + p.length AS until
      FROM (SELECT * FROM chosen
             UNION ALL
            SELECT mine.reviewer, mine.team, mine.today, NULL, NULL, NULL, '', 'day', 'images', false,
                   %(default_limit)s, false, mine.today
              FROM mine
             WHERE NOT EXISTS (SELECT 1 FROM chosen c
                                WHERE c.reviewer = mine.reviewer AND c.period = 'day' AND c.unit = 'images'
                                  AND c.queue_id IS NULL AND c.variant = '' AND NOT c.is_shared)) c
     CROSS JOIN LATERAL (SELECT CASE c.period WHEN 'week' THEN date_trunc('week', c.today)::date ELSE c.today END,
                                CASE c.period WHEN 'week' THEN 7 ELSE 1 END) p (since, length))
"""  # noqa: S608 - made of constants


def _spent(first: str, until: str) -> str:
    """What was used from the day `first` to before `until`: images of the quota days, minutes of the work days."""

    def total(value: str, table: str, whose: str) -> str:
        return f"""(SELECT COALESCE(sum({value}), 0) FROM reviews_{table} d JOIN reviews_queue q ON q.id = d.queue_id
                     WHERE d.day >= {first} AND d.day < {until} AND {whose}
                       AND (caps.queue_id IS NULL OR d.queue_id = caps.queue_id)
                       AND (caps.variant = '' OR q.variant = caps.variant))"""  # noqa: S608 - made of constants

    mine = "d.reviewer_id = caps.reviewer"
    ours = """q.team_id = caps.team AND (caps.group_id IS NULL OR d.reviewer_id IN (
                SELECT g.reviewer_id FROM reviews_groupmember g WHERE g.group_id = caps.group_id))"""
    return f"""CASE WHEN caps.unit = 'images' AND caps.is_shared THEN {total("d.used", "quotaday", ours)}
                    WHEN caps.unit = 'images' THEN {total("d.used", "quotaday", mine)}
                    WHEN caps.is_shared THEN {total("d.active_ms", "workday", ours)} / 60000
                    ELSE {total("d.active_ms", "workday", mine)} / 60000 END"""


BUDGETS = f"""
budgets AS MATERIALIZED (
    SELECT each.*, each.allowed - each.used AS room
      FROM (SELECT caps.*, caps.cap + CASE WHEN caps.carries_over AND caps.set_on < caps.since
                                           THEN GREATEST(caps.cap - {_spent("caps.before", "caps.since")}, 0)
                                           ELSE 0 END AS allowed,
                   {_spent("caps.since", "caps.until")} AS used
              FROM caps) each)
"""  # noqa: S608 - made of constants

# As with caps: a person's own target comes before their group's, and that before everybody's. A day off has none.
TARGETS = """
targets AS (
    SELECT DISTINCT ON (mine.reviewer, t.period, t.unit) mine.reviewer, t.period, t.unit, t.target
      FROM mine
      JOIN reviews_quota t ON t.team_id = mine.team AND t.target IS NOT NULL AND NOT t.is_shared
       AND t.queue_id IS NULL AND t.variant = '' AND (t.reviewer_id IS NULL OR t.reviewer_id = mine.reviewer)
       AND (t.group_id IS NULL OR EXISTS (SELECT 1 FROM reviews_groupmember g
                                           WHERE g.group_id = t.group_id AND g.reviewer_id = mine.reviewer))
     WHERE t.period <> 'day' OR NOT EXISTS (
               SELECT 1 FROM reviews_holiday h
                WHERE h.team_id = mine.team AND h.day = mine.today
                  AND (h.reviewer_id IS NULL OR h.reviewer_id = mine.reviewer))
     ORDER BY mine.reviewer, t.period, t.unit, t.reviewer_id NULLS LAST, t.group_id NULLS LAST)
"""


def _hears(queue: str) -> str:
    return f"""(NOT EXISTS (SELECT 1 FROM reviews_queueaudience a WHERE a.queue_id = {queue}.id)
         OR EXISTS (SELECT 1 FROM reviews_queueaudience a
                     WHERE a.queue_id = {queue}.id
                       AND (a.reviewer_id = mine.reviewer
                            OR EXISTS (SELECT 1 FROM reviews_groupmember g
                                        WHERE g.group_id = a.group_id AND g.reviewer_id = mine.reviewer)
                            OR EXISTS (SELECT 1 FROM reviews_reviewerskill k
                                        WHERE k.skill_id = a.skill_id AND k.reviewer_id = mine.reviewer
                                          AND k.level >= a.min_level))))"""  # noqa: S608 - made of constants


def _mixed_into(queue: str = "r.id") -> str:
    return f"""SELECT 1 FROM reviews_queue r
                WHERE r.id = {queue} AND r.team_id = q.team_id AND r.variant = q.variant
                  AND r.purpose IN ('first_review', 'comparison')"""  # noqa: S608 - made of constants


# What is known is mixed into what people judge anyway: alone, and to somebody who judges nothing else of the variant,
# it could be told from the rest. So it is for those who may judge one of the others now, and has no room where one of
# them has none.
JUDGES = f"""
({_hears("q")}
 AND (q.purpose <> 'calibration' OR EXISTS ({_mixed_into()} AND NOT r.is_paused AND {_hears("r")})))
"""
"""Whether `mine` is of the audience of the queue `q`. Who asks for an item by name need not be."""

# The images that still fit, by queue. Whoever was switched off since they asked gets none, not even by name.
# Active minutes that are left are room for whatever comes next.
ROOMS = f"""
rooms AS MATERIALIZED (
    SELECT mine.reviewer, q.id AS queue,
           COALESCE((SELECT min(CASE WHEN b.unit = 'images' THEN b.room WHEN b.room > 0 THEN 2147483647 ELSE 0 END)
                       FROM budgets b
                      WHERE b.reviewer = mine.reviewer
                        AND (b.queue_id IS NULL OR b.queue_id = q.id
                             OR q.purpose = 'calibration' AND EXISTS ({_mixed_into("b.queue_id")}))
                        AND (b.variant = '' OR b.variant = q.variant)), 2147483647) AS room
      FROM mine JOIN reviews_queue q ON q.team_id = mine.team
     WHERE mine.is_active
       AND (%(item)s::bigint IS NOT NULL OR (NOT q.is_paused AND NOT mine.is_paused AND {JUDGES})))
"""  # noqa: S608 - made of constants

# One request at a time arranges a reviewer's leases, and one claim at a time draws on a budget that is shared.
LOCK_DESK = f"""
WITH mine AS MATERIALIZED (
    SELECT user_id AS reviewer, team_id AS team FROM accounts_membership WHERE user_id = %(reviewer)s
       FOR NO KEY UPDATE)
SELECT mine.reviewer, ARRAY(SELECT c.id FROM reviews_quota c
                             WHERE c.is_shared AND c.cap IS NOT NULL AND {_concerns("c")}
                             ORDER BY c.id FOR NO KEY UPDATE OF c)
  FROM mine
"""  # noqa: S608 - made of constants
