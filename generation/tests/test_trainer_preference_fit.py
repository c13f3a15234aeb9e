"""A head learns what its judges like from few judgements, whatever that is, and does not claim more than it knows."""

import numpy as np
import pytest

from generation.engines.rewards.features import layout, width
from generation.engines.rewards.head import Head, sigmoid
from generation.engines.trainers.evaluation import auc, calibration_error, pair_accuracy
from generation.engines.trainers.preference_fit import Fit, Judged, calibrate, fit_head

FIRST_DENSE = sum(group.size for group in layout() if not group.dense)


def _ignore(number: int, loss: float) -> None:
    return None


def judged(products: int, seed: int, sign: float = 1.0, column: int = FIRST_DENSE) -> Judged:
    """Four siblings per product; the liked column varies more between products than between siblings."""
    random = np.random.default_rng(seed)
    groups = np.repeat(np.arange(products), 4)
    features = random.normal(size=(products * 4, width())).astype(np.float32)
    features += 2 * random.normal(size=(products, width())).astype(np.float32)[groups]
    liking = sign * features[:, column]
    best = [int(np.flatnonzero(groups == g)[np.argmax(liking[groups == g])]) for g in range(products)]
    pairs = [(b, int(other)) for g, b in enumerate(best) for other in np.flatnonzero(groups == g) if other != b]
    names = np.array([f"product {g}" for g in groups])
    return Judged(features, liking > np.median(liking), names, np.array(pairs, np.intp))


def accuracy(fit: Fit, held_out: Judged) -> float:
    logits = fit.head.logits(held_out.features)
    found = pair_accuracy(logits[held_out.pairs[:, 0]], logits[held_out.pairs[:, 1]])
    assert found is not None
    return found


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_taste_is_learnt_from_twelve_products_and_holds_for_others(sign: float) -> None:
    fit = fit_head(judged(12, seed=1, sign=sign), _ignore)
    assert accuracy(fit, judged(30, seed=2, sign=sign)) >= 0.8
    assert accuracy(fit, judged(30, seed=2, sign=-sign)) <= 0.3


def test_a_liking_for_the_middle_is_learnt() -> None:
    train, test = judged(100, seed=3), judged(40, seed=4)
    middling = [np.abs(part.features[:, FIRST_DENSE]) < 1.5 for part in (train, test)]
    without_pairs = np.zeros((0, 2), np.intp)
    fit = fit_head(Judged(train.features, middling[0], train.products, without_pairs), _ignore)
    found = auc(middling[1], fit.head.logits(test.features))
    assert found is not None
    assert found > 0.75


def test_preferences_alone_and_verdicts_alone_are_enough() -> None:
    both, test = judged(20, seed=5), judged(20, seed=6)
    approvals = Judged(both.features, np.ones_like(both.approved), both.products, both.pairs)
    verdicts = Judged(both.features, both.approved, both.products, np.zeros((0, 2), np.intp))
    assert accuracy(fit_head(approvals, _ignore), test) >= 0.8
    assert accuracy(fit_head(verdicts, _ignore), test) >= 0.8


def test_a_single_product_still_trains() -> None:
    fit = fit_head(judged(1, seed=7), _ignore)
    assert fit.held_out_logits is None
    assert accuracy(fit, judged(1, seed=7)) == 1.0


def test_the_same_examples_give_the_same_weights() -> None:
    first, again = (fit_head(judged(6, seed=8), _ignore).head for _ in range(2))
    assert first.weight.tobytes() == again.weight.tobytes()
    assert first.bias == again.bias


def test_calibration_turns_logits_into_honest_probabilities() -> None:
    head = fit_head(judged(6, seed=9), _ignore).head
    random = np.random.default_rng(10)
    logits = random.normal(size=4000) * 3
    approved = random.random(4000) < sigmoid(0.4 * logits - 1)
    calibrated = calibrate(head, logits, approved)
    assert calibrated.slope == pytest.approx(0.4, abs=0.05)
    assert calibrated.offset == pytest.approx(-1, abs=0.15)
    probabilities = sigmoid(calibrated.slope * logits + calibrated.offset)
    error = calibration_error(approved, probabilities)
    assert error is not None
    assert error < 0.03


def test_calibration_never_reverses_a_head_nor_claims_certainty_for_a_handful() -> None:
    head: Head = fit_head(judged(6, seed=11), _ignore).head
    logits = np.array([-2.0, -1.0, 1.0, 2.0])
    assert calibrate(head, logits, logits < 0).slope > 0
    sure = calibrate(head, logits, logits > 0)
    assert sigmoid(sure.slope * logits + sure.offset).max() < 0.95
