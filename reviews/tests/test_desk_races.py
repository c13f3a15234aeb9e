"""Real threads at all that the desk can do beside judging: of two at once one wins, and the books balance."""

import random
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from accounts.tests.factories import Cast, make_cast
from reviews.models import Decision, Escalation, Retraction, ReviewItem, Slot
from reviews.services import claiming, decisions, queue, undoing
from reviews.services.bundles import Question, SourceReport
from reviews.services.escalations import answer_question
from reviews.services.refusals import Conflict, QuestionClosed
from reviews.tests.factories import (
    assert_books_balance,
    claimed,
    decide,
    expire,
    fill_queue,
    in_threads,
    make_queue,
    token_of,
)

ROUNDS = 12
pytestmark = pytest.mark.django_db(transaction=True)


def _item(cast: Cast, overlap: int = 1) -> ReviewItem:
    return fill_queue(make_queue(cast.team, overlap=overlap), cast.operator, 1, images=2)[0]


def _asked(cast: Cast) -> Escalation:
    decision = decide(cast.reviewer, claimed(cast.reviewer), [], escalate=Question("Which cap is it?"))
    return Escalation.objects.get(decision=decision)


def _either(*ways: Callable[[], object]) -> list[str]:
    """What each of them came to, all begun at once: "done" or "refused"."""

    def work(number: int) -> str:
        try:
            ways[number]()
        except Conflict:
            return "refused"
        return "done"

    return in_threads(len(ways), work)


@pytest.mark.parametrize("judges", [False, True])
def test_an_admin_answers_while_the_reviewer_takes_it_back(judges: bool) -> None:
    cast = make_cast()
    for _ in range(ROUNDS):
        item = _item(cast)
        question = _asked(cast)
        came = _either(
            lambda question=question: answer_question(question, cast.admin, "The red one.", judges=judges),  # type: ignore[misc]
            lambda question=question: decisions.undo(cast.reviewer, question.decision),  # type: ignore[misc]
        )
        assert sorted(came) == ["done", "refused"]
        question.refresh_from_db()
        assert question.state == ("answered" if came[0] == "done" else "taken_back")
        assert Retraction.objects.filter(decision=question.decision).count() == 1
        assert item.slots.get().attempt == 2
        assert_books_balance()
        holder = cast.admin if question.state == "answered" and judges else cast.reviewer
        decide(holder, claimed(holder))  # off the floor, for the next round


def test_two_admins_answer_at_once() -> None:
    cast = make_cast()
    for _ in range(ROUNDS):
        _item(cast)
        question = _asked(cast)
        came = in_threads(2, lambda number, question=question: _answered(question, cast.admin, str(number)))  # type: ignore[misc]
        assert sorted(came) == [False, True]
        question.refresh_from_db()
        assert question.answer == str(came.index(True))
        decide(cast.reviewer, claimed(cast.reviewer))


def _answered(question: Escalation, admin: User, answer: str) -> bool:
    try:
        answer_question(question, admin, answer)
    except QuestionClosed:
        return False
    return True


def test_the_last_seat_is_decided_while_the_other_asks() -> None:
    """Whoever is first: the item is not resolved over an open question."""
    cast = make_cast()
    for _ in range(ROUNDS):
        item = _item(cast, overlap=2)
        mine, theirs = claimed(cast.reviewer), claimed(cast.second_reviewer)
        _either(
            lambda mine=mine: decide(cast.reviewer, mine, [], escalate=Question("Which cap is it?")),  # type: ignore[misc]
            lambda theirs=theirs: decide(cast.second_reviewer, theirs),  # type: ignore[misc]
        )
        item.refresh_from_db()
        assert item.state == "open" and not item.outcomes.exists()
        answer_question(Escalation.objects.get(item=item), cast.admin, "The red one.")
        decide(cast.reviewer, claimed(cast.reviewer))
        item.refresh_from_db()
        assert item.state == "resolved"


def test_an_unsuitable_photo_and_a_question_at_once() -> None:
    cast = make_cast()
    for _ in range(ROUNDS):
        item = _item(cast, overlap=2)
        mine, theirs = claimed(cast.reviewer), claimed(cast.second_reviewer)
        came = _either(
            lambda mine=mine: decide(cast.reviewer, mine, [], unsuitable_source=SourceReport()),  # type: ignore[misc]
            lambda theirs=theirs: decide(cast.second_reviewer, theirs, [], escalate=Question("Why?")),  # type: ignore[misc]
        )
        item.refresh_from_db()
        assert item.state == "withdrawn" and came[0] == "done"
        assert item.escalations.waiting().count() == came.count("done") - 1
        assert_books_balance()


def test_put_off_or_decided_never_both() -> None:
    cast = make_cast()
    for _ in range(ROUNDS):
        item = _item(cast)
        slot = claimed(cast.reviewer)
        came = _either(
            lambda slot=slot: queue.snooze(token_of(slot), cast.reviewer, 5),  # type: ignore[misc]
            lambda slot=slot: decide(cast.reviewer, slot),  # type: ignore[misc]
        )
        assert sorted(came) == ["done", "refused"]
        assert item.snoozes.count() == came[:1].count("done")
        assert_books_balance()
        if came[0] == "done":
            decide(cast.second_reviewer, claimed(cast.second_reviewer))


def test_tabs_that_fetch_ahead_never_hold_more_than_two_unseen() -> None:
    cast = make_cast()
    fill_queue(make_queue(cast.team), cast.operator, 30)
    screen = token_of(claimed(cast.reviewer))
    reasons = {claim.reason for claim in in_threads(8, lambda _: queue.claim(cast.reviewer, soft=True, held=[screen]))}
    assert reasons == {"granted"}
    held = [token_of(slot) for slot in queue.current(cast.reviewer)]
    in_threads(8, lambda _: queue.claim(cast.reviewer, soft=True, held=held))
    unseen = [slot for slot in queue.current(cast.reviewer) if slot.seen_at is None]
    assert len(unseen) == claiming.PREFETCH
    assert_books_balance()


def test_a_late_answer_from_three_tabs_is_stored_once() -> None:
    cast = make_cast()
    for _ in range(ROUNDS):
        item = _item(cast)
        slot, key = claimed(cast.reviewer), uuid.uuid4()
        expire(slot)

        def deliver(_: int, item: ReviewItem = item, slot: Slot = slot, key: uuid.UUID = key) -> int | None:
            late = queue.claim_late(cast.reviewer, item.handle).slot
            return decide(cast.reviewer, late or slot, idempotency_key=key).pk

        assert len(set(in_threads(3, deliver))) == 1
        assert Decision.objects.filter(slot__item=item).count() == 1
        assert_books_balance()


def test_a_late_answer_and_another_who_takes_the_seat() -> None:
    cast = make_cast()
    for _ in range(ROUNDS):
        item = _item(cast)
        expire(claimed(cast.reviewer))

        def work(number: int, item: ReviewItem = item) -> bool:
            if number == 0:
                return queue.claim_late(cast.reviewer, item.handle).slot is not None
            return queue.claim(cast.second_reviewer).slot is not None

        assert sorted(in_threads(2, work)) == [False, True]
        holder = item.slots.get().reviewer
        assert holder is not None
        decide(holder, claimed(holder))
        assert_books_balance()


def test_the_same_undo_from_four_tabs_is_one() -> None:
    cast = make_cast()
    fill_queue(make_queue(cast.team), cast.operator, 3)
    first, second = (decide(cast.reviewer, claimed(cast.reviewer)) for _ in range(2))
    back = in_threads(4, lambda _: undoing.undo_latest(cast.reviewer, second.idempotency_key).lease_token)
    assert len(set(back)) == 1 and Retraction.objects.count() == 1
    assert Decision.objects.standing().get() == first


def test_a_floor_of_everything_does_not_wait_in_a_circle() -> None:
    """Everybody on four shared items, at random: the order of locks must hold whatever they do."""
    cast = make_cast()
    items = fill_queue(make_queue(cast.team, overlap=3), cast.operator, 4)
    people = [cast.reviewer, cast.second_reviewer, cast.admin]

    def work(number: int) -> None:
        who, draw = people[number], random.Random(number)
        for _ in range(25):
            try:
                _one_of_all(who, items, draw)
            except Conflict:
                continue

    in_threads(3, work)
    for item in items:
        item.refresh_from_db()
        assert item.state != "resolved" or not item.escalations.waiting().exists()
        assert item.slots.filter(state="closed").exists() <= (item.state == "withdrawn")
    assert_books_balance()


def _one_of_all(who: User, items: list[ReviewItem], draw: random.Random) -> None:
    claim = queue.claim(who)
    held = [token_of(slot) for slot in queue.current(who)]
    for _ in range(2):
        ahead = queue.claim(who, soft=True, held=held).slot
        held += [token_of(ahead)] if ahead else []
    what = draw.choice(["decide", "ask", "report", "snooze", "late", "answer", "undo", "undo", "show"])
    question = Escalation.objects.waiting().order_by("?").first()
    if what == "undo" and Decision.objects.filter(reviewer=who, retraction=None).exists():
        decisions.undo(who)
    elif what == "answer" and question is not None and who.role == "admin":
        answer_question(question, who, "The red one.", judges=draw.random() < 0.5)
    elif what == "late":
        queue.claim_late(who, draw.choice(items).handle)
    elif what == "show":
        queue.show(draw.choice(held), who) if held else None
    elif claim.slot is not None and what == "snooze":
        queue.snooze(token_of(claim.slot), who, 1)
    elif claim.slot is not None:
        otherwise: dict[str, dict[str, Any]] = {
            "ask": {"escalate": Question("Why?")},
            "report": {"unsuitable_source": SourceReport()},
        }
        said = otherwise.get(what)
        decide(who, claim.slot, [], **said) if said else decide(who, claim.slot)
