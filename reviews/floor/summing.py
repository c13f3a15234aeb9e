"""The floor in six numbers."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from accounts.models import Team
from reviews.floor.attendance import ACTIVE_MINUTES, PersonFigures
from reviews.floor.backlog import MOST_READ, OLDEST, QueueFigures, today_of

_SUMMARY = f"""
WITH ours AS MATERIALIZED (SELECT id, lease_seconds FROM reviews_queue WHERE team_id = %(team)s),
clock AS MATERIALIZED (SELECT clock_timestamp() - make_interval(mins => %(minutes)s) AS since),
late AS (SELECT o.overdue, o.overdue > 0 AND o.read = %(most)s AS more
           FROM ({OLDEST.replace("%s", "%(most)s", 1).replace("%s", "%(team)s", 1)}) o (queue, oldest, overdue, read)),
tallies AS (SELECT t.state, sum(t.images) AS images FROM reviews_queuetally t JOIN ours ON ours.id = t.queue_id
             WHERE t.state IN ('ready', 'leased') GROUP BY t.state)
SELECT (SELECT count(*) FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id AND u.is_active, clock
         WHERE m.team_id = %(team)s AND m.role IN ('reviewer', 'admin')
           AND (EXISTS (SELECT 1 FROM reviews_slot s JOIN reviews_queue q ON q.id = s.queue_id
                         WHERE s.reviewer_id = m.user_id AND s.state = 'leased' AND NOT s.is_soft
                           AND s.lease_until > clock_timestamp()
                           AND GREATEST(s.seen_at, s.lease_until - make_interval(secs => q.lease_seconds))
                               >= clock.since)
                OR EXISTS (SELECT 1 FROM reviews_decision d
                            WHERE d.reviewer_id = m.user_id AND d.created_at >= clock.since
                              AND NOT EXISTS (SELECT 1 FROM reviews_retraction r WHERE r.decision_id = d.id)))),
       COALESCE((SELECT images FROM tallies WHERE state = 'ready'), 0),
       COALESCE((SELECT images FROM tallies WHERE state = 'leased'), 0),
       COALESCE((SELECT sum(w.images) FROM reviews_workday w JOIN ours ON ours.id = w.queue_id
                  WHERE w.day = %(today)s), 0),
       COALESCE((SELECT sum(a.images) FROM reviews_arrivalday a JOIN ours ON ours.id = a.queue_id
                  WHERE a.day = %(today)s), 0),
       COALESCE((SELECT sum(overdue) FROM late), 0), COALESCE((SELECT bool_or(more) FROM late), false)
"""  # noqa: S608 - made of constants


def totals(people: Sequence[PersonFigures], queues: Sequence[QueueFigures]) -> dict[str, int | bool]:
    """The floor in six numbers, for templates/reviews/_floor_figures.html."""
    return {
        "at_work": sum(person.is_active for person in people),
        "waiting_images": sum(queue.waiting_images for queue in queues),
        "held_images": sum(queue.held_images for queue in queues),
        "judged_today": sum(queue.today.judged for queue in queues),
        "arrived_today": sum(queue.today.arrived for queue in queues),
        "overdue": sum(queue.overdue for queue in queues),
        "overdue_and_more": any(queue.overdue_and_more for queue in queues),
    }


def summary(team: Team) -> dict[str, int | bool]:
    """The same six numbers in one query, for a page that has many other things to ask."""
    said: dict[str, int | date] = {
        "team": team.pk,
        "today": today_of(team),
        "minutes": ACTIVE_MINUTES,
        "most": MOST_READ,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SUMMARY, said)
        *numbers, more = cursor.fetchone()
    names = ("at_work", "waiting_images", "held_images", "judged_today", "arrived_today", "overdue")
    return {name: int(number) for name, number in zip(names, numbers, strict=True)} | {"overdue_and_more": bool(more)}
