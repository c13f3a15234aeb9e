"""A split is settled by somebody else, a share is looked at again blind, and an admin brings back what is locked."""

import uuid
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role
from accounts.tests.factories import Cast, make_user
from delivery.models import OutboxMessage
from reviews.models import Outcome, Queue, ReviewItem, Rework, Slot
from reviews.models.queues import DecisionPolicy
from reviews.services import later_visits, queue, reworks
from reviews.services.judged import SnapshotFilters, judged_requests
from reviews.services.outcomes import outcome_of
from reviews.services.refusals import ItemWithdrawn, Refusal
from reviews.services.undoing import undo
from reviews.tests.factories import (
    approve_all,
    assert_books_balance,
    claimed,
    decide,
    make_item,
    make_queue,
    reject_all,
    report,
)


@given(st.lists(st.booleans(), min_size=1, max_size=9), st.sampled_from(DecisionPolicy.values), st.randoms())
def test_an_outcome_does_not_depend_on_the_order(votes: list[bool], policy: str, luck: object) -> None:
    shuffled = sorted(votes, key=lambda _vote: luck.random())  # type: ignore[attr-defined]
    assert outcome_of(policy, votes) == outcome_of(policy, shuffled)


@pytest.mark.parametrize("policy", ["unanimous", "adjudicate"])
def test_whoever_does_not_agree_is_split(policy: str) -> None:
    assert outcome_of(policy, [True, True, False]) == "split"
    assert (outcome_of(policy, [True, True]), outcome_of(policy, [False])) == ("approved", "rejected")
    assert outcome_of(policy, []) == "split"


def _split(cast: Cast, **rules: object) -> ReviewItem:
    """An item of two images on the first of which two reviewers agree."""
    made = make_queue(cast.team, overlap=2, **({"policy": "adjudicate"} | rules))
    item = make_item(cast.operator, images=2, in_queue=made)
    decide(cast.reviewer, claimed(cast.reviewer))
    slot = claimed(cast.second_reviewer)
    decide(cast.second_reviewer, slot, [approve_all(slot)[0], reject_all(slot)[1]])
    item.refresh_from_db()
    assert item.state == "resolved"
    return item


def test_a_split_comes_to_somebody_who_has_not_judged_it(cast: Cast) -> None:
    item = _split(cast)
    assert OutboxMessage.objects.filter(topic="item.settled", key=item.pk).exists()
    visits = later_visits.open_due(item.pk)
    assert [(visit.queue.purpose, visit.first) for visit in visits] == [("adjudication", item)]
    assert visits[0].candidates.count() == 1, "only what they did not agree on"
    assert visits[0].entered_because["reason"] == "split"
    assert queue.claim(cast.reviewer).reason == "nothing_waits"
    third = make_user(cast.team, Role.REVIEWER)
    approved = Outcome.objects.approved()
    assert approved.count() == 1
    decide(third, claimed(third))
    assert approved.all().count() == 2, "what was settled may be published"


def test_it_is_asked_for_once_whether_or_not_the_event_arrived(cast: Cast) -> None:
    item = _split(cast)
    assert later_visits.pull_due() == 1
    assert later_visits.open_due(item.pk) == [] and later_visits.pull_due() == 0
    assert ReviewItem.objects.count() == 2


def test_a_second_look_is_blind_and_rules(cast: Cast) -> None:
    item = _split(cast, policy="any_reject_fails", second_look_share=1.0)
    visit = later_visits.open_due(item.pk)[0]
    assert (visit.queue.purpose, visit.candidates.count()) == ("second_look", 2)
    assert set(Slot.objects.filter(item=visit).values_list("family", "fresh_eyes")) == {(item.pk, True)}
    third = make_user(cast.team, Role.REVIEWER)
    slot = claimed(third)
    decide(third, slot, reject_all(slot))
    assert not Outcome.objects.approved().exists(), "the newest visit counts"
    assert later_visits.open_due(visit.pk) == [], "a second look is not looked at again"
    undo(third)
    assert Outcome.objects.approved().count() == 1


def test_without_a_share_nothing_is_looked_at_again(cast: Cast) -> None:
    item = _split(cast, policy="majority", second_look_share=0.0)
    assert later_visits.open_due(item.pk) == []
    assert not OutboxMessage.objects.filter(topic="item.settled").exists()


def test_an_admin_brings_back_what_is_locked(cast: Cast) -> None:
    item = make_item(cast.operator)
    decide(cast.reviewer, claimed(cast.reviewer))
    ReviewItem.objects.filter(pk=item.pk).update(resolved_at=F("resolved_at") - timedelta(days=3))
    with pytest.raises(Refusal, match="24"):
        undo(cast.reviewer)
    client = Client()
    client.force_login(cast.admin)
    answer = client.post(reverse("reviews:review_again", args=[item.handle]), {"reason": "The handle is wrong."})
    made = ReviewItem.objects.exclude(pk=item.pk).get()
    assert answer.headers["Location"] == reverse("reviews:item", args=[made.handle])
    assert (made.first, made.state) == (item, "open")
    rework = Rework.objects.get()
    assert (rework.reason, rework.done_by) == ("The handle is wrong.", cast.admin)
    page = client.get(reverse("reviews:item", args=[made.handle])).content.decode()
    assert "An admin wanted it judged again." in page
    slot = claimed(cast.reviewer)
    assert slot.item == made, "the same people may judge it"
    decide(cast.reviewer, slot, reject_all(slot))
    assert not Outcome.objects.approved().exists()


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501, "a\0b"])
def test_a_reason_is_needed(cast: Cast, reason: str) -> None:
    item = make_item(cast.operator)
    decide(cast.reviewer, claimed(cast.reviewer))
    with pytest.raises(Refusal):
        reworks.review_again(item, cast.admin, reason)
    assert not Rework.objects.exists()


def test_what_waits_already_is_not_brought_back(cast: Cast) -> None:
    item = make_item(cast.operator)
    with pytest.raises(reworks.ReworkChanged):
        reworks.review_again(item, cast.admin, "Again.")
    decide(cast.reviewer, claimed(cast.reviewer))
    reworks.review_again(item, cast.admin, "Again.")
    with pytest.raises(reworks.ReworkChanged):
        reworks.review_again(item, cast.admin, "And again.")
    assert Queue.objects.count() == 1


def test_a_mask_reported_at_a_second_look_takes_the_image_back(cast: Cast) -> None:
    item = _split(cast, policy="any_reject_fails", second_look_share=1.0)
    later_visits.open_due(item.pk)
    third = make_user(cast.team, Role.REVIEWER)
    report(third, claimed(third))
    assert not Outcome.objects.approved().exists()
    assert not list(judged_requests(cast.team, SnapshotFilters()))


def test_what_is_taken_back_need_not_be_settled(cast: Cast) -> None:
    item = _split(cast)
    visit = later_visits.open_due(item.pk)[0]
    third = make_user(cast.team, Role.REVIEWER)
    held = claimed(third)
    again = undo(cast.second_reviewer)
    visit.refresh_from_db()
    assert visit.state == "withdrawn"
    with pytest.raises(ItemWithdrawn, match="taken back"):
        decide(third, held)
    decide(cast.second_reviewer, again, [approve_all(again)[1], reject_all(again)[0]])
    made = later_visits.open_due(item.pk)
    assert len(made) == 1 and made[0].candidates.get() != visit.candidates.get()
    assert_books_balance()


def test_a_closed_queue_takes_nothing_that_must_be_settled(cast: Cast) -> None:
    item = _split(cast)
    name = "Background enhancement: adjudication"
    make_queue(cast.team, name=name, purpose="adjudication", is_closed=True)
    assert later_visits.open_due(item.pk)[0].queue.name == f"{name} 2"


def _drawn(item: ReviewItem, wanted: bool) -> None:
    """Give the item a handle by which it is drawn for a second look at a share of one half, or is not."""
    while later_visits.is_drawn(item.handle, 0.5) is not wanted:
        item.handle = uuid.uuid4()
    item.save()


def test_who_was_not_drawn_does_not_hide_who_was(cast: Cast) -> None:
    items = [_split(cast, policy="majority", second_look_share=0.5) for _ in range(3)]
    for number, item in enumerate(items):
        _drawn(item, number == 2)
    assert later_visits.pull_due(limit=1) == 1
    assert ReviewItem.objects.latest("pk").first == items[2]
