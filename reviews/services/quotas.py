"""How much a reviewer may still judge today. The charging itself is done by the statements in leases."""

from collections.abc import Sequence
from dataclasses import dataclass

import pghistory
from django.db import connection

from accounts.models import User
from reviews.models import ReviewerQuota

_STATE = """
SELECT m.user_id, COALESCE(r.daily_images, %(default_limit)s), COALESCE(d.used, 0),
       (SELECT COALESCE(sum(s.images), 0) FROM reviews_slot s
         WHERE s.state = 'leased' AND s.reviewer_id = m.user_id AND s.lease_until > clock_timestamp())
  FROM accounts_membership m
  JOIN accounts_team t ON t.id = m.team_id
  LEFT JOIN reviews_reviewerquota r ON r.reviewer_id = m.user_id
  LEFT JOIN reviews_quotaday d
         ON d.reviewer_id = m.user_id AND d.day = (clock_timestamp() AT TIME ZONE t.time_zone)::date
 WHERE m.user_id = ANY(%(reviewers)s)
"""


@dataclass(frozen=True)
class QuotaState:
    """Images: the day's limit, what of it is used (open leases included), what is left, what is leased right now.

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
    """The reviewer's day, by their team's time zone. Somebody without a team has nothing to judge."""
    return states([reviewer])[reviewer.pk]


def states(reviewers: Sequence[User]) -> dict[int, QuotaState]:
    """Everybody's day at once, by the user's primary key."""
    keys = [reviewer.pk for reviewer in reviewers]
    with connection.cursor() as cursor:
        cursor.execute(_STATE, {"reviewers": keys, "default_limit": ReviewerQuota.DEFAULT_DAILY_IMAGES})
        found = {key: numbers for key, *numbers in cursor.fetchall()}
    return {key: _state(*found.get(key, (0, 0, 0))) for key in keys}


def _state(limit: int, used: int, open_images: int) -> QuotaState:
    return QuotaState(limit=limit, used=used, left=max(0, limit - used), open_images=open_images)


def set_limit(reviewer: User, images: int, by: User) -> ReviewerQuota:
    """Let `reviewer` judge `images` a day, from their next claim on. `by` is kept in the row's history.

    Raises ValidationError for a number outside 0..100,000.
    """
    quota = ReviewerQuota(reviewer=reviewer, daily_images=images)
    quota.clean_fields(exclude=["reviewer"])
    with pghistory.context(user=by.pk):
        return ReviewerQuota.objects.update_or_create(reviewer=reviewer, defaults={"daily_images": images})[0]
