"""Ten items back: in reverse order, each with what was said of it, and nothing that was seen is lost on the way."""

import uuid

import pytest

from accounts.tests.factories import Cast
from reviews.models import Decision, Retraction, Slot
from reviews.services import claiming, decisions, queue, undoing
from reviews.services.refusals import NoSuchDecision, NotTheLatest
from reviews.tests.factories import (
    assert_books_balance,
    claimed,
    decide,
    expire,
    fill_queue,
    make_item,
    make_queue,
    token_of,
)

DEEP = 10


def _judge(cast: Cast, count: int) -> list[Decision]:
    """As the browser does it: two ahead, shown one after the other."""
    made = []
    for _ in range(count):
        slot = claimed(cast.reviewer)
        tokens = [token_of(slot)]
        for _ahead in range(claiming.PREFETCH):
            ahead = queue.claim(cast.reviewer, soft=True, held=tokens).slot
            assert ahead is not None
            tokens.append(token_of(ahead))
        made.append(decide(cast.reviewer, slot))
    return made


def test_ten_are_handed_back_in_reverse_and_come_again_in_order(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, DEEP + 4)
    made = _judge(cast, DEEP)
    on_screen = claimed(cast.reviewer)
    back = [decisions.undo(cast.reviewer) for _ in range(DEEP)]
    assert [slot.pk for slot in back] == [decision.slot_id for decision in reversed(made)]
    again = [slot.pk for slot in queue.current(cast.reviewer)]
    assert again == [decision.slot_id for decision in made] + [on_screen.pk]
    # Others find none of them free, and the reviewer redoes them in the order of the first time.
    assert claimed(cast.second_reviewer).pk not in again
    redone = [decide(cast.reviewer, claimed(cast.reviewer)).slot_id for _ in range(DEEP)]
    assert redone == [decision.slot_id for decision in made]
    assert claimed(cast.reviewer).pk == on_screen.pk
    assert_books_balance()


def test_an_order_that_is_not_the_queues_is_kept(cast: Cast) -> None:
    items = fill_queue(make_queue(cast.team), cast.operator, 3)
    for item in reversed(items):
        decide(cast.reviewer, queue.claim(cast.reviewer, item=item).slot or pytest.fail("not leased"))
    for _ in items:
        decisions.undo(cast.reviewer)
    assert [slot.item for slot in queue.current(cast.reviewer)] == items[::-1]


def test_only_what_nobody_has_seen_goes_back_to_the_others(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 5)
    decide(cast.reviewer, claimed(cast.reviewer))
    on_screen = claimed(cast.reviewer)
    ahead = queue.claim(cast.reviewer, soft=True).slot
    decisions.undo(cast.reviewer)
    assert ahead is not None
    ahead.refresh_from_db()
    assert ahead.state == "ready" and ahead.seen_at is None
    assert queue.current(cast.reviewer)[1] == on_screen


def test_what_is_set_aside_lasts_while_its_reviewer_is_there(cast: Cast) -> None:
    fill_queue(make_queue(cast.team, lease_seconds=600), cast.operator, 3)
    decide(cast.reviewer, claimed(cast.reviewer))
    aside = claimed(cast.reviewer)
    screen = decisions.undo(cast.reviewer)
    Slot.objects.filter(pk=aside.pk).update(lease_until=screen.lease_until)
    queue.extend(token_of(screen), cast.reviewer)
    aside.refresh_from_db()
    assert aside.is_soft and aside.lease_until and screen.lease_until and aside.lease_until > screen.lease_until
    expire(aside)  # once it has run out, no heartbeat brings it back
    queue.extend(token_of(screen), cast.reviewer)
    assert queue.current(cast.reviewer) == [Slot.objects.get(pk=screen.pk)]


def test_more_than_ten_aside_go_back_from_the_far_end(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, DEEP + 3)
    made = [decide(cast.reviewer, claimed(cast.reviewer)) for _ in range(DEEP + 2)]
    last = claimed(cast.reviewer)
    for _ in made:
        decisions.undo(cast.reviewer)
    assert len(queue.current(cast.reviewer)) == DEEP + 1
    last.refresh_from_db()
    assert last.state == "ready"
    assert_books_balance()


def test_by_key_the_latest_only_and_once(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 3)
    first, second = (decide(cast.reviewer, claimed(cast.reviewer)) for _ in range(2))
    with pytest.raises(NotTheLatest):
        undoing.undo_latest(cast.reviewer, first.idempotency_key)
    back, again = (undoing.undo_latest(cast.reviewer, second.idempotency_key) for _ in range(2))
    assert (back.pk, back.lease_token) == (again.pk, again.lease_token)
    assert Retraction.objects.count() == 1
    undoing.undo_latest(cast.reviewer, first.idempotency_key)
    # Late again: that item waits aside, and is still in the reviewer's hands.
    late = undoing.undo_latest(cast.reviewer, second.idempotency_key)
    assert (late.pk, undoing.became_of(late, cast.reviewer)) == (second.slot_id, "granted")
    decide(cast.reviewer, late)
    assert undoing.became_of(undoing.undo_latest(cast.reviewer, second.idempotency_key), cast.reviewer) == "taken"
    assert Retraction.objects.count() == 2


@pytest.mark.parametrize("who", ["second_reviewer", "admin", "stranger"])
def test_by_key_only_ones_own(cast: Cast, who: str) -> None:
    make_item(cast.operator)
    decision = decide(cast.reviewer, claimed(cast.reviewer))
    for key in (decision.idempotency_key, uuid.uuid4()):
        with pytest.raises(NoSuchDecision):
            undoing.undo_latest(getattr(cast, who), key)
    assert not Retraction.objects.exists()


def test_what_was_said_before_is_the_reviewers_own_only(cast: Cast) -> None:
    make_item(cast.operator)
    decision = decide(cast.reviewer, claimed(cast.reviewer))
    slot = decisions.undo(cast.reviewer)
    assert undoing.before(slot) == decision
    queue.release(token_of(slot), cast.reviewer)
    assert undoing.before(claimed(cast.second_reviewer)) is None
