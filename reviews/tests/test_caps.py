"""What limits a claim: whose cap counts, over what, and that a shared one is never overdrawn."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Membership, Role, User
from accounts.tests.factories import Cast, make_cast, make_user
from reviews.models import Quota, QuotaDay, Slot
from reviews.models.crews import GroupMember, ReviewerGroup, ReviewerSkill, Skill
from reviews.models.queues import QueueAudience
from reviews.models.quotas import Pause
from reviews.services import decisions, leases, queue, quotas
from reviews.tests.factories import (
    approve_all,
    assert_books_balance,
    claimed,
    decide,
    expire,
    fill_queue,
    granted,
    in_threads,
    make_queue,
    used,
)


def cap(cast: Cast, number: int, **values: Any) -> Quota:
    return Quota.objects.create(team=cast.team, cap=number, **values)


def group_of(cast: Cast, *members: User) -> ReviewerGroup:
    group = ReviewerGroup.objects.create(team=cast.team, name="Mugs")
    GroupMember.objects.bulk_create(GroupMember(group=group, reviewer=member) for member in members)
    return group


def drawn(reviewer: User, most: int = 12) -> int:
    """How many items are granted until a claim refuses."""
    for number in range(most):
        answer = queue.claim(reviewer)
        if answer.slot is None:
            assert answer.reason == "quota_reached", answer.reason
            return number
        decide(reviewer, answer.slot, cannot_judge=True, active_ms=60_000)
    return most


def test_the_persons_cap_comes_before_the_groups_and_that_before_everybodys(cast: Cast) -> None:
    fill_queue(make_queue(cast.team, overlap=3), cast.operator, 12)
    cap(cast, 1)
    cap(cast, 4, group=group_of(cast, cast.reviewer, cast.second_reviewer))
    cap(cast, 6, reviewer=cast.reviewer)
    assert [drawn(who) for who in (cast.reviewer, cast.second_reviewer, cast.admin)] == [6, 4, 1]


def test_without_a_cap_the_default_holds(cast: Cast) -> None:
    assert quotas.state(cast.reviewer).limit == 200


def test_the_week_and_the_day_hold_together(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 12)
    cap(cast, 3, reviewer=cast.reviewer)
    week = cap(cast, 2, reviewer=cast.reviewer, period="week")
    assert drawn(cast.reviewer) == 2
    week.cap = 9
    week.save()
    assert drawn(cast.reviewer) == 1, "the day allows three"


def test_a_cap_of_a_queue_or_a_variant_leaves_the_others_alone(cast: Cast) -> None:
    first, second = make_queue(cast.team), make_queue(cast.team, variant="outpainting")
    fill_queue(first, cast.operator, 5)
    fill_queue(second, cast.operator, 5)
    cap(cast, 2, queue=first)
    cap(cast, 3, variant="outpainting")
    assert drawn(cast.reviewer) == 5
    days = dict(QuotaDay.objects.filter(reviewer=cast.reviewer).values_list("queue", "used"))
    assert days == {first.pk: 2, second.pk: 3}


def test_active_minutes_are_a_cap_too(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 6)
    cap(cast, 2, unit="minutes")
    assert drawn(cast.reviewer) == 2, "a minute each"


def test_what_was_left_carries_over_once_the_cap_was_there(cast: Cast) -> None:
    in_queue = make_queue(cast.team)
    fill_queue(in_queue, cast.operator, 10)
    quota = cap(cast, 3, reviewer=cast.reviewer, carries_over=True)
    assert quotas.state(cast.reviewer).limit == 3, "set today: there is no day before"
    Quota.objects.filter(pk=quota.pk).update(created_at=datetime.now(UTC) - timedelta(days=5))
    today = datetime.now(UTC).astimezone(ZoneInfo(cast.team.time_zone)).date()
    QuotaDay.objects.create(reviewer=cast.reviewer, queue=in_queue, day=today - timedelta(days=1), used=1)
    assert drawn(cast.reviewer) == 5, "three of today, two that were left"


def test_the_day_is_the_persons_own(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 2)
    days = []
    # These two are 26 hours apart: it is never the same day in both.
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        Membership.objects.filter(user=cast.reviewer).update(time_zone=zone)
        slot = claimed(cast.reviewer)
        decide(cast.reviewer, slot)
        assert slot.quota_day is not None
        days.append(slot.quota_day.day)
        assert quotas.state(cast.reviewer).used == 1
    assert days[0] > days[1]


def test_the_audience_is_a_person_a_group_or_a_level_of_a_skill(cast: Cast) -> None:
    in_queue = make_queue(cast.team, overlap=3)
    fill_queue(in_queue, cast.operator, 3)
    skill = Skill.objects.create(team=cast.team, name="Glass")
    for who, level in ((cast.reviewer, 3), (cast.second_reviewer, 2)):
        ReviewerSkill.objects.create(reviewer=who, skill=skill, level=level)
    one = QueueAudience.objects.create(queue=in_queue, skill=skill, min_level=3)
    assert queue.claim(cast.reviewer).slot is not None
    assert queue.claim(cast.second_reviewer).reason == "nothing_waits"
    one.delete()
    QueueAudience.objects.create(queue=in_queue, group=group_of(cast, cast.second_reviewer))
    assert queue.claim(cast.second_reviewer).slot is not None
    assert queue.claim(cast.admin).reason == "nothing_waits"
    QueueAudience.objects.create(queue=in_queue, reviewer=cast.admin)
    assert queue.claim(cast.admin).slot is not None


@pytest.mark.parametrize("everybody", [False, True])
def test_a_pause_in_the_middle_of_work_keeps_what_is_open(cast: Cast, everybody: bool) -> None:
    fill_queue(make_queue(cast.team, overlap=2), cast.operator, 3)
    slot = claimed(cast.reviewer)
    paused = Pause.objects.create(
        team=cast.team, reviewer=None if everybody else cast.reviewer, begun_by=cast.admin
    )  # fmt: skip
    made = decide(cast.reviewer, slot)
    assert queue.claim(cast.reviewer).reason == "person_paused"
    assert (queue.claim(cast.second_reviewer).slot is None) is everybody
    again = decisions.undo(cast.reviewer, made)
    decide(cast.reviewer, again, approve_all(again))
    paused.ended_at, paused.ended_by = datetime.now(UTC), cast.admin
    paused.save()
    assert queue.claim(cast.reviewer).slot is not None
    assert_books_balance()


def test_who_walks_away_does_not_keep_a_shared_budget(cast: Cast) -> None:
    """All of it is leased to one who never comes back: when the time is over the next who asks has it."""
    fill_queue(make_queue(cast.team), cast.operator, 6)
    cap(cast, 2, is_shared=True)
    for _ in range(2):
        granted(cast.reviewer)
    assert queue.claim(cast.second_reviewer).reason == "quota_reached"
    expire()
    assert drawn(cast.second_reviewer) == 2
    assert (used(cast.reviewer), used(cast.second_reviewer)) == (0, 2)
    assert_books_balance()


@pytest.mark.django_db(transaction=True)
def test_a_shared_budget_gives_exactly_what_it_has_to_eight_at_once() -> None:
    cast = make_cast()
    fill_queue(make_queue(cast.team), cast.operator, 100)
    reviewers = [make_user(cast.team, Role.REVIEWER) for _ in range(8)]
    cap(cast, 37, group=group_of(cast, *reviewers), is_shared=True)

    def work(number: int) -> int:
        return sum(granted(reviewers[number % 8]).slot_id is not None for _ in range(6))

    assert sum(in_threads(16, work)) == 37
    assert sum(used(reviewer) for reviewer in reviewers) == 37
    assert Slot.objects.filter(state="leased").count() == 37
    assert_books_balance()


@pytest.mark.django_db(transaction=True)
def test_a_shared_budget_lowered_meanwhile_gives_no_more_than_it_had_then() -> None:
    """Whoever claims after the change sees it: `used` never grows once it is at the new cap."""
    cast = make_cast()
    fill_queue(make_queue(cast.team), cast.operator, 100)
    reviewers = [make_user(cast.team, Role.REVIEWER) for _ in range(8)]
    shared = cap(cast, 60, is_shared=True)
    at_the_change: list[int] = []

    def work(number: int) -> int:
        if number == 16:
            Quota.objects.filter(pk=shared.pk).update(cap=20)
            at_the_change.append(Slot.objects.filter(state="leased").count())
            return 0
        return sum(granted(reviewers[number % 8]).slot_id is not None for _ in range(6))

    given = sum(in_threads(17, work))
    # The count was made after the change: what was leased by then, or up to the new cap.
    assert 20 <= given <= max(20, at_the_change[0])
    assert leases.waiting(reviewers[0]) and granted(reviewers[0]).slot_id is None
    assert_books_balance()
