"""The trained part of the reward model: one weighed sum over standardised features, and its calibration."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from generation.contracts import EngineError
from generation.contracts import gettext_noop as _
from generation.engines.rewards.backbone import BACKBONE_SHA256
from generation.engines.rewards.features import FEATURES_VERSION, layout, width

WEIGHTS_FILE, CONFIG_FILE = "head.safetensors", "config.json"

_LARGEST_DEVIATION = 10.0
_LARGEST_SQUARED = 5.0
_LEAST_SHARE = 0.1

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Standard:
    """What is usual for each feature: centre and spread over the training candidates, width() each."""

    centre: Floats
    spread: Floats

    @classmethod
    def of(cls, features: npt.NDArray[np.float32], pairs: npt.NDArray[np.intp]) -> "Standard":
        """Measure N x width() features and M x 2 rows of preferred and other.

        The spread is the geometric mean of the one over all candidates and the one between siblings: a feature that
        mostly tells products apart, and a little the siblings, is not drowned by the former.
        """
        values = features.astype(np.float64)
        overall = values.std(axis=0)
        spread = overall
        if len(pairs):
            between = np.sqrt(((values[pairs[:, 0]] - values[pairs[:, 1]]) ** 2).mean(axis=0) / 2)
            spread = np.maximum(np.sqrt(overall * between), _LEAST_SHARE * overall)
        # A feature that never moved in training says nothing later either, however far it jumps.
        return cls(values.mean(axis=0), np.where(overall > 1e-6, spread, np.inf))

    def columns(self, features: npt.NDArray[np.float32]) -> Floats:
        """Return N x columns(): every feature in spreads from its centre, then the squares of the dense ones.

        The squares let a head prefer a middle ("neither dark nor burnt"); the cuts keep one wild value from deciding
        alone.
        """
        deviation = (features.astype(np.float64) - self.centre) / self.spread
        deviation = np.clip(deviation, -_LARGEST_DEVIATION, _LARGEST_DEVIATION)
        dense = np.clip(deviation[:, dense_columns()], -_LARGEST_SQUARED, _LARGEST_SQUARED)
        return np.concatenate([deviation, (dense**2 - 1) / math.sqrt(2)], axis=1)


@dataclass(frozen=True)
class Head:
    """score = sigmoid(slope * logit + offset), logit = columns @ weight + bias."""

    standard: Standard
    weight: Floats
    bias: float
    slope: float = 1.0
    offset: float = 0.0

    def logits(self, features: npt.NDArray[np.float32]) -> Floats:
        """Return the uncalibrated N logits of N x width() features; only their differences mean a preference."""
        return np.asarray((self.standard.columns(features) * self.weight).sum(axis=1) + self.bias, np.float64)

    def probabilities(self, features: npt.NDArray[np.float32]) -> Floats:
        """Return N calibrated probabilities of approval."""
        return sigmoid(self.slope * self.logits(features) + self.offset)

    def save(self, folder: Path, notes: Mapping[str, Any]) -> None:
        """Write the weights and a config that says which features they belong to; `notes` is kept beside them."""
        from safetensors.numpy import save_file

        folder.mkdir(parents=True, exist_ok=True)
        # Infinite spreads are written as 0, so that a file never holds anything but finite numbers.
        spread = np.where(np.isfinite(self.standard.spread), self.standard.spread, 0.0)
        tensors = {"centre": self.standard.centre, "spread": spread, "weight": self.weight}
        save_file(
            {name: np.ascontiguousarray(values, np.float64) for name, values in tensors.items()}, folder / WEIGHTS_FILE
        )
        config = {
            "engine": "efficientnet-head",
            "features": FEATURES_VERSION,
            "groups": {group.name: group.size for group in layout()},
            "backbone_sha256": BACKBONE_SHA256,
            "bias": self.bias,
            "slope": self.slope,
            "offset": self.offset,
            **notes,
        }
        text = json.dumps(config, indent=2, allow_nan=False, sort_keys=True)
        (folder / CONFIG_FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Head":
        """Read a head. Raises EngineError for other features, another backbone, another shape or a NaN."""
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            config = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
            tensors = load_file(folder / WEIGHTS_FILE)
            numbers = [float(config[name]) for name in ("bias", "slope", "offset")]
            centre, spread, weight = (tensors[name].astype(np.float64) for name in ("centre", "spread", "weight"))
        except (OSError, ValueError, TypeError, KeyError, SafetensorError) as error:
            raise EngineError(f"The reward head cannot be read: {error}", permanent=True) from error
        if config.get("features") != FEATURES_VERSION or config.get("backbone_sha256") != BACKBONE_SHA256:
            raise EngineError(_("The reward head was trained on other features."), permanent=True)
        shapes = (centre.shape, spread.shape, weight.shape)
        if shapes != ((width(),), (width(),), (column_count(),)):
            raise EngineError(_("The reward head has weights of another shape."), permanent=True)
        if not all(np.isfinite(values).all() for values in (centre, spread, weight, np.array(numbers))):
            raise EngineError(_("The reward head holds numbers that are not finite."), permanent=True)
        return cls(Standard(centre, np.where(spread > 0, spread, np.inf)), weight, *numbers)

    @cached_property
    def shares(self) -> dict[str, float]:
        """Return how much of the squared weight lies in each group of features, summing to 1."""
        squared = self.weight**2
        starts = np.cumsum([0, *(group.size for group in layout())])
        sums = {g.name: float(squared[a:b].sum()) for g, a, b in zip(layout(), starts, starts[1:], strict=False)}
        sums["squares"] = float(squared[starts[-1] :].sum())
        whole = sum(sums.values()) or 1.0
        return {name: value / whole for name, value in sums.items()}


def dense_columns() -> npt.NDArray[np.bool_]:
    """Return width() flags, true for the columns that stand for themselves."""
    return np.concatenate([np.full(group.size, group.dense) for group in layout()])


def column_count() -> int:
    """Return how many columns `Standard.columns` makes."""
    return width() + int(dense_columns().sum())


def sigmoid(values: Floats) -> Floats:
    """Return 1 / (1 + exp(-values)) without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * values)), np.float64)
