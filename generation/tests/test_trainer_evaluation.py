"""The figures of a training agree with scikit-learn's, and with what they mean."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import log_loss as sklearn_log_loss
from sklearn.metrics import roc_auc_score

from generation.engines.trainers.evaluation import (
    auc,
    calibration_error,
    evaluate,
    log_loss,
    pair_accuracy,
    reliability,
)

judged = st.lists(
    st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.7, 0.9, 1.0])), min_size=2, max_size=60
)


@given(judged)
def test_auc_and_log_loss_agree_with_scikit_learn(examples: list[tuple[bool, float]]) -> None:
    approved = np.array([verdict for verdict, _score in examples])
    scores = np.array([score for _verdict, score in examples])
    if approved.all() or not approved.any():
        assert auc(approved, scores) is None
    else:
        assert auc(approved, scores) == pytest.approx(roc_auc_score(approved, scores))
    kept = np.clip(scores, 1e-7, 1 - 1e-7)
    assert log_loss(approved, scores) == pytest.approx(sklearn_log_loss(approved, kept, labels=[False, True]))


def test_calibration_error_agrees_with_scikit_learns_equal_mass_bins() -> None:
    random = np.random.default_rng(1)
    probabilities = random.random(1000)
    approved = random.random(1000) < probabilities**2
    observed, predicted = calibration_curve(approved, probabilities, n_bins=10, strategy="quantile")
    assert calibration_error(approved, probabilities) == pytest.approx(np.abs(observed - predicted).mean(), abs=1e-3)
    assert calibration_error(approved, probabilities) == pytest.approx(1 / 6, abs=0.04)
    assert calibration_error(random.random(1000) < probabilities, probabilities) == pytest.approx(0.03, abs=0.03)


def test_bins_have_almost_equal_counts_and_lose_nobody() -> None:
    found = reliability(np.ones(23, np.bool_), np.linspace(0, 1, 23))
    assert [part["count"] for part in found] == [3, 3, 3, 2, 2, 2, 2, 2, 2, 2]


def test_pair_accuracy_counts_ties_as_half() -> None:
    winners, losers = np.array([2.0, 1.0, 1.0, 0.0]), np.array([1.0, 1.0, 2.0, -1.0])
    assert pair_accuracy(winners, losers) == 0.625


def test_nothing_to_measure_gives_nothing_rather_than_a_number() -> None:
    nothing = np.zeros(0)
    figures = evaluate(np.zeros(0, np.bool_), nothing, nothing, nothing)
    assert {figures[name] for name in ("auc", "pair_accuracy", "calibration_error", "log_loss")} == {None}
