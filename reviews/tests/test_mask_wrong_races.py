"""Real threads: whoever decides, reports, undoes or answers at the same moment, one consistent end state is left."""

import uuid
from collections.abc import Callable

import pytest

from accounts.models import User
from accounts.tests.factories import Cast, make_cast
from generation.models import MaskRepair
from generation.services import repairs
from reviews.models import Decision, Outcome, Retraction, ReviewItem, Slot
from reviews.services import decisions, queue, withdrawals
from reviews.services.refusals import ItemWithdrawn, LeaseLost, MaskSettled
from reviews.tests.factories import (
    approve_all,
    assert_books_balance,
    claimed,
    decide,
    expire,
    fill_queue,
    in_threads,
    make_queue,
    report,
)

ROUNDS = 12
pytestmark = pytest.mark.django_db(transaction=True)


def _item(cast: Cast, overlap: int = 2) -> ReviewItem:
    in_queue = make_queue(cast.team, overlap=overlap)
    return fill_queue(in_queue, cast.operator, 1, images=2)[0]


def _consistent(item: ReviewItem) -> None:
    """Withdrawn with one open report and no seat to take, or open or resolved without a closed seat."""
    item.refresh_from_db()
    seats = set(item.slots.values_list("state", flat=True))
    reports = Decision.objects.standing().filter(slot__item=item, kind="mask_wrong").count()
    open_repairs = item.request.mask_repairs.waiting().count()
    if item.state == "withdrawn":
        assert seats <= {"decided", "closed"} and reports == 1
        assert set(item.outcomes.values_list("state", flat=True)) == {"withdrawn"}
    else:
        assert "closed" not in seats and reports == open_repairs == 0
        assert item.outcomes.exists() is (item.state == "resolved")
    assert_books_balance()


def test_one_reports_while_the_other_decides() -> None:
    cast = make_cast()
    for _ in range(ROUNDS):
        item = _item(cast)
        mine, theirs = claimed(cast.reviewer), claimed(cast.second_reviewer)

        def work(number: int, mine: Slot = mine, theirs: Slot = theirs) -> str:
            try:
                if number == 0:
                    return report(cast.reviewer, mine).kind
                return decide(cast.second_reviewer, theirs, approve_all(theirs)).kind
            except ItemWithdrawn:
                return "late"

        answers = in_threads(2, work)
        assert answers in (["mask_wrong", "judged"], ["mask_wrong", "late"])
        _consistent(item)
        assert item.state == "withdrawn" and item.request.mask_repairs.waiting().count() == 1
        assert Decision.objects.filter(slot__item=item).count() == 2 - answers.count("late")


def test_two_report_at_once() -> None:
    cast = make_cast()
    for _ in range(ROUNDS):
        item = _item(cast)
        seats = [(who, claimed(who)) for who in (cast.reviewer, cast.second_reviewer)]

        def work(number: int, seats: list[tuple[User, Slot]] = seats) -> str:
            try:
                return report(*seats[number]).kind
            except ItemWithdrawn:
                return "late"

        assert sorted(in_threads(2, work)) == ["late", "mask_wrong"]
        _consistent(item)


def test_the_same_report_from_two_tabs_is_one() -> None:
    cast = make_cast()
    item = _item(cast)
    slot, key = claimed(cast.reviewer), uuid.uuid4()
    made = in_threads(4, lambda number: report(cast.reviewer, slot, key=key).pk)
    assert len(set(made)) == 1 and MaskRepair.objects.count() == 1
    _consistent(item)


def test_nobody_claims_a_seat_that_is_closing() -> None:
    cast = make_cast()
    for _ in range(ROUNDS):
        item = _item(cast, overlap=3)
        mine, stale = claimed(cast.reviewer), claimed(cast.second_reviewer)
        expire(stale)

        def work(number: int, mine: Slot = mine) -> None:
            if number == 0:
                report(cast.reviewer, mine)
            else:
                queue.claim((cast.second_reviewer, cast.admin)[number - 1])

        in_threads(3, work)
        _consistent(item)
        assert item.state == "withdrawn" and not Slot.objects.filter(item=item, state="leased").exists()


def test_a_report_and_the_others_undo() -> None:
    cast = make_cast()
    for _ in range(ROUNDS):
        item = _item(cast)
        decide(cast.second_reviewer, claimed(cast.second_reviewer))
        mine = claimed(cast.reviewer)

        def work(number: int, mine: Slot = mine) -> str:
            return report(cast.reviewer, mine).kind if number == 0 else decisions.undo(cast.second_reviewer).state

        assert in_threads(2, work)[0] == "mask_wrong"
        _consistent(item)
        assert item.state == "withdrawn" and Retraction.objects.filter(decision__slot__item=item).count() == 1


def test_an_operator_answers_while_the_reviewer_takes_it_back() -> None:
    cast = make_cast()
    seen = set()
    for _ in range(ROUNDS):
        item = _item(cast)
        decision = report(cast.reviewer, claimed(cast.reviewer))
        repair = item.request.mask_repairs.get()

        def take_back(decision: Decision = decision) -> str:
            decisions.undo(cast.reviewer, decision)
            return "taken_back"

        def keep(repair: MaskRepair = repair) -> str:
            repairs.keep_mask(repair, cast.operator)
            withdrawals.reopen_kept(repair)
            return "kept"

        def work(number: int, ways: tuple[Callable[[], str], ...] = (take_back, keep)) -> str:
            try:
                return ways[number]()
            except (MaskSettled, repairs.RepairClosed):
                return "refused"

        answers = in_threads(2, work)
        assert answers.count("refused") == 1
        repair.refresh_from_db()
        assert repair.state in answers
        seen.add(repair.state)
        _consistent(item)
        assert item.state == "open" and Retraction.objects.filter(decision=decision).count() == 1
        for who in (cast.reviewer, cast.second_reviewer):  # off the floor, for the next round
            decide(who, claimed(who))
    assert seen


def test_a_floor_of_reports_decisions_and_undos_does_not_wait_in_a_circle() -> None:
    """Everybody on three shared items, with one prefetched: the order of locks must hold whatever they do."""
    cast = make_cast()
    in_queue = make_queue(cast.team, overlap=3)
    items = fill_queue(in_queue, cast.operator, 3)
    people = [cast.reviewer, cast.second_reviewer, cast.admin]

    def work(number: int) -> None:
        who = people[number]
        for turn in range(12):
            claim, ahead = queue.claim(who), queue.claim(who, soft=True)
            try:
                if claim.slot and (turn + number) % 3 == 0:
                    report(who, claim.slot)
                    decisions.undo(who)
                elif claim.slot:
                    decide(who, claim.slot)
                    if ahead.slot and ahead.slot.lease_token:
                        queue.show(ahead.slot.lease_token, who)
                    decisions.undo(who)
            except LeaseLost:
                continue

    in_threads(3, work)
    for item in items:
        _consistent(item)
    assert not MaskRepair.objects.waiting().exists() and not Outcome.objects.filter(state="withdrawn").exists()
