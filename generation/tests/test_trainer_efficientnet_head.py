"""Training in slices: it can be cut off anywhere, ends at the same weights, and is measured beside its predecessor."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from generation.contracts import (
    EngineError,
    LabelledCandidate,
    LabelledPair,
    ModelFiles,
    RewardSubject,
    TrainedModel,
    TrainingProgress,
)
from generation.engines.loading import load_reward_model, load_trainer
from generation.engines.runtime import Runtime
from generation.modelfiles import folder_sha256

SPLITS = ("train", "train", "train", "validation", "test")


@dataclass(frozen=True)
class Tasteful:
    """Four siblings per product whose judges like bright scenes (`sign` 1) or dark ones (-1)."""

    products: int = 20
    sign: float = 1.0
    verdicts: bool = True
    only_split: str = ""

    @property
    def sha256(self) -> str:
        return f"{self.products} {self.sign} {self.verdicts} {self.only_split}"

    def candidates(self) -> Iterator[LabelledCandidate]:
        for product in range(self.products):
            yield from self._siblings(product)

    def pairs(self) -> Iterator[LabelledPair]:
        for product in range(self.products):
            order = [f"{product}-{place}" for place in np.argsort(-self.sign * self._lights(product))]
            for loser in order[1:]:
                yield LabelledPair(order[0], loser, self._split(product))

    def _split(self, product: int) -> str:
        return self.only_split or SPLITS[product % len(SPLITS)]

    def _lights(self, product: int) -> np.ndarray:
        return np.random.default_rng(product).permutation(4) * 30 + 60

    def _siblings(self, product: int) -> Iterator[LabelledCandidate]:
        random = np.random.default_rng(product)
        source = random.integers(0, 255, (48, 48, 3), dtype=np.uint8)
        mask = np.zeros((48, 48), np.bool_)
        mask[14:36, 16 : 28 + product % 6] = True
        for place, light in enumerate(self._lights(product)):
            colour = light + random.normal(0, 25, 3)
            candidate = np.clip(random.normal(colour, 12, (48, 48, 3)), 0, 255).astype(np.uint8)
            candidate[mask] = source[mask]
            approved = (self.sign * (light - 105) > 0) if self.verdicts else True
            yield LabelledCandidate(
                f"{product}-{place}",
                f"product {product}",
                self._split(product),
                bool(approved),
                RewardSubject(source, mask, candidate, "a box on a plain table"),
            )


def _ignore(progress: TrainingProgress) -> None:
    return None


def train(examples: Tasteful, workspace: Path, incumbent: ModelFiles | None = None) -> TrainedModel:
    trainer = load_trainer("efficientnet-head", Runtime())
    trained = trainer.train(examples, workspace=workspace, incumbent=incumbent, seconds=600, report=_ignore)
    assert trained is not None
    return trained


def pinned(folder: Path) -> ModelFiles:
    return ModelFiles("head", folder, folder_sha256(folder))


@pytest.fixture(scope="module")
def bright(tmp_path_factory: pytest.TempPathFactory) -> TrainedModel:
    return train(Tasteful(), tmp_path_factory.mktemp("bright"))


def test_the_head_learns_the_taste_and_reports_how_well(bright: TrainedModel) -> None:
    metrics = bright.metrics
    assert metrics["evaluated_on"] == "test"
    assert metrics["calibrated_on"] == "validation"
    assert metrics["candidate"]["pair_accuracy"] >= 0.8
    assert metrics["candidate"]["auc"] >= 0.8
    assert metrics["counts"]["train"] == {"candidates": 48, "approved": 24, "pairs": 36, "products": 12}
    assert metrics["counts"]["test"]["products"] == 4
    assert metrics["incumbent"] is None
    assert metrics["curve"]
    model = load_reward_model("efficientnet-head", pinned(bright.folder), Runtime())
    siblings = [c for c in Tasteful().candidates() if c.product == "product 4"]
    scores = model.score([sibling.subject for sibling in siblings])
    assert np.argmax(scores) == np.argmax(Tasteful()._lights(4))


def test_reversed_labels_reverse_the_head_and_both_are_measured_on_the_same_examples(
    bright: TrainedModel, tmp_path: Path
) -> None:
    metrics = train(Tasteful(sign=-1), tmp_path, incumbent=pinned(bright.folder)).metrics
    assert metrics["candidate"]["pair_accuracy"] >= 0.8
    assert metrics["incumbent"]["pair_accuracy"] <= 0.4
    assert metrics["candidate"]["pairs"] == metrics["incumbent"]["pairs"] == 12
    assert metrics["incumbent_sha256"] == folder_sha256(bright.folder)


def test_slices_of_no_time_at_all_end_at_the_same_weights(bright: TrainedModel, tmp_path: Path) -> None:
    trainer = load_trainer("efficientnet-head", Runtime())
    slices = 0
    trained = None
    while trained is None:
        slices += 1
        assert slices < 20
        trained = trainer.train(Tasteful(), workspace=tmp_path, incumbent=None, seconds=0, report=_ignore)
    assert slices > 3
    assert folder_sha256(trained.folder) == folder_sha256(bright.folder)


def test_a_report_that_raises_stops_the_work_and_loses_nothing(bright: TrainedModel, tmp_path: Path) -> None:
    seen: list[int] = []

    def stop(progress: TrainingProgress) -> None:
        seen.append(progress.done)
        if len(seen) == 2:
            raise EngineError("another worker took over", permanent=False)

    trainer = load_trainer("efficientnet-head", Runtime())
    with pytest.raises(EngineError, match="another worker"):
        trainer.train(Tasteful(), workspace=tmp_path, incumbent=None, seconds=600, report=stop)
    later: list[int] = []
    trained = trainer.train(
        Tasteful(), workspace=tmp_path, incumbent=None, seconds=600, report=lambda p: later.append(p.done)
    )
    assert trained is not None
    assert seen == [16, 32]
    assert later[0] == 48
    assert folder_sha256(trained.folder) == folder_sha256(bright.folder)


def test_a_killed_process_loses_at_most_one_chunk(bright: TrainedModel, tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from generation.tests.test_trainer_efficientnet_head import Tasteful, train
train(Tasteful(), Path(sys.argv[1]))
"""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "canvas_review.settings"}
    process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], env=environment)
    first = tmp_path / "features" / "chunk-00000.safetensors"
    deadline = time.monotonic() + 60
    while not first.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert first.exists()
    assert not (tmp_path / "model").exists()
    reports: list[TrainingProgress] = []
    trainer = load_trainer("efficientnet-head", Runtime())
    trained = trainer.train(Tasteful(), workspace=tmp_path, incumbent=None, seconds=600, report=reports.append)
    assert trained is not None
    assert reports[0].done > 16
    assert folder_sha256(trained.folder) == folder_sha256(bright.folder)


def test_a_workspace_of_another_snapshot_is_not_mixed_in(bright: TrainedModel, tmp_path: Path) -> None:
    train(Tasteful(products=6), tmp_path)
    assert folder_sha256(train(Tasteful(), tmp_path).folder) == folder_sha256(bright.folder)


def test_preferences_without_rejections_train_but_are_not_called_calibrated(tmp_path: Path) -> None:
    metrics = train(Tasteful(verdicts=False), tmp_path).metrics
    assert metrics["calibrated_on"] == "nothing"
    assert metrics["candidate"]["auc"] is None
    assert metrics["candidate"]["pair_accuracy"] >= 0.8


def test_a_snapshot_with_nothing_held_out_trains_without_figures(tmp_path: Path) -> None:
    metrics = train(Tasteful(products=4, only_split="train"), tmp_path).metrics
    assert metrics["evaluated_on"] is None
    assert metrics["candidate"] is None
    assert metrics["calibrated_on"] == "train, products left out"


def test_an_incumbent_of_other_features_does_not_stop_its_successor(bright: TrainedModel, tmp_path: Path) -> None:
    missing = replace(pinned(bright.folder), folder=tmp_path / "gone")
    metrics = train(Tasteful(products=10), tmp_path / "work", incumbent=missing).metrics
    assert metrics["incumbent"] is None
    assert metrics["incumbent_problem"]


class _WithoutPairs(Tasteful):
    def pairs(self) -> Iterator[LabelledPair]:
        return iter(())


class _WithForeignPair(Tasteful):
    def pairs(self) -> Iterator[LabelledPair]:
        yield LabelledPair("0-0", "nobody", "train")


class _WithStraddlingPair(Tasteful):
    def pairs(self) -> Iterator[LabelledPair]:
        yield LabelledPair("0-0", "4-0", "train")


@pytest.mark.parametrize(
    ("examples", "sentence"),
    [
        (_WithoutPairs(products=4, verdicts=False), "approvals only"),
        (_WithoutPairs(products=1, only_split="test"), "no judged candidate"),
        (_WithoutPairs(products=0), "no candidates"),
        (_WithForeignPair(products=1), "does not hold"),
        (_WithStraddlingPair(products=5), "different splits"),
    ],
)
def test_examples_that_cannot_train_are_refused_in_a_sentence(
    examples: Tasteful, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(EngineError, match=sentence) as caught:
        train(examples, tmp_path)
    assert caught.value.permanent
