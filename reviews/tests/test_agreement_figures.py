"""Agreement among several reviewers, against worked examples and what must always hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.statistics import Estimate, krippendorff_alpha, percent_agreement

_cells = st.integers(1, 5).flatmap(lambda votes: st.tuples(st.just(votes), st.integers(0, votes)))
_votes = st.dictionaries(_cells, st.integers(0, 200), max_size=8)


def test_two_observers_of_ten_units() -> None:
    """Krippendorff 2011, section A: two observers, binary data, ten units; alpha is 0.095."""
    told = {(2, 0): 5, (2, 1): 4, (2, 2): 1}
    assert krippendorff_alpha(told).value == pytest.approx(0.095, abs=0.0005)
    assert percent_agreement(told).value == pytest.approx(0.6)


def test_three_reviewers_where_one_disagrees() -> None:
    """One of three differs: of the three pairs of reviewers, one says the same."""
    assert percent_agreement({(3, 2): 7}).value == pytest.approx(1 / 3)


def test_nobody_disagrees() -> None:
    assert krippendorff_alpha({(2, 2): 5, (2, 0): 5}).value == pytest.approx(1.0)
    assert percent_agreement({(2, 2): 5, (3, 0): 5}).value == 1.0


def test_what_cannot_be_told() -> None:
    assert krippendorff_alpha({(2, 2): 50}) == Estimate(None, None, None, 50)
    assert krippendorff_alpha({}) == percent_agreement({}) == Estimate(None, None, None, 0)
    assert percent_agreement({(1, 1): 9, (2, 1): 0}) == Estimate(None, None, None, 0)


def test_more_candidates_make_the_interval_narrower_and_it_does_not_move() -> None:
    few, many = ({(2, 0): 2 * n, (2, 1): n, (2, 2): 7 * n} for n in (3, 300))
    widths = [krippendorff_alpha(votes) for votes in (few, many)]
    assert widths[0] == krippendorff_alpha(few)
    narrow, wide = ((found.high or 0) - (found.low or 0) for found in reversed(widths))
    assert 0 < narrow < wide


@given(_votes)
def test_the_figure_lies_within_its_interval(votes: dict[tuple[int, int], int]) -> None:
    for found, least in ((percent_agreement(votes), 0.0), (krippendorff_alpha(votes), -1.0)):
        if found.value is not None and found.low is not None and found.high is not None:
            assert least <= found.low <= found.value <= found.high <= 1.0


@given(_votes)
def test_approving_and_rejecting_are_alike(votes: dict[tuple[int, int], int]) -> None:
    """Alpha does not know which of the two is called approval."""
    turned = {(cast, cast - approvals): candidates for (cast, approvals), candidates in votes.items()}
    here, there = krippendorff_alpha(votes).value, krippendorff_alpha(turned).value
    assert here == pytest.approx(there) if here is not None else there is None
