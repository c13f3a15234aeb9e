"""Real threads at work while an admin pauses everything or lowers what may be judged: nothing is given out beyond it,
and nothing that anybody has in hand is lost."""

import uuid
from collections import Counter
from threading import Event

import pytest

from accounts.models import Role, User
from accounts.tests.factories import Cast, make_cast, make_user
from reviews.models import Decision, QuotaDay, ReviewItem, Slot
from reviews.services import counts, pauses, queue
from reviews.services.quota_changes import Change, set_quotas
from reviews.tests.factories import (
    assert_books_balance,
    claimed,
    decide,
    expire,
    fill_queue,
    in_threads,
    make_queue,
    used,
)

PEOPLE = 8
ITEMS = 400
"""More than anybody gets through before the admin acts: only the admin ends the work."""
pytestmark = pytest.mark.django_db(transaction=True)


def _floor(cast: Cast, items: int = ITEMS) -> list[User]:
    fill_queue(make_queue(cast.team), cast.operator, items)
    return [make_user(cast.team, Role.REVIEWER) for _ in range(PEOPLE)]


def _work(reviewer: User, begun: Event) -> tuple[int, str]:
    """Claim and decide until there is no more: how many, and why it ended."""
    for number in range(ITEMS):
        answer = queue.claim(reviewer)
        if answer.slot is None:
            return number, answer.reason
        if number == 2:
            begun.set()
        decide(reviewer, answer.slot)
    return ITEMS, "never"


def _nothing_is_lost(decisions: int) -> None:
    assert Decision.objects.standing().count() == decisions
    assert Slot.objects.filter(state="decided").count() == decisions
    assert ReviewItem.objects.filter(state="resolved").count() == decisions
    assert_books_balance()
    assert list(counts.check_counts()) == []


def test_everything_is_paused_while_eight_decide() -> None:
    cast = make_cast()
    people, begun = _floor(cast), Event()

    def work(number: int) -> tuple[int, str]:
        if number == PEOPLE:
            begun.wait(30)
            pauses.pause(cast.team, None, "Fire drill", cast.admin)
            return 0, "person_paused"
        return _work(people[number], begun)

    came = in_threads(PEOPLE + 1, work)
    assert {reason for _number, reason in came} == {"person_paused"}
    _nothing_is_lost(sum(number for number, _reason in came))
    assert not Slot.objects.filter(state="leased").exists()
    pauses.resume(cast.team, None, cast.admin)
    decide(people[0], claimed(people[0]))


def test_what_was_on_eight_screens_is_decided_during_the_pause() -> None:
    cast = make_cast()
    people = _floor(cast, 20)
    slots = [claimed(reviewer) for reviewer in people]
    pauses.pause(cast.team, None, "Fire drill", cast.admin)

    def work(number: int) -> str:
        decide(people[number % PEOPLE], slots[number % PEOPLE], idempotency_key=uuid.UUID(int=number % PEOPLE))
        return queue.claim(people[number % PEOPLE]).reason

    # Two tabs each, so that the same answer comes twice at once.
    assert Counter(in_threads(2 * PEOPLE, work)) == {"person_paused": 2 * PEOPLE}
    _nothing_is_lost(PEOPLE)


def test_late_answers_are_stored_during_a_pause_and_nothing_else_is_given_out() -> None:
    cast = make_cast()
    people = _floor(cast, 30)
    slots = [claimed(reviewer) for reviewer in people]
    expire()
    pauses.pause(cast.team, None, "Fire drill", cast.admin)

    def work(number: int) -> str:
        """One of two tabs of each."""
        reviewer, slot = people[number % PEOPLE], slots[number % PEOPLE]
        refused = queue.claim(reviewer).reason
        late = queue.claim_late(reviewer, slot.item.handle).slot
        decide(reviewer, late or slot, idempotency_key=uuid.UUID(int=number % PEOPLE))
        return refused

    # A tab that is quicker has the late one in hand, and the other is shown it.
    assert set(in_threads(2 * PEOPLE, work)) <= {"person_paused", "granted"}
    _nothing_is_lost(PEOPLE)


@pytest.mark.parametrize("is_shared", [False, True])
def test_a_quota_is_lowered_while_eight_claim(is_shared: bool) -> None:
    """Whoever is above the new cap by then gets nothing more; who is below gets up to it; what was given is decided."""
    cast = make_cast()
    people, begun = _floor(cast), Event()
    set_quotas(cast.team, [Change(cap=ITEMS)], cast.admin)
    set_quotas(cast.team, [Change(cap=ITEMS, is_shared=is_shared)], cast.admin)
    low, seen = 12, Counter[int]()

    def work(number: int) -> tuple[int, str]:
        if number == PEOPLE:
            begun.wait(30)
            set_quotas(cast.team, [Change(cap=low, is_shared=is_shared)], cast.admin)
            for day in QuotaDay.objects.all():
                seen[day.reviewer_id] += day.used
            return 0, "quota_reached"
        return _work(people[number], begun)

    came = in_threads(PEOPLE + 1, work)
    assert {reason for _number, reason in came} == {"quota_reached"}
    # It was looked at after the change: at most that, or the new cap. Who shares waits for the change, and it for them;
    # of a person's own, the one claim that was under way may have come in after the look.
    if is_shared:
        assert low <= sum(used(reviewer) for reviewer in people) <= max(low, seen.total())
    else:
        assert all(low <= used(reviewer) <= max(low, seen[reviewer.pk] + 1) for reviewer in people)
    _nothing_is_lost(sum(number for number, _reason in came))
