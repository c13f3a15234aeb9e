"""Who is shown: the best for sure, the others by a known chance."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.selection import ScoredCandidate, select

SHARES = st.floats(0, 1)
SCORED = st.lists(st.floats(0, 1), min_size=1, max_size=8).map(
    lambda scores: [ScoredCandidate(number, score) for number, score in enumerate(scores)]
)


@given(SCORED, st.integers(1, 5), SHARES, SHARES, st.integers())
def test_the_top_is_certain_and_the_rest_carries_its_chance(
    scored: list[ScoredCandidate], top_ranks: int, floor: float, share: float, seed: int
) -> None:
    selected = select(scored, top_ranks=top_ranks, floor=floor, exploration_share=share, rng=random.Random(seed))
    ranked = sorted(scored, key=lambda one: (-one.score, one.id))
    certain = [ranked[0].id, *(one.id for one in ranked[1:top_ranks] if one.score >= floor)]
    assert [one.id for one in selected if one.reason == "top_rank"] == certain
    for one in selected:
        assert one.propensity == (1.0 if one.reason == "top_rank" else share)
        assert one.propensity > 0
    assert len({one.id for one in selected}) == len(selected)


@given(SCORED, SHARES, st.integers())
def test_the_same_seed_draws_the_same_whatever_the_order(
    scored: list[ScoredCandidate], share: float, seed: int
) -> None:
    first, again = (
        select(order, top_ranks=1, floor=0.1, exploration_share=share, rng=random.Random(seed))
        for order in (scored, scored[::-1])
    )
    assert first == again


@given(SCORED)
def test_shares_of_nothing_and_everything(scored: list[ScoredCandidate]) -> None:
    nothing, everything = (
        select(scored, top_ranks=1, floor=0.0, exploration_share=share, rng=random.Random(1)) for share in (0.0, 1.0)
    )
    assert (len(nothing), len(everything)) == (1, len(scored))


def test_weighting_by_propensity_gives_back_the_whole() -> None:
    """Horvitz-Thompson: the weighted sum over what was shown estimates the sum over all, whatever the share."""
    scored = [ScoredCandidate(number, number / 10) for number in range(10)]
    truth = sum(one.score for one in scored)
    rng = random.Random(7)
    estimates = [
        sum(
            scored[one.id].score / one.propensity
            for one in select(scored, top_ranks=2, floor=0.3, exploration_share=0.25, rng=rng)
        )
        for _ in range(4000)
    ]
    assert sum(estimates) / len(estimates) == pytest.approx(truth, rel=0.02)
