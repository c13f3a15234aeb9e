"""Agreement with gold: what counts, and how sure it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.tests.factories import Cast
from reviews.metrics import Agreement, agreement_with_gold
from reviews.models import GoldVerdict, ItemCandidate, ReviewItem
from reviews.services import decisions
from reviews.statistics import agreement, wilson_interval
from reviews.tests.factories import claimed, decide, make_item, make_queue, reject_all


def gold(item: ReviewItem, by: User, approved: bool = True) -> None:
    for entry in ItemCandidate.objects.filter(item=item):
        codes = [] if approved else ["seam"]
        GoldVerdict.objects.create(item_candidate=entry, approved=approved, codes=codes, set_by=by)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    # Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3 (Wilson).
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_the_published_one(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_interval_holds_the_rate_and_mirrors(pair: tuple[int, int]) -> None:
    agreed, of = pair
    low, high = wilson_interval(agreed, of)
    assert 0 <= low <= agreed / of <= high <= 1
    mirrored = wilson_interval(of - agreed, of)
    assert (low, high) == pytest.approx((1 - mirrored[1], 1 - mirrored[0]), abs=1e-12)


def test_without_gold_there_is_no_rate_and_nonsense_is_refused() -> None:
    assert agreement(0, 0) == Agreement(0, 0, None, None)
    assert agreement(0, 0).rate is None
    for agreed, of in [(2, 1), (-1, 1)]:
        with pytest.raises(ValueError, match="no share"):
            agreement(agreed, of)


def test_only_standing_verdicts_on_images_with_gold_count(cast: Cast) -> None:
    make_queue(cast.team)
    agreeing, opposing, without, undone = (make_item(cast.operator, images) for images in (2, 1, 3, 1))
    for _ in range(2):
        decide(cast.reviewer, claimed(cast.reviewer))
    decide(cast.reviewer, claimed(cast.reviewer))
    slot = claimed(cast.reviewer)
    decide(cast.reviewer, slot, reject_all(slot))
    assert agreement_with_gold(cast.reviewer) == Agreement(0, 0, None, None)

    gold(agreeing, cast.admin)
    gold(opposing, cast.admin, approved=False)
    gold(undone, cast.admin)
    found = agreement_with_gold(cast.reviewer)
    assert (found.agreed, found.of) == (2, 4)
    decisions.undo(cast.reviewer)
    found = agreement_with_gold(cast.reviewer)
    assert (found.agreed, found.of) == (2, 3)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 2 / 3 < found.high
    assert agreement_with_gold(cast.second_reviewer).of == 0
    assert without.item_candidates.count() == 3


def test_gold_of_another_visit_does_not_count(cast: Cast) -> None:
    """The same image may come to review twice; gold is set for one visit."""
    in_queue = make_queue(cast.team)
    item = make_item(cast.operator)
    decide(cast.reviewer, claimed(cast.reviewer))
    again = ReviewItem.objects.create(queue=in_queue, request=item.request)
    entry = item.item_candidates.get()
    ItemCandidate.objects.create(item=again, candidate=entry.candidate, reason="top_rank", propensity=1.0)
    gold(again, cast.admin)
    assert agreement_with_gold(cast.reviewer).of == 0
