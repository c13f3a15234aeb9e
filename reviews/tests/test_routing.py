"""Which queue takes a request, and why, as data."""

from typing import Any

import pytest
from django.db.models import F

from accounts.tests.factories import Cast
from generation.tests.factories import make_scored_request
from reviews.models import Queue, Slot
from reviews.routing import BadCondition, Facts, check, match
from reviews.services import enqueueing
from reviews.tests.factories import make_queue

FACTS = Facts(
    best_score=0.9, score_spread=0.4, candidates=3, share=0.25, category="Mug", prompt="a mug on OAK",
    requested_by="ann", made_elsewhere=False, uncertainty=0.2,
)  # fmt: skip


def condition(field: str, op: Any, value: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


@pytest.mark.parametrize(
    ("field", "op", "value", "holds"),
    [
        ("best_score", "at_least", 0.9, True), ("best_score", "below", 0.9, False),
        ("candidates", "at_least", 4, False),
        ("category", "is", "mug", True), ("category", "is_not", "MUG", False), ("prompt", "contains", "oak", True),
        ("made_elsewhere", "is", False, True), ("share", "below", 0.25, False), ("requested_by", "is", "bob", False),
    ],
)  # fmt: skip
def test_a_condition_holds_or_not_and_says_with_what(field: str, op: str, value: Any, holds: bool) -> None:
    found = match([condition(field, op, value)], FACTS)
    assert (found is not None) is holds
    if found:
        assert (found[0].field, found[0].was) == (field, getattr(FACTS, field))


def test_all_conditions_must_hold() -> None:
    both = [condition("best_score", "at_least", 0.5), condition("category", "is", "mug")]
    assert len(match(both, FACTS) or []) == 2
    assert match([*both, condition("candidates", "below", 3)], FACTS) is None
    assert match([], FACTS) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "all", {"field": "best_score"}, [1], [condition("password", "is", "x")],
        [condition("best_score", "contains", 1)],
        [condition("best_score", "below", "high")], [condition("best_score", "below", True)],
        [condition("best_score", "below", float("nan"))], [condition("category", "is", "")],
        [condition("category", "is", "a\0b")], [condition("made_elsewhere", "is", "no")],
        [{**condition("category", "is", "mug"), "or": 1}], [condition("category", ["is"], "mug")],
        [condition("share", "below", 0.5)] * 21,
    ],
)  # fmt: skip
def test_what_is_no_condition_is_refused_in_words(wrong: object) -> None:
    with pytest.raises(BadCondition, match=r"\w"):
        check(wrong)


def test_the_first_queue_that_matches_takes_it_and_the_item_says_why(cast: Cast) -> None:
    sure = make_queue(cast.team, position=1, conditions=[condition("best_score", "at_least", 0.8)])
    rest = make_queue(cast.team, position=2)
    high = enqueueing.enqueue_request(make_scored_request(cast.operator, [0.9, 0.2]))
    low = enqueueing.enqueue_request(make_scored_request(cast.operator, [0.4]))
    assert high is not None and low is not None
    assert (high.queue, low.queue) == (sure, rest)
    assert high.entered_because["matched"] == [{**condition("best_score", "at_least", 0.8), "was": 0.9}]
    assert low.entered_because["matched"] == []


def test_closed_queues_and_those_for_judged_items_take_no_request(cast: Cast) -> None:
    make_queue(cast.team, position=1, is_closed=True)
    make_queue(cast.team, position=2, purpose=Queue.Purpose.ADJUDICATION)
    made = enqueueing.enqueue_request(make_scored_request(cast.operator, [0.9]))
    assert made is not None and made.queue.position == 32_000 and made.queue.conditions == []


def test_what_no_condition_fits_still_comes_before_people(cast: Cast) -> None:
    make_queue(cast.team, conditions=[condition("best_score", "at_least", 2)])
    items = [enqueueing.enqueue_request(make_scored_request(cast.operator, [0.9])) for _ in range(2)]
    assert items[0] is not None and items[1] is not None and items[0].queue == items[1].queue


def test_some_items_get_more_reviewers_and_say_so(cast: Cast) -> None:
    make_queue(cast.team, overlap=1, overlap_more=3, overlap_share=1.0)
    item = enqueueing.enqueue_request(make_scored_request(cast.operator, [0.9]))
    assert item is not None
    assert (item.slots.count(), item.entered_because["overlap"], item.entered_because["drawn_for_more"]) == (3, 3, True)


def test_seats_know_their_turn_and_their_family(cast: Cast) -> None:
    make_queue(cast.team, overlap=2, score_weight=1.0, reach_hours=10)
    item = enqueueing.enqueue_request(make_scored_request(cast.operator, [1.0]))
    assert item is not None
    assert not Slot.objects.exclude(family=F("item")).exists()
    seats = Slot.objects.filter(item=item)
    assert {round((item.created_at - seat.turn_at).total_seconds() / 3600) for seat in seats} == {10}


def test_a_request_never_enters_a_queue_whose_conditions_it_fails(cast: Cast) -> None:
    name = "Background enhancement"
    make_queue(cast.team, name=name, conditions=[condition("best_score", "at_least", 0.8)])
    low = enqueueing.enqueue_request(make_scored_request(cast.operator, [0.4]))
    assert low is not None and (low.queue.name, low.queue.conditions) == (f"{name} 2", [])
