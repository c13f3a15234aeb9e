"""A head on disk scores 0..1, and one that is foreign, cut off or holds a NaN is refused."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from generation.contracts import EngineError, ModelFiles, RewardModel
from generation.engines.loading import load_reward_model
from generation.engines.rewards.features import width
from generation.engines.rewards.head import Head, Standard, column_count
from generation.engines.runtime import Runtime
from generation.modelfiles import folder_sha256
from generation.tests.test_reward_features import subject


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    features = random.normal(size=(20, width())).astype(np.float32)
    features[:, 3] = 7.0
    standard = Standard.of(features, np.zeros((0, 2), np.intp))
    Head(standard, random.normal(size=column_count()) / 100, 0.2, 1.5, -0.1).save(tmp_path / "head", {"note": 1})
    return tmp_path / "head"


def load(folder: Path) -> RewardModel:
    return load_reward_model("efficientnet-head", ModelFiles("head", folder, folder_sha256(folder)), Runtime())


def test_scores_are_probabilities_that_do_not_depend_on_company(folder: Path) -> None:
    model = load(folder)
    subjects = [subject(60), subject(200, 1), subject(120, 2)]
    scores = model.score(subjects)
    assert all(0 <= score <= 1 for score in scores)
    assert len(set(scores)) == 3
    assert model.score(subjects[1:2]) == [scores[1]]
    assert model.score([]) == []


def test_a_saved_head_comes_back_as_it_was(folder: Path) -> None:
    head = Head.load(folder)
    assert (head.bias, head.slope, head.offset) == (0.2, 1.5, -0.1)
    assert np.isinf(head.standard.spread[3])
    features = np.random.default_rng(1).normal(size=(4, width())).astype(np.float32)
    flat = features.copy()
    flat[:, 3] = 1e6
    assert head.logits(features).tobytes() == head.logits(flat).tobytes()


@pytest.mark.parametrize(
    "change",
    [
        {"features": "canvas-reward-features/0"},
        {"backbone_sha256": "0" * 64},
        {"bias": "no number"},
        {"slope": None},
    ],
)
def test_a_foreign_config_is_refused(folder: Path, change: dict[str, Any]) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(EngineError) as caught:
        load(folder)
    assert caught.value.permanent


def test_a_nan_or_a_wrong_shape_is_refused(folder: Path) -> None:
    path = folder / "head.safetensors"
    sound = load_file(path)
    for weight in (np.full_like(sound["weight"], np.nan), sound["weight"][:-1]):
        save_file({**sound, "weight": weight}, path)
        with pytest.raises(EngineError):
            load(folder)
    save_file({"weight": sound["weight"]}, path)
    with pytest.raises(EngineError):
        load(folder)


def test_an_infinite_number_in_the_config_is_refused(folder: Path) -> None:
    path = folder / "config.json"
    path.write_text(path.read_text().replace('"bias": 0.2', '"bias": Infinity'))
    with pytest.raises(EngineError):
        load(folder)


def test_a_head_says_where_its_weight_lies(folder: Path) -> None:
    head = Head.load(folder)
    assert sum(head.shares.values()) == pytest.approx(1)
    weight = np.zeros(column_count())
    weight[width() :] = 1
    assert replace(head, weight=weight).shares["squares"] == pytest.approx(1)
