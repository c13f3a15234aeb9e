"""What a snapshot holds, and what it leaves out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tests.factories import Cast
from generation.models import DatasetSnapshot
from reviews.models import Decision, Retraction
from reviews.services.judged import SnapshotFilters
from reviews.services.snapshots import NothingToFreeze, freeze_snapshot, open_snapshot, preview_snapshot
from reviews.tests.judged_world import PROMPT, Bundle, World

REJECT = ["colour_shift"]


@pytest.fixture
def world(cast: Cast) -> World:
    return World(cast)


def freeze(world: World, **filters: object) -> DatasetSnapshot:
    return freeze_snapshot(
        world.cast.team, world.cast.ml_engineer, name="mugs", filters=SnapshotFilters(**filters)  # type: ignore[arg-type]
    )  # fmt: skip


def keys(snapshot: DatasetSnapshot) -> set[str]:
    return {row.key for row in open_snapshot(snapshot).candidates()}


def test_rows_say_who_what_when_and_how(world: World) -> None:
    request = world.add_request()
    world.judge(request, Bundle(world.cast.reviewer, [True, ["floating", "colour_shift"]], best=0), explored=[1])
    files = open_snapshot(freeze(world))
    (group,) = files.groups()
    winner, loser = group.candidates
    (pair,) = group.pairs
    revision = request.revisions.get()
    assert (group.source.product, group.source.photo) == (f"product-{revision.product_id}", revision.photo.name)
    assert revision.mask is not None
    assert group.source.mask_sha256 == revision.mask.sha256
    first, second = request.candidates.order_by("position")
    assert (winner.key, loser.key) == (str(first.handle), str(second.handle))
    assert (winner.approved, winner.codes, winner.reason, winner.propensity) == (True, [], "top_rank", 1.0)
    assert (loser.approved, loser.codes, loser.reason, loser.propensity) == (
        False, ["colour_shift", "floating"], "exploration", 0.1,
    )  # fmt: skip
    assert (loser.product_right, loser.scene_right) == (False, False)
    assert (winner.prompt, winner.score, winner.score_version) == (PROMPT, 0.9, "Judge v1")
    assert (winner.measures, winner.generator_sha256) == ({"seam_energy": 1.5}, "a" * 64)
    assert first.composed is not None and winner.picture_sha256 == first.composed.sha256
    assert (pair.winner, pair.loser, pair.rule) == (winner.key, loser.key, "best_over_sibling")
    assert (pair.reviewer, pair.confidence) == (str(world.cast.reviewer.handle), 1.0)
    assert files.manifest["counts"]["decisions"] == 1


def test_an_unsuitable_photo_leaves_out_the_whole_request(world: World) -> None:
    kept, dropped = world.add_judged(2)
    refusal = Bundle(world.cast.second_reviewer, [True, ["unsuitable_source"]])
    world.judge(dropped, refusal, queue=world.make_queue(), state="open")
    assert keys(freeze(world)) == {str(candidate.handle) for candidate in kept.candidates.all()}


def test_split_and_withdrawn_outcomes_are_left_out(world: World) -> None:
    request = world.add_request(candidates=4)
    bundles = [
        Bundle(reviewer, [True, REJECT, True, REJECT]) for reviewer in (world.cast.reviewer, world.cast.second_reviewer)
    ]
    world.judge(request, *bundles, outcomes=["approved", "split", "withdrawn", "rejected"])
    snapshot = freeze(world)
    first, _second, _third, fourth = request.candidates.order_by("position")
    assert keys(snapshot) == {str(first.handle), str(fourth.handle)}
    assert {(pair.winner, pair.loser) for pair in open_snapshot(snapshot).pairs()} == {
        (str(first.handle), str(fourth.handle))
    }
    assert {row.verdicts for row in open_snapshot(snapshot).candidates()} == {2}


def test_two_visits_that_disagree_are_a_conflict(world: World) -> None:
    request = world.add_request()
    world.judge(request, Bundle(world.cast.reviewer, [True, REJECT]))
    world.judge(request, Bundle(world.cast.second_reviewer, [REJECT, REJECT]), queue=world.make_queue())
    _first, second = request.candidates.order_by("position")
    assert keys(freeze(world)) == {str(second.handle)}


def test_opposite_preferences_are_dropped_and_shared_ones_keep_their_confidence(world: World) -> None:
    request = world.add_request(candidates=3)
    world.judge(
        request,
        Bundle(world.cast.reviewer, [True, True, REJECT], best=0),
        Bundle(world.cast.second_reviewer, [True, True, True], best=1),
        outcomes=["approved", "approved", "rejected"],
    )
    first, second, third = (str(candidate.handle) for candidate in request.candidates.order_by("position"))
    pairs = {(pair.winner, pair.loser): pair.confidence for pair in open_snapshot(freeze(world)).pairs()}
    assert pairs == {(first, third): 0.5, (second, third): 1.0}


def test_cannot_judge_says_nothing(world: World) -> None:
    world.judge(world.add_request(), Bundle(world.cast.reviewer, None))
    with pytest.raises(NothingToFreeze):
        freeze(world)
    request = world.add_request()
    world.judge(request, Bundle(world.cast.reviewer, None), Bundle(world.cast.second_reviewer, [True, REJECT]))
    snapshot = freeze(world)
    assert snapshot.counts["decisions"] == 1
    assert {row.verdicts for row in open_snapshot(snapshot).candidates()} == {1}


def test_undone_decisions_and_open_items_are_left_out(world: World) -> None:
    kept, undone, waiting = (world.add_request() for _ in range(3))
    world.judge(kept, Bundle(world.cast.reviewer, [True, REJECT]))
    world.judge(undone, Bundle(world.cast.reviewer, [True, REJECT]))
    world.judge(waiting, Bundle(world.cast.reviewer, [True, REJECT]), state="open")
    for decision in Decision.objects.filter(slot__item__request=undone):
        Retraction.objects.create(decision=decision, reviewer=decision.reviewer)
    assert keys(freeze(world)) == {str(candidate.handle) for candidate in kept.candidates.all()}


def test_filters(world: World) -> None:
    other = world.make_queue()
    here, there = world.add_request(), world.add_request()
    world.judge(here, Bundle(world.cast.reviewer, [True, REJECT]), explored=[1])
    world.judge(there, Bundle(world.cast.reviewer, [True, REJECT]), queue=other)
    first, _explored = here.candidates.order_by("position")
    assert freeze(world, queues=(world.queue.pk,), include_exploration=False).counts["candidates"]["train"] == 1
    assert keys(freeze(world, queues=(world.queue.pk,), include_exploration=False)) == {str(first.handle)}
    moment = timezone.now()
    with pytest.raises(NothingToFreeze):
        freeze(world, since=moment)
    with pytest.raises(NothingToFreeze):
        freeze(world, until=moment - timedelta(hours=1))
    with pytest.raises(NothingToFreeze):
        freeze(world, variant="outpainting")
    assert len(keys(freeze(world, until=moment, variant="background_enhancement"))) == 4


def test_another_team_sees_nothing_of_it(world: World) -> None:
    world.add_judged(1)
    stranger = world.cast.stranger
    assert stranger.team is not None
    with pytest.raises(NothingToFreeze):
        freeze_snapshot(stranger.team, stranger, name="mugs")


def test_preview_counts_and_leaves_nothing(world: World) -> None:
    world.add_judged(3)
    counts = preview_snapshot(world.cast.team, SnapshotFilters())
    assert counts["candidates"] == {"train": 2, "validation": 2, "test": 2}
    assert counts["pairs"] == {"train": 1, "validation": 1, "test": 1}
    assert not DatasetSnapshot.objects.exists()
