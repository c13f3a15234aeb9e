"""Fitting a head: Bradley-Terry on preferences and logistic loss on verdicts, in one convex problem.

Every step is a convex problem that Newton's method solves from zero, so the same examples give the same weights: there
is no seed and no order of examples to remember. A few rounds of reweighted ridge then let most weights fade, since a
taste is usually one or two things. Together with spreads measured between siblings that raised the share of rightly
ordered pairs of unseen products, after 96 judged candidates of 12 products, from 0.79 to 0.88 (brighter), from 0.60 to
0.82 (warmer) and from 0.82 to 0.92 (calmer). A network's many channels are first reduced to their main directions on
the training set; the result is folded back into one weight per column.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from generation.engines.rewards.features import width
from generation.engines.rewards.head import Head, Standard, dense_columns, sigmoid

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]

IterationReport = Callable[[int, float], None]
"""Called with (round, loss per preference and verdict)."""

RIDGES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
NETWORK_SHARES = (0.2, 1.0)
MOST_DIRECTIONS = 48
FOLDS = 4

_SQUARES_SHARE = 0.2
_ITERATIONS = 40
_SPARSE_ROUNDS = 5
_SPARSE_FLOOR = 0.05


@dataclass(frozen=True)
class Judged:
    """N judged candidates: features N x width(), verdicts N, the group that must not straddle folds N, pairs M x 2.

    `pairs` holds row numbers, the preferred candidate first.
    """

    features: npt.NDArray[np.float32]
    approved: Flags
    products: npt.NDArray[np.str_]
    pairs: Rows

    def has_both_verdicts(self) -> bool:
        return bool(self.approved.any() and not self.approved.all())

    def part(self, keep: Flags) -> Judged:
        """Return the candidates of `keep` and the pairs that lie wholly inside."""
        place = np.cumsum(keep) - 1
        inside = keep[self.pairs].all(axis=1) if self.pairs.size else np.zeros(0, np.bool_)
        return Judged(self.features[keep], self.approved[keep], self.products[keep], place[self.pairs[inside]])


@dataclass(frozen=True)
class Settings:
    """`ridge` is the weight of the squared weights, `network` how loud the network's channels are beside the rest."""

    ridge: float
    network: float


@dataclass(frozen=True)
class Fit:
    """A fitted head, what was chosen for it, and its logits for candidates of products it was not fitted on."""

    head: Head
    settings: Settings
    held_out_logits: Floats | None


def fit_head(judged: Judged, report: IterationReport) -> Fit:
    """Choose the settings by leaving products out, then fit on everything.

    Needs a pair or two kinds of verdict. With a single product there is nothing to leave out; the middle settings
    are used.
    """
    folds = _folds(judged.products)
    settings, held_out = Settings(RIDGES[len(RIDGES) // 2], NETWORK_SHARES[0]), None
    if len(folds) > 1:
        settings, held_out = _choose(judged, folds)
    return Fit(_fit(judged, [settings], report)[0], settings, held_out)


def calibrate(head: Head, logits: Floats, approved: Flags) -> Head:
    """Return the head with Platt's sigmoid (1999) fitted to these logits and verdicts.

    Platt's smoothed targets keep a perfectly ordered handful from claiming certainty. The slope stays positive:
    calibration may flatten a head, never reverse it.
    """
    positive, negative = int(approved.sum()), int((~approved).sum())
    targets = np.where(approved, (positive + 1) / (positive + 2), 1 / (negative + 2))
    scale = max(float(logits.std()), 1e-6)
    columns = np.stack([logits / scale, np.ones_like(logits)], axis=1)
    weights = np.zeros(2)
    for _ in range(_ITERATIONS):
        chances = sigmoid(columns @ weights)
        slope = columns.T @ (chances - targets) + np.array([1e-3, 1e-6]) * weights
        curvature = (columns * (chances * (1 - chances))[:, None]).T @ columns + np.diag([1e-3, 1e-6])
        weights = weights - np.clip(np.linalg.solve(curvature, slope), -2, 2)
    return replace(head, slope=max(float(weights[0]) / scale, 0.02), offset=float(weights[1]))


def _choose(judged: Judged, folds: list[Flags]) -> tuple[Settings, Floats]:
    """Return the settings with the least held-out loss, and the held-out logits they gave."""
    grid = [Settings(ridge, network) for network in NETWORK_SHARES for ridge in RIDGES]
    losses = np.zeros(len(grid))
    logits = np.zeros((len(grid), judged.approved.size))
    for fold in folds:
        rest, left_out = judged.part(~fold), judged.part(fold)
        if rest.pairs.size == 0 and not rest.has_both_verdicts():
            continue
        for number, head in enumerate(_fit(rest, grid, _silent)):
            found = head.logits(left_out.features)
            logits[number, fold] = found
            losses[number] += _held_out_loss(found, left_out)
    best = int(np.argmin(losses))
    return grid[best], logits[best]


def _held_out_loss(logits: Floats, left_out: Judged) -> float:
    margins = logits[left_out.pairs[:, 0]] - logits[left_out.pairs[:, 1]]
    signs = np.where(left_out.approved, 1.0, -1.0)
    return float(np.logaddexp(0, -margins).sum() + np.logaddexp(0, -signs * logits).sum())


def _fit(judged: Judged, grid: list[Settings], report: IterationReport) -> list[Head]:
    """Fit one head per setting on the same candidates."""
    standard = Standard.of(judged.features, judged.pairs)
    columns = standard.columns(judged.features)
    bases = {network: _basis(columns, network) for network in {settings.network for settings in grid}}
    inputs = {network: columns @ basis for network, basis in bases.items()}
    heads = []
    for settings in grid:
        small, bias = _sparse(inputs[settings.network], judged, settings.ridge, report)
        heads.append(Head(standard, bases[settings.network] @ small, bias))
    return heads


def _basis(columns: Floats, network: float) -> Floats:
    """Return columns x parameters: every dense column by itself, the rest by its main directions.

    Each block is brought to a total variance of about 1 (the network's to `network` squared), so that one ridge means
    the same for a block of 60 columns and one of 1,500.
    """
    dense = dense_columns()
    plain, squares = np.flatnonzero(dense), np.arange(width(), columns.shape[1])
    many = np.flatnonzero(~dense)
    block = columns[:, many]
    # The Gram matrix is N x N or C x C, whichever is smaller, and its eigenvectors give the main directions.
    directions = _main_directions(block, min(MOST_DIRECTIONS, max(1, len(block) // 3)))
    total = max(float((block @ directions).var(axis=0).sum()), 1e-9)
    basis = np.zeros((columns.shape[1], len(plain) + len(squares) + directions.shape[1]))
    basis[plain, np.arange(len(plain))] = 1 / np.sqrt(len(plain))
    basis[squares, len(plain) + np.arange(len(squares))] = _SQUARES_SHARE / np.sqrt(len(squares))
    basis[many, len(plain) + len(squares) :] = directions * (network / np.sqrt(total))
    return basis


def _main_directions(block: Floats, count: int) -> Floats:
    """Return C x count orthonormal directions of largest variance in N x C values."""
    centred = block - block.mean(axis=0)
    if len(centred) <= centred.shape[1]:
        values, vectors = np.linalg.eigh(centred @ centred.T)
        values, vectors = values[::-1][:count], vectors[:, ::-1][:, :count]
        kept = values > 1e-9 * max(float(values[0]), 1e-300)
        directions = centred.T @ (vectors[:, kept] / np.sqrt(values[kept]))
    else:
        _values, vectors = np.linalg.eigh(centred.T @ centred)
        directions = vectors[:, ::-1][:, :count]
    return np.asarray(directions, np.float64)


def _sparse(inputs: Floats, judged: Judged, ridge: float, report: IterationReport) -> tuple[Floats, float]:
    """Fit with a ridge that each round makes dearer for small weights and cheaper for large ones; return (w, bias).

    Iteratively reweighted ridge regression (Grandvalet 1998) leads towards the lasso, and stays smooth.
    """
    terms, signs = _terms(inputs, judged)
    penalty = np.full(terms.shape[1], ridge)
    penalty[-1] = 1e-4  # the bias is free, but for what keeps the problem solvable without verdicts
    weights = np.zeros(terms.shape[1])
    for number in range(1 + _SPARSE_ROUNDS):
        weights = _newton(terms, signs, penalty, weights)
        report(number, _loss(terms, signs, weights, penalty) / len(terms))
        size = np.abs(weights[:-1])
        size = size + _SPARSE_FLOOR * size.max() + 1e-9
        penalty[:-1] = ridge * np.sqrt((size**2).mean()) / size
    return weights[:-1], float(weights[-1])


def _newton(terms: Floats, signs: Floats, penalty: Floats, weights: Floats) -> Floats:
    """Minimise sum softplus(-sign * term @ w) + penalty/2 w^2 over w, from `weights`."""
    loss = _loss(terms, signs, weights, penalty)
    for _ in range(_ITERATIONS):
        chances = sigmoid(-signs * (terms @ weights))
        gradient = -terms.T @ (signs * chances) + penalty * weights
        curvature = (terms * (chances * (1 - chances))[:, None]).T @ terms + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        size = 1.0
        while size > 1e-4 and _loss(terms, signs, weights - size * step, penalty) > loss:
            size /= 2
        weights = weights - size * step
        before, loss = loss, _loss(terms, signs, weights, penalty)
        if before - loss < 1e-7 * max(1.0, before):
            break
    return weights


def _terms(inputs: Floats, judged: Judged) -> tuple[Floats, Floats]:
    """Return one row per preference (winner minus loser, no bias) and per verdict (with bias), and their signs."""
    differences = inputs[judged.pairs[:, 0]] - inputs[judged.pairs[:, 1]]
    rows = [np.hstack([differences, np.zeros((len(differences), 1))])]
    signs = [np.ones(len(differences))]
    if judged.has_both_verdicts():
        rows.append(np.hstack([inputs, np.ones((len(inputs), 1))]))
        signs.append(np.where(judged.approved, 1.0, -1.0))
    return np.concatenate(rows), np.concatenate(signs)


def _loss(terms: Floats, signs: Floats, weights: Floats, penalty: Floats) -> float:
    return float(np.logaddexp(0, -signs * (terms @ weights)).sum() + 0.5 * (penalty * weights**2).sum())


def _folds(products: npt.NDArray[np.str_]) -> list[Flags]:
    """Return up to FOLDS flags over the candidates; a product lies in one fold, in the order of the names."""
    names = np.unique(products)
    number = np.searchsorted(names, products) % FOLDS
    return [number == fold for fold in range(min(FOLDS, names.size))]


def _silent(number: int, loss: float) -> None:
    return None
