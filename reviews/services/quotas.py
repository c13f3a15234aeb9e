"""How much a reviewer may still judge. The charging itself is done by the statements in leases."""

from collections.abc import Sequence
from dataclasses import dataclass

import pghistory
from django.db import connection

from accounts.models import User
from reviews.models import Quota
from reviews.models.quotas import DEFAULT_DAILY_IMAGES
from reviews.services.budget_statements import BUDGETS, CAPS, MINE

# The tightest of what limits the images of a whole day, however many seats of however many queues they are in.
_STATE = f"""
WITH {MINE}, {CAPS}, {BUDGETS}
SELECT mine.reviewer, b.allowed, b.used, b.room,
       (SELECT COALESCE(sum(s.images), 0) FROM reviews_slot s
         WHERE s.state = 'leased' AND s.reviewer_id = mine.reviewer AND s.lease_until > clock_timestamp())
  FROM mine
 CROSS JOIN LATERAL (SELECT b.allowed, b.used, b.room FROM budgets b
                      WHERE b.reviewer = mine.reviewer AND b.unit = 'images' AND b.queue_id IS NULL AND b.variant = ''
                      ORDER BY b.room, b.period LIMIT 1) b
"""  # noqa: S608 - made of constants


@dataclass(frozen=True)
class QuotaState:
    """Images: what limits the reviewer most, what of it is used (open leases included), what is left, what is leased
    right now.

    `used` may exceed `limit` after an admin has lowered it; `left` is never negative.
    """

    limit: int
    used: int
    left: int
    open_images: int

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
    with connection.cursor() as cursor:
        cursor.execute(_STATE, {"reviewers": keys, "default_limit": DEFAULT_DAILY_IMAGES})
        found = {key: [int(number) for number in numbers] for key, *numbers in cursor.fetchall()}
    return {key: _state(*found.get(key, (0, 0, 0, 0))) for key in keys}


def _state(limit: int, used: int, room: int, open_images: int) -> QuotaState:
    return QuotaState(limit=limit, used=used, left=max(0, room), open_images=open_images)


def set_limit(reviewer: User, images: int, by: User) -> Quota:
    """Let `reviewer` judge `images` a day, from their next claim on. `by` is kept in the row's history.

    Raises ValidationError for a number outside 0..1,000,000.
    """
    quota = Quota(team=reviewer.team, reviewer=reviewer, cap=images)
    quota.clean_fields(exclude=["team", "reviewer"])
    with pghistory.context(user=by.pk):
        return Quota.objects.update_or_create(
            team=reviewer.team, reviewer=reviewer, group=None, queue=None, variant="", period=Quota.Period.DAY,
            unit=Quota.Unit.IMAGES, is_shared=False, defaults={"cap": images},
        )[0]  # fmt: skip
