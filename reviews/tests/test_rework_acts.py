"""Review again, withdraw, move, prioritise: each is seen, done, and taken back; counts stay exact all the time."""

from datetime import timedelta

import pytest
from django.db.models import F

from accounts.tests.factories import Cast
from delivery.models import OutboxMessage
from delivery.services import endpoints
from generation.services import repairs
from reviews.models import ArrivalDay, Outcome, ReviewItem, Slot
from reviews.services import announcements, bulk, queue, reworks, undoing, withdrawals
from reviews.services.bundles import Question
from reviews.services.judged import SnapshotFilters, judged_requests
from reviews.services.refusals import ItemLocked, ItemWithdrawn
from reviews.tests.factories import (
    approve_all,
    claimed,
    decide,
    expire,
    fill_queue,
    make_item,
    make_queue,
    reject_all,
    report,
    token_of,
)
from reviews.tests.rework_acts import (
    AGAIN,
    WITHDRAW,
    assert_all_counts,
    done,
    move_to,
    photograph,
    priority,
    these,
    undone,
    why,
)

pytestmark = pytest.mark.django_db


def _judged(cast: Cast, images: int = 1) -> ReviewItem:
    item = make_item(cast.operator, images)
    decide(cast.reviewer, claimed(cast.reviewer))
    item.refresh_from_db()
    assert item.state == "resolved"
    return item


def test_what_was_judged_comes_again_and_what_was_decided_holds(cast: Cast) -> None:
    item = _judged(cast, 2)
    rework = done(cast, these(item), AGAIN)
    made = rework.items.get().made
    assert made is not None and (made.first, made.state, made.queue) == (item, "open", item.queue)
    assert (rework.state, rework.items_done, Outcome.objects.approved().count()) == ("done", 1, 2)
    undone(cast, rework)
    made.refresh_from_db()
    assert (made.state, rework.state, rework.items_undone) == ("withdrawn", "undone", 1)
    assert Outcome.objects.approved().count() == 2


def test_only_fresh_eyes_judge_it_again_where_asked(cast: Cast) -> None:
    item = _judged(cast)
    done(cast, these(item), AGAIN.__class__(AGAIN.kind, fresh_eyes=True))
    assert queue.claim(cast.reviewer).reason == "nothing_waits"
    assert claimed(cast.second_reviewer).item.first == item


def test_what_was_judged_again_is_left_by_the_undo(cast: Cast) -> None:
    first, second = _judged(cast), _judged(cast)
    rework = done(cast, these(first, second), AGAIN)
    slot = claimed(cast.second_reviewer)
    decide(cast.second_reviewer, slot, reject_all(slot))
    undone(cast, rework)
    assert (rework.items_undone, rework.items_left) == (1, 1)
    assert sorted(why(rework)) == ["", "judged_since"]
    assert Outcome.objects.approved().count() == 1, "what was said at the later visit counts"


def test_whoever_is_at_a_visit_that_is_taken_back_is_told(cast: Cast) -> None:
    rework = done(cast, these(_judged(cast)), AGAIN)
    held = claimed(cast.second_reviewer)
    undone(cast, rework)
    with pytest.raises(ItemWithdrawn, match="taken back"):
        decide(cast.second_reviewer, held)


def test_a_locked_item_is_an_admins_with_a_reason(cast: Cast) -> None:
    item = _judged(cast)
    ReviewItem.objects.update(resolved_at=F("resolved_at") - timedelta(days=3))
    with pytest.raises(ItemLocked):
        undoing.undo(cast.reviewer)
    before = photograph()
    rework = done(cast, these(item), WITHDRAW)
    assert rework.reason and not Outcome.objects.approved().exists()
    undone(cast, rework)
    assert photograph() == before
    with pytest.raises(ItemLocked):
        undoing.undo(cast.reviewer)


def test_what_is_withdrawn_is_neither_approved_nor_learned_from(cast: Cast) -> None:
    item = _judged(cast, 2)
    assert list(judged_requests(cast.team, SnapshotFilters()))
    before = photograph()
    rework = done(cast, these(item), WITHDRAW)
    item.refresh_from_db()
    assert (item.state, {outcome.state for outcome in item.outcomes.all()}) == ("withdrawn", {"withdrawn"})
    assert not Outcome.objects.approved().exists()
    assert not list(judged_requests(cast.team, SnapshotFilters()))
    undone(cast, rework)
    assert photograph() == before
    assert list(judged_requests(cast.team, SnapshotFilters()))


def test_a_withdrawal_closes_the_seats_of_what_waits_and_tells_who_is_at_it(cast: Cast) -> None:
    in_queue = make_queue(cast.team, overlap=3)
    item = make_item(cast.operator, in_queue=in_queue)
    decide(cast.reviewer, claimed(cast.reviewer))
    held = claimed(cast.second_reviewer)
    rework = done(cast, these(item), WITHDRAW)
    assert sorted(item.slots.values_list("state", flat=True)) == ["closed", "closed", "decided"]
    with pytest.raises(ItemWithdrawn, match="An admin"):
        decide(cast.second_reviewer, held)
    undone(cast, rework)
    assert sorted(item.slots.values_list("state", flat=True)) == ["decided", "ready", "ready"]
    decide(cast.second_reviewer, claimed(cast.second_reviewer))
    assert_all_counts()


def test_a_reviewer_may_still_take_back_and_then_it_stays_withdrawn(cast: Cast) -> None:
    rework = done(cast, these(_judged(cast)), WITHDRAW)
    undoing.undo(cast.reviewer)
    undone(cast, rework)
    assert why(rework) == ["taken_back"]
    assert ReviewItem.objects.get().state == "withdrawn"


def test_what_waited_because_of_the_outcomes_goes_and_comes_with_them(cast: Cast) -> None:
    item = _judged(cast)
    visit = done(cast, these(item), AGAIN).items.get().made
    assert visit is not None
    before = photograph()
    rework = done(cast, these(item), WITHDRAW)
    visit.refresh_from_db()
    assert visit.state == "withdrawn" and queue.claim(cast.second_reviewer).slot is None
    undone(cast, rework)
    assert photograph() == before


def test_withdrawing_an_item_and_its_later_visit_at_once_is_taken_back_whole(cast: Cast) -> None:
    item = _judged(cast)
    visit = done(cast, these(item), AGAIN).items.get().made
    assert visit is not None
    before = photograph()
    rework = done(cast, these(item, visit), WITHDRAW)
    assert rework.items_done == 2
    undone(cast, rework)
    assert photograph() == before


def test_other_programs_hear_of_a_withdrawal_after_the_hold(cast: Cast) -> None:
    endpoints.create_endpoint(cast.team, cast.admin, url="https://example.com/", topics=["candidate.completed"])
    item = _judged(cast)
    OutboxMessage.objects.filter(topic=announcements.TOPIC).delete()
    done(cast, these(item), WITHDRAW)
    assert OutboxMessage.objects.filter(topic=announcements.TOPIC, key=item.pk).count() == 1
    Outcome.objects.update(created_at=F("created_at") - timedelta(hours=1))
    assert announcements.tell_outcomes(item.pk) == 1


def test_an_item_moves_with_its_seats_and_its_age(cast: Cast) -> None:
    here, there = make_queue(cast.team), make_queue(cast.team, overlap=3, due_hours=5, position=900)
    item = make_item(cast.operator, 2, in_queue=here)
    ReviewItem.objects.update(created_at=F("created_at") - timedelta(days=2))
    before = photograph()
    rework = done(cast, these(item), move_to(there))
    item.refresh_from_db()
    assert item.queue == there and item.due_at == item.created_at + timedelta(hours=5)
    assert set(item.slots.values_list("queue", "images", "state")) == {(there.pk, 2, "ready")}
    assert item.slots.count() == 3 and item.slots.first().turn_at < item.created_at  # type: ignore[union-attr]
    arrived = {row.queue_id: (row.items, row.slots, row.images) for row in ArrivalDay.objects.all()}
    assert arrived == {here.pk: (0, 0, 0), there.pk: (1, 3, 6)}
    undone(cast, rework)
    assert photograph() == before


def test_what_is_in_hand_or_judged_does_not_move(cast: Cast) -> None:
    here, there = make_queue(cast.team, overlap=2), make_queue(cast.team)
    judged, held, free = fill_queue(here, cast.operator, 3)
    for item in (judged, held):
        slot = queue.claim(cast.reviewer, item=item).slot
        assert slot is not None
        if item == judged:
            decide(cast.reviewer, slot)
    rework_of = these(judged, held, free)
    effect_why = dict(done(cast, rework_of, move_to(there)).items.values_list("item", "why"))
    assert effect_why == {free.pk: ""}
    assert {item.queue_id for item in ReviewItem.objects.filter(pk__in=[judged.pk, held.pk])} == {here.pk}
    expire()
    done(cast, these(held), move_to(there))
    held.refresh_from_db()
    assert held.queue == there, "a lease that ran out holds nothing"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ({"variant": "outpainting"}, "other_variant"),
        ({"purpose": "second_look"}, "other_purpose"),
        ({}, "waits_there"),
    ],
)
def test_where_an_item_does_not_belong_it_does_not_go(cast: Cast, target: dict[str, str], reason: str) -> None:
    here, there = make_queue(cast.team), make_queue(cast.team, **target)
    item = make_item(cast.operator, in_queue=here)
    if reason == "waits_there":
        ReviewItem.objects.create(queue=there, request=item.request)
    assert dict(reworks.effect_of(cast.team, these(item), move_to(there)).refused) == {reason: 1}
    assert dict(reworks.effect_of(cast.team, these(item), move_to(here)).refused) == {"same_queue": 1}


def test_priority_decides_whose_turn_it_is_and_goes_back(cast: Cast) -> None:
    old, new = fill_queue(make_queue(cast.team, overlap=2), cast.operator, 2)
    before = photograph()
    rework = done(cast, these(new), priority(3))
    assert claimed(cast.reviewer).item == new
    assert claimed(cast.second_reviewer).item == new
    for reviewer in (cast.reviewer, cast.second_reviewer):
        queue.release(token_of(Slot.objects.get(state="leased", reviewer=reviewer)), reviewer)
    undone(cast, rework)
    assert photograph() == before
    assert claimed(cast.reviewer).item == old


def test_a_priority_that_was_changed_again_is_left(cast: Cast) -> None:
    [item] = fill_queue(make_queue(cast.team), cast.operator, 1)
    first = done(cast, these(item), priority(3))
    done(cast, these(item), priority(5))
    undone(cast, first)
    item.refresh_from_db()
    assert (why(first), item.priority) == (["changed_since"], 5)


def test_what_an_admin_has_withdrawn_is_not_an_operators_to_bring_back(cast: Cast) -> None:
    item = make_item(cast.operator)
    report(cast.reviewer, claimed(cast.reviewer))
    repairs.keep_mask(item.request.mask_repairs.get(), cast.operator)
    assert withdrawals.pull_kept() == 1
    decide(cast.second_reviewer, claimed(cast.second_reviewer))
    done(cast, these(item), WITHDRAW)
    assert withdrawals.pull_kept() == 0 and not withdrawals.reopen_kept(item.request.mask_repairs.get())
    assert ReviewItem.objects.get().state == "withdrawn"


def test_a_withdrawn_later_visit_takes_the_image_out_of_downloads(cast: Cast) -> None:
    item = _judged(cast)
    handles = [item.candidates.get().handle]
    assert len(bulk.effect_of_download(cast.team, handles).images) == 1
    visit = done(cast, these(item), AGAIN).items.get().made
    assert visit is not None
    done(cast, these(visit), WITHDRAW)
    assert not Outcome.objects.approved().exists()
    assert not bulk.effect_of_download(cast.team, handles).images


def test_an_open_question_of_a_withdrawn_item_comes_back_with_it(cast: Cast) -> None:
    item = make_item(cast.operator)
    slot = claimed(cast.reviewer)
    decide(cast.reviewer, slot, [], escalate=Question("Is the handle part of it?"))
    before = photograph()
    rework = done(cast, these(item), WITHDRAW)
    undone(cast, rework)
    assert photograph() == before
    assert approve_all(slot) and item.escalations.waiting().count() == 1
