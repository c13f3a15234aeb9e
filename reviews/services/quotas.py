"""How much a reviewer may still judge. The charging itself is done by the statements in leases."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import connection

from accounts.models import User
from reviews.models.quotas import DEFAULT_DAILY_IMAGES, QuotaPeriod
from reviews.services.budget_statements import BUDGETS, CAPS, MINE, TARGETS
from reviews.services.quota_changes import Change, as_change, one_admin_at_a_time, rules, set_quotas

# For the day and the week: the tightest of what limits the images of all of it, however many seats of however many
# queues they are in; what the reviewer aims at; and what they have used of it themselves.
_STATE = f"""
WITH {MINE}, {CAPS}, {BUDGETS}, {TARGETS}
SELECT mine.reviewer, p.period, b.allowed, b.used, b.room, t.target,
       (SELECT COALESCE(sum(d.used), 0) FROM reviews_quotaday d
         WHERE d.reviewer_id = mine.reviewer AND d.day BETWEEN p.since AND mine.today),
       (SELECT COALESCE(sum(s.images), 0) FROM reviews_slot s
         WHERE s.state = 'leased' AND s.reviewer_id = mine.reviewer AND s.lease_until > clock_timestamp())
  FROM mine
 CROSS JOIN LATERAL (VALUES ('day', mine.today), ('week', date_trunc('week', mine.today)::date)) p (period, since)
  LEFT JOIN LATERAL (SELECT b.allowed, b.used, b.room FROM budgets b
                      WHERE b.reviewer = mine.reviewer AND b.period = p.period AND b.unit = 'images'
                        AND b.queue_id IS NULL AND b.variant = ''
                      ORDER BY b.room, b.is_shared LIMIT 1) b ON true
  LEFT JOIN targets t ON t.reviewer = mine.reviewer AND t.period = p.period AND t.unit = 'images'
"""  # noqa: S608 - made of constants


@dataclass(frozen=True)
class Spell:
    """A reviewer's day or week, in images. `limit` is None where nothing limits it, `target` where none is set.

    `used` counts against the limit, so it is everybody's of a shared one; `own` is the reviewer's, for the target. Both
    with what is leased right now: `judged` and `done` are without.
    """

    limit: int | None = None
    used: int = 0
    left: int = 0
    target: int | None = None
    own: int = 0
    open_images: int = 0

    @property
    def judged(self) -> int:
        return max(0, self.used - self.open_images)

    @property
    def done(self) -> int:
        return max(0, self.own - self.open_images)


@dataclass(frozen=True)
class QuotaState:
    """Images: what limits the reviewer most, what of it is used (open leases included), what is left, what is leased
    right now.

    `used` may exceed `limit` after an admin has lowered it; `left` is never negative. `period` is that of the limit;
    `day` and `week` tell each of them, by the reviewer's own calendar.
    """

    limit: int
    used: int
    left: int
    open_images: int
    period: str = QuotaPeriod.DAY
    day: Spell = Spell()
    week: Spell = Spell()

    @property
    def judged(self) -> int:
        """What the reviewer calls done: used, without what is still on the screen or prefetched."""
        return max(0, self.used - self.open_images)


def state(reviewer: User) -> QuotaState:
    """The reviewer's day, by their own calendar. Somebody without a team has nothing to judge."""
    return states([reviewer])[reviewer.pk]


def states(reviewers: Sequence[User]) -> dict[int, QuotaState]:
    """Everybody's day at once, by the user's primary key."""
    keys = [reviewer.pk for reviewer in reviewers]
    spells: dict[int, dict[str, Spell]] = {key: {} for key in keys}
    with connection.cursor() as cursor:
        cursor.execute(_STATE, {"reviewers": keys, "default_limit": DEFAULT_DAILY_IMAGES})
        for key, period, limit, used, room, target, own, held in cursor.fetchall():
            left = max(0, int(room or 0))
            spells[key][period] = Spell(_whole(limit), int(used or 0), left, _whole(target), int(own), int(held))
    return {key: _state(found) for key, found in spells.items()}


def _whole(number: int | None) -> int | None:
    return None if number is None else int(number)


def _state(spells: dict[str, Spell]) -> QuotaState:
    day, week = (spells.get(period, Spell(limit=None)) for period in (QuotaPeriod.DAY, QuotaPeriod.WEEK))
    limited = [(spell.left, period) for period, spell in (("day", day), ("week", week)) if spell.limit is not None]
    period = min(limited)[1] if limited else QuotaPeriod.DAY
    tightest = week if period == QuotaPeriod.WEEK else day
    return QuotaState(
        tightest.limit or 0, tightest.used, tightest.left, tightest.open_images, period=period, day=day, week=week
    )


def set_limit(reviewer: User, images: int, by: User) -> None:
    """Let `reviewer` judge `images` a day, from their next claim on; their target, and whether something carries over,
    stay.

    Raises ChangesRefused for a number outside 0..1,000,000.
    """
    team, own = reviewer.membership.team, Change(reviewer=reviewer.username)
    with one_admin_at_a_time(team, by):
        now = {change.place: change for change in map(as_change, rules(team).filter(reviewer=reviewer))}
        set_quotas(team, [replace(now.get(own.place, own), cap=images)], by)
