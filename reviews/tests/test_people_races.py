"""Somebody is switched off while they claim and decide: they hold nothing afterwards, and the books balance."""

import time

import pytest
from django.core.exceptions import ValidationError

from accounts import services
from accounts.models import Role, User
from accounts.tests.factories import Cast, make_user
from reviews.models import Decision, Slot
from reviews.services import people, queue
from reviews.services.refusals import LeaseLost
from reviews.tests.factories import (
    assert_books_balance,
    claimed,
    decide,
    fill_queue,
    in_threads,
    make_item,
    make_queue,
    used,
)


def _leased(reviewer: User) -> int:
    return Slot.objects.filter(reviewer=reviewer, state="leased").count()


def test_what_they_hold_goes_back_and_is_credited(cast: Cast) -> None:
    make_queue(cast.team)
    for _ in range(3):
        make_item(cast.operator, 2)
    decide(cast.reviewer, claimed(cast.reviewer))
    on_screen = claimed(cast.reviewer)
    claimed(cast.reviewer, soft=True)
    assert people.deactivate_person(cast.reviewer, cast.admin) == 2
    assert (_leased(cast.reviewer), used(cast.reviewer)) == (0, 2)
    assert_books_balance()
    with pytest.raises(LeaseLost):
        decide(cast.reviewer, on_screen)
    assert claimed(cast.second_reviewer).item_id == on_screen.item_id


def test_a_claim_that_began_before_gets_nothing(cast: Cast) -> None:
    item = make_item(cast.operator)
    people.deactivate_person(cast.reviewer, cast.admin)
    # `cast.reviewer` is what a request read a moment ago: still active there.
    User.objects.filter(pk=cast.reviewer.pk).update(password="")
    assert queue.claim(cast.reviewer).slot is None
    assert queue.claim(cast.reviewer, item=item).slot is None
    assert used(cast.reviewer) == 0


def test_who_no_longer_judges_holds_nothing(cast: Cast) -> None:
    make_item(cast.operator)
    claimed(cast.reviewer)
    said = {"email": cast.reviewer.email, "name": "", "time_zone": ""}
    assert people.change_person(cast.reviewer, cast.admin, role=Role.ADMIN, **said) == 0
    assert _leased(cast.reviewer) == 1
    assert people.change_person(cast.reviewer, cast.admin, role=Role.OPERATOR, **said) == 1
    assert (_leased(cast.reviewer), used(cast.reviewer)) == (0, 0)


def test_what_is_refused_gives_nothing_back(cast: Cast) -> None:
    make_item(cast.operator)
    claimed(cast.admin)
    with pytest.raises(ValidationError):
        people.deactivate_person(cast.admin, cast.admin)
    assert _leased(cast.admin) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("late", [0.0, 0.02, 0.05, 0.1])
def test_switched_off_in_the_middle_of_work(cast: Cast, late: float) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 60)

    def work(number: int) -> int:
        if number == 0:
            time.sleep(late)
            return people.deactivate_person(cast.reviewer, cast.admin)
        done = 0
        for _ in range(8):
            slot = queue.claim(cast.reviewer, soft=number > 2).slot
            if slot is None or number == 4:
                continue  # the fourth only fetches: what it got must be given back
            try:
                decide(cast.reviewer, slot)
                done += 1
            except (LeaseLost, AssertionError):
                continue
        return done

    in_threads(5, work)
    assert _leased(cast.reviewer) == 0
    assert_books_balance()
    assert used(cast.reviewer) == Decision.objects.filter(reviewer=cast.reviewer).count()
    assert queue.claim(cast.second_reviewer).slot is not None


@pytest.mark.django_db(transaction=True)
def test_one_name_asked_for_twice_at_once_makes_one_person(cast: Cast) -> None:
    def make(number: int) -> bool:
        try:
            services.create_person(
                cast.team, cast.admin, username="ada", email=f"ada{number}@example.org", role=Role.REVIEWER
            )
        except ValidationError:
            return False
        return True

    assert sorted(in_threads(4, make)) == [False, False, False, True]


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_demote_each_other_at_once_leave_one(cast: Cast) -> None:
    pair = [cast.admin, make_user(cast.team, Role.ADMIN)]

    def demote(number: int) -> bool:
        try:
            person = pair[number]
            people.change_person(
                person, pair[1 - number], email=person.email, role=Role.OPERATOR, name="", time_zone=""
            )
        except ValidationError:
            return False
        return True

    assert sorted(in_threads(2, demote)) == [False, True]
    assert cast.team.memberships.filter(role=Role.ADMIN).count() == 1
