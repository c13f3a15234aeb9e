"""A question to the admins: the seat is held and the item open until it is answered or taken back."""

import uuid

import pytest

from accounts.tests.factories import Cast
from reviews.models import Decision, Escalation, Outcome, Retraction
from reviews.services import decisions, queue, quotas
from reviews.services.bundles import Question
from reviews.services.escalations import answer_question
from reviews.services.refusals import DecisionRefused, QuestionClosed
from reviews.tests.factories import (
    approve_all,
    assert_books_balance,
    claimed,
    decide,
    fill_queue,
    make_item,
    make_queue,
    report,
    token_of,
    used,
)


def asked(cast: Cast, question: str = "Is this the right cap?") -> Escalation:
    """The reviewer's question about the item that comes next."""
    decision = decide(cast.reviewer, claimed(cast.reviewer), [], escalate=Question(question))
    return Escalation.objects.get(decision=decision)


def test_the_seat_is_held_and_the_item_stays_open(cast: Cast) -> None:
    make_queue(cast.team, overlap=2)
    item = make_item(cast.operator, 2)
    question = asked(cast)
    assert (question.item, question.state, question.decision.kind) == (item, "open", "escalated")
    decide(cast.second_reviewer, claimed(cast.second_reviewer))
    item.refresh_from_db()
    assert item.state == "open" and not Outcome.objects.exists()
    assert set(item.slots.values_list("state", flat=True)) == {"decided"}
    assert used(cast.reviewer) == 2 and queue.claim(cast.reviewer).reason == "nothing_waits"
    assert_books_balance()


def test_the_answer_gives_the_seat_back_and_is_read_by_whoever_comes(cast: Cast) -> None:
    make_queue(cast.team, overlap=2)
    item = make_item(cast.operator)
    question = asked(cast)
    decide(cast.second_reviewer, claimed(cast.second_reviewer))
    slot = answer_question(question, cast.admin, "It is.")
    assert (slot.state, slot.attempt, used(cast.reviewer)) == ("ready", 2, 0)
    question.refresh_from_db()
    assert (question.state, question.answer, question.answered_by) == ("answered", "It is.", cast.admin)
    assert Retraction.objects.get().reviewer == cast.admin
    again = claimed(cast.reviewer)  # the asker, in their own seat
    assert again.pk == slot.pk
    assert again.answers == [{"question": "Is this the right cap?", "answer": "It is."}]  # type: ignore[attr-defined]
    decide(cast.reviewer, again)
    item.refresh_from_db()
    assert item.state == "resolved"
    assert_books_balance()


def test_an_answered_item_comes_before_the_rest_and_to_others_as_well(cast: Cast) -> None:
    items = fill_queue(make_queue(cast.team), cast.operator, 3)
    question = asked(cast)
    claimed(cast.reviewer)
    answer_question(question, cast.admin, "It is.")
    assert claimed(cast.second_reviewer).item == items[0]


def test_taken_back_it_is_not_asked_any_more(cast: Cast) -> None:
    make_item(cast.operator)
    question = asked(cast)
    assert decisions.undo(cast.reviewer).state == "leased"
    question.refresh_from_db()
    assert (question.state, question.answered_by) == ("taken_back", None)
    with pytest.raises(QuestionClosed, match="taken the question back"):
        answer_question(question, cast.admin, "It is.")
    assert Retraction.objects.count() == 1


def test_an_answered_question_is_neither_taken_back_nor_answered_again(cast: Cast) -> None:
    make_item(cast.operator)
    question = asked(cast)
    answer_question(question, cast.admin, "It is.")
    with pytest.raises(QuestionClosed, match="answered your question"):
        decisions.undo(cast.reviewer, question.decision)
    with pytest.raises(QuestionClosed, match="answered already"):
        answer_question(Escalation.objects.get(), cast.admin, "It is not.")
    assert Escalation.objects.get().answer == "It is." and Retraction.objects.count() == 1


def test_asked_again_both_are_kept_and_only_answers_are_shown(cast: Cast) -> None:
    make_item(cast.operator)
    answer_question(asked(cast, "Which cap?"), cast.admin, "The red one.")
    asked(cast, "Really?")
    slot = decisions.undo(cast.reviewer)
    assert slot.answers == [{"question": "Which cap?", "answer": "The red one."}]  # type: ignore[attr-defined]
    assert Escalation.objects.count() == 2


def test_the_admin_judges_it_and_what_they_had_comes_next(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 3)
    question, on_screen = asked(cast), claimed(cast.admin)
    slot = answer_question(question, cast.admin, "I will see.", judges=True)
    assert (slot.state, slot.reviewer, slot.item) == ("leased", cast.admin, question.item)
    assert [held.pk for held in queue.current(cast.admin)] == [slot.pk, on_screen.pk]
    decide(cast.admin, slot)
    assert Outcome.objects.filter(item=question.item).exists()
    assert_books_balance()


def test_an_admin_who_has_judged_it_cannot_do_so_twice(cast: Cast) -> None:
    make_queue(cast.team, overlap=2)
    make_item(cast.operator)
    question = asked(cast)
    decide(cast.admin, claimed(cast.admin))
    assert answer_question(question, cast.admin, "It is.", judges=True).state == "ready"
    assert Escalation.objects.get().state == "answered"


def test_without_room_in_the_admins_day_it_waits(cast: Cast) -> None:
    make_item(cast.operator)
    question = asked(cast)
    quotas.set_limit(cast.admin, 0, cast.admin)
    assert answer_question(question, cast.admin, "It is.", judges=True).state == "ready"


def test_in_a_withdrawn_item_the_seat_stays_closed(cast: Cast) -> None:
    make_queue(cast.team, overlap=2)
    item = make_item(cast.operator)
    question = asked(cast)
    report(cast.second_reviewer, claimed(cast.second_reviewer))
    assert answer_question(question, cast.admin, "It is.", judges=True).state == "closed"
    item.refresh_from_db()
    assert item.state == "withdrawn"
    decisions.undo(cast.second_reviewer)
    assert set(item.slots.values_list("state", flat=True)) == {"ready", "leased"}
    assert_books_balance()


def test_it_is_sent_once_and_a_key_stands_for_one_question(cast: Cast) -> None:
    make_item(cast.operator)
    slot, key = claimed(cast.reviewer), uuid.uuid4()
    first, again = (decide(cast.reviewer, slot, [], idempotency_key=key, escalate=Question("Why?")) for _ in range(2))
    assert first == again and Escalation.objects.count() == 1


@pytest.mark.parametrize("question", ["", "  ", "x" * 1001, "a\0b", "\ud800"])
def test_what_is_no_question_is_refused(cast: Cast, question: str) -> None:
    make_item(cast.operator)
    slot = claimed(cast.reviewer)
    with pytest.raises(DecisionRefused):
        decide(cast.reviewer, slot, [], escalate=Question(question))
    with pytest.raises(DecisionRefused):
        decide(cast.reviewer, slot, approve_all(slot), escalate=Question("Why?"))
    assert not Decision.objects.exists() and queue.extend(token_of(slot), cast.reviewer)
