"""Trains the reward head: features first, slice by slice, then one convex fit, calibration and a measured comparison.

Each training starts from the labels alone, never from the version in use: a taste that changed must be able to turn
the head around, and a head that starts from its predecessor would keep what nobody wants any more.
"""

import shutil
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from generation.contracts import (
    EngineError,
    ModelFiles,
    ProgressReport,
    TrainedModel,
    TrainingExamples,
    TrainingProgress,
)
from generation.contracts import gettext_noop as _
from generation.engines.rewards.backbone import load_backbone
from generation.engines.rewards.efficientnet_head import EfficientNetHead
from generation.engines.rewards.head import Head
from generation.engines.runtime import Runtime
from generation.engines.trainers.evaluation import evaluate
from generation.engines.trainers.feature_store import FeatureStore, Splits, split
from generation.engines.trainers.preference_fit import Fit, Judged, calibrate, fit_head

_FEWEST_FOR_CALIBRATION = 10


class EfficientNetHeadTrainer:
    """Implements `contracts.Trainer`."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def train(
        self,
        examples: TrainingExamples,
        *,
        workspace: Path,
        incumbent: ModelFiles | None,
        seconds: float,
        report: ProgressReport,
    ) -> TrainedModel | None:
        """Train for about `seconds`; see `contracts.Trainer`.

        The fit itself takes seconds and is not divided: it starts in a slice that has time left, or in the next one.
        """
        deadline = time.monotonic() + seconds
        self._runtime.torch_device()
        total = len({key for pair in examples.pairs() for key in (pair.winner, pair.loser)})
        store = FeatureStore(workspace / "features", examples.sha256)
        started_complete = store.is_complete
        for done in store.fill(examples, load_backbone(self._runtime.device), deadline):
            report(TrainingProgress(done, max(done, total), note=_("Reading the judged candidates")))
        if not store.is_complete or (not started_complete and time.monotonic() >= deadline):
            return None
        labels, features = store.read()
        return self._finish(split(labels, features, examples), examples.sha256, workspace, incumbent, report)

    def _finish(
        self, splits: Splits, snapshot: str, workspace: Path, incumbent: ModelFiles | None, report: ProgressReport
    ) -> TrainedModel:
        _refuse_too_few(splits.train)
        curve: list[dict[str, float]] = []
        count = len(splits.train.approved)

        def on_round(number: int, loss: float) -> None:
            curve.append({"round": number + 1, "loss": loss})
            report(TrainingProgress(count, count, loss=loss, note=_("Fitting the head")))

        fit = fit_head(splits.train, on_round)
        head, calibrated_on = _calibrated(fit, splits)
        metrics = {
            **self._compare(head, incumbent, splits),
            "calibrated_on": calibrated_on,
            "ridge": fit.settings.ridge,
            "network_share": fit.settings.network,
            "weight_shares": head.shares,
            "counts": {name: _counts(getattr(splits, name)) for name in ("train", "validation", "test")},
            "curve": curve,
        }
        folder = _write(head, workspace, {"metrics": metrics, "snapshot_sha256": snapshot})
        report(TrainingProgress(count, count, loss=curve[-1]["loss"], note=_("Done")))
        return TrainedModel(folder=folder, metrics=metrics)

    def _compare(self, head: Head, incumbent: ModelFiles | None, splits: Splits) -> dict[str, Any]:
        """Measure the new head and the one in use on the very same held-out examples."""
        name = next((name for name in ("test", "validation") if getattr(splits, name).approved.size), None)
        if name is None:
            return {"evaluated_on": None, "candidate": None, "incumbent": None}
        held_out: Judged = getattr(splits, name)
        measured: dict[str, Any] = {"evaluated_on": name, "candidate": _measure(head, held_out), "incumbent": None}
        if incumbent is not None:
            measured["incumbent_sha256"] = incumbent.sha256
            try:
                measured["incumbent"] = _measure(EfficientNetHead(incumbent, self._runtime).head, held_out)
            except EngineError as error:
                # A predecessor made for other features cannot be measured here; that must not stop its successor.
                measured["incumbent_problem"] = str(error)
        return measured


def _refuse_too_few(train: Judged) -> None:
    if len(train.pairs) or train.has_both_verdicts():
        return
    if train.approved.size == 0:
        sentence = _("The training split holds no judged candidate.")
    elif train.approved.all():
        sentence = _("The training split holds approvals only: a preference or a rejection is missing.")
    else:
        sentence = _("The training split holds rejections only: a preference or an approval is missing.")
    raise EngineError(sentence, permanent=True)


def _calibrated(fit: Fit, splits: Splits) -> tuple[Head, str]:
    """Calibrate on the validation split, or, where that is too small, on training products left out of the fit.

    Without two kinds of verdict the sigmoid of the logit stays, and the metrics say that nothing was calibrated.
    """
    validation, train = splits.validation, splits.train
    if validation.approved.size >= _FEWEST_FOR_CALIBRATION and validation.has_both_verdicts():
        return calibrate(fit.head, fit.head.logits(validation.features), validation.approved), "validation"
    if fit.held_out_logits is not None and train.has_both_verdicts():
        return calibrate(fit.head, fit.held_out_logits, train.approved), "train, products left out"
    return replace(fit.head, slope=1.0, offset=0.0), "nothing"


def _measure(head: Head, judged: Judged) -> dict[str, Any]:
    logits = head.logits(judged.features)
    winners, losers = judged.pairs[:, 0], judged.pairs[:, 1]
    return evaluate(judged.approved, head.probabilities(judged.features), logits[winners], logits[losers])


def _counts(judged: Judged) -> dict[str, int]:
    return {
        "candidates": int(judged.approved.size),
        "approved": int(judged.approved.sum()),
        "pairs": len(judged.pairs),
        "products": int(np.unique(judged.products).size),
    }


def _write(head: Head, workspace: Path, notes: Mapping[str, Any]) -> Path:
    """Write the model beside its final place and move it there, so that a half-written folder is never found."""
    folder, draft = workspace / "model", workspace / ".model.draft"
    for old in (folder, draft):
        shutil.rmtree(old, ignore_errors=True)
    head.save(draft, notes)
    draft.rename(folder)
    return folder
