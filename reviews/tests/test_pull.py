"""Scored requests become review items, once, whether their event arrives or not."""

import pytest
from django.core.management import call_command

from accounts.tests.factories import Cast, make_cast
from generation.models import Candidate
from generation.tests.factories import make_request, make_scored_request
from generation.variants import VARIANTS
from reviews.models import ItemCandidate, Queue, ReviewItem, Slot
from reviews.services import enqueueing
from reviews.tasks.queue import enqueue_request, pull_scored
from reviews.tests.factories import in_threads, make_queue


def test_an_item_has_its_seats_and_knows_why_each_image_is_there(cast: Cast) -> None:
    in_queue = make_queue(cast.team, overlap=3, top_ranks=2, score_floor=0.5, exploration_share=1.0)
    request = make_scored_request(cast.operator, [0.2, 0.9, 0.6, 0.55])
    item = enqueueing.enqueue_request(request)
    assert item is not None and (item.queue, item.state) == (in_queue, "open")
    shown = ItemCandidate.objects.filter(item=item).order_by("candidate__position")
    assert [(one.reason, one.propensity) for one in shown] == [
        ("exploration", 1.0), ("top_rank", 1.0), ("top_rank", 1.0), ("exploration", 1.0),
    ]  # fmt: skip
    assert list(Slot.objects.order_by("number").values_list("number", "images", "queue", "state")) == [
        (number, 4, in_queue.pk, "ready") for number in (1, 2, 3)
    ]


def test_blocked_candidates_are_never_shown(cast: Cast) -> None:
    make_queue(cast.team, exploration_share=1.0)
    request = make_scored_request(cast.operator, [0.9, 0.8])
    blocked = Candidate.objects.filter(request=request, position=1)
    blocked.update(state="blocked")
    item = enqueueing.enqueue_request(request)
    assert item is not None and not item.candidates.filter(pk__in=blocked).exists()


def test_scores_of_another_model_do_not_count(cast: Cast) -> None:
    make_queue(cast.team, top_ranks=1, exploration_share=0.0)
    request = make_scored_request(cast.operator, [0.9, 0.1])
    worse = request.candidates.get(position=1)
    other = make_scored_request(cast.operator, [0.5]).reward_version
    assert other is not None
    worse.scores.create(version=other, value=1.0, rank=1)
    item = enqueueing.enqueue_request(request)
    assert item is not None
    assert [candidate.position for candidate in item.candidates.all()] == [0]


def test_the_draw_is_the_same_for_a_retry_and_differs_between_requests(cast: Cast) -> None:
    make_queue(cast.team, top_ranks=1, exploration_share=0.5)
    requests = [make_scored_request(cast.operator, [0.9 - n / 10 for n in range(8)]) for _ in range(6)]

    def draw() -> list[list[int]]:
        ReviewItem.objects.all().delete()
        items = [enqueueing.enqueue_request(request) for request in requests]
        return [[candidate.position for candidate in item.candidates.all()] for item in items if item]

    first = draw()
    assert first == draw()
    assert len({tuple(positions) for positions in first}) > 1


@pytest.mark.parametrize("state", ["queued", "scoring", "cancelled", "failed", "all_blocked"])
def test_what_is_not_ready_is_left_alone(cast: Cast, state: str) -> None:
    enqueue_request(make_request(cast.operator, state=state).pk)
    enqueue_request(0)
    assert not ReviewItem.objects.exists()


def test_pulling_finds_what_no_event_announced_and_only_once(cast: Cast) -> None:
    announced, lost = make_scored_request(cast.operator, [0.9]), make_scored_request(cast.operator, [0.8])
    make_request(cast.operator, state="ready")  # nothing scored: nothing to show
    enqueue_request(announced.pk)
    assert enqueueing.pull_scored() == 1
    pull_scored()
    enqueue_request(lost.pk)
    assert list(ReviewItem.objects.order_by("pk").values_list("request", flat=True)) == [announced.pk, lost.pk]


@pytest.mark.django_db(transaction=True)
def test_one_event_delivered_six_times_at_once_makes_one_item() -> None:
    cast = make_cast()
    request = make_scored_request(cast.operator, [0.9, 0.8])
    items = in_threads(6, lambda _number: enqueueing.enqueue_request(request))
    assert len({item.pk for item in items if item}) == 1 and ReviewItem.objects.count() == 1
    assert Queue.objects.filter(team=cast.team).count() == 1


def test_seeding_twice_is_seeding_once(cast: Cast) -> None:
    for _ in range(2):
        call_command("seed_reviews")
        assert Queue.objects.filter(team=cast.team).count() == len(VARIANTS)
