"""The rules by which a decision becomes preference pairs."""

from hypothesis import given
from hypothesis import strategies as st

from accounts.tests.factories import Cast
from generation.variants.background_enhancement import VARIANT
from reviews.models import PreferencePair
from reviews.services.preferences import Judged, derive_pairs
from reviews.services.verdicts import VerdictInput
from reviews.tests.factories import claimed, decide, make_item, reject_all

IMAGE_CODES = sorted(set(VARIANT.defect_codes) - {"unsuitable_source"})


@st.composite
def bundles(draw: st.DrawFn) -> tuple[list[Judged], int | None]:
    """A whole decision: up to eight siblings, and the best among the approved, if named."""
    verdicts = draw(st.lists(st.booleans(), min_size=1, max_size=8))
    judged = [
        Judged(number, approved, [] if approved else [draw(st.sampled_from(IMAGE_CODES))])
        for number, approved in enumerate(verdicts, start=1)
    ]
    approved = [one.candidate_id for one in judged if one.approved]
    return judged, draw(st.sampled_from([None, *approved]))


def test_best_over_every_sibling_and_approved_over_rejected() -> None:
    judged = [Judged(1, True), Judged(2, True), Judged(3, False, ["seam"])]
    pairs = [(pair.winner_id, pair.loser_id, pair.rule.value) for pair in derive_pairs(judged, best_id=1)]
    assert pairs == [
        (1, 2, "best_over_sibling"),
        (1, 3, "best_over_sibling"),
        (2, 3, "approved_over_rejected"),
    ]


@given(bundles())
def test_every_pair_has_a_reason_and_none_is_missing(bundle: tuple[list[Judged], int | None]) -> None:
    judged, best = bundle
    pairs = derive_pairs(judged, best)
    approved = {one.candidate_id for one in judged if one.approved}
    rejected = {one.candidate_id for one in judged if not one.approved}
    expected = {(winner, loser) for winner in approved for loser in rejected}
    if best is not None:
        expected |= {(best, one.candidate_id) for one in judged if one.candidate_id != best}
    assert {(pair.winner_id, pair.loser_id) for pair in pairs} == expected
    assert len(pairs) == len(expected)
    assert all((pair.rule == "best_over_sibling") == (pair.winner_id == best) for pair in pairs)


@given(bundles(), st.randoms())
def test_pairs_do_not_depend_on_the_order_nor_contradict_each_other(bundle, random) -> None:  # type: ignore[no-untyped-def]
    judged, best = bundle
    pairs = derive_pairs(judged, best)
    shuffled = list(judged)
    random.shuffle(shuffled)
    assert derive_pairs(shuffled, best) == pairs
    assert not {(pair.winner_id, pair.loser_id) for pair in pairs} & {(pair.loser_id, pair.winner_id) for pair in pairs}


def test_an_unsuitable_photo_gives_no_pairs() -> None:
    judged = [Judged(1, True), Judged(2, False, ["seam", "unsuitable_source"]), Judged(3, False, ["seam"])]
    assert derive_pairs(judged, best_id=1) == []


def test_pairs_are_stored_with_the_decision(cast: Cast) -> None:
    make_item(cast.operator, images=3)
    slot = claimed(cast.reviewer)
    good, *rest = reject_all(slot)
    decision = decide(cast.reviewer, slot, [VerdictInput(good.candidate, True), *rest])
    stored = PreferencePair.objects.standing().filter(decision=decision)
    assert {(pair.winner.handle, pair.loser.handle) for pair in stored} == {
        (good.candidate, other.candidate) for other in rest
    }
    assert {pair.rule for pair in stored} == {"approved_over_rejected"}
