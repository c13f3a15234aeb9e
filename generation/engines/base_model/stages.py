"""The stages in their order; each leaves files, finds what an earlier run left, and does only what is missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from generation.contracts import EngineError, ModelFiles
from generation.engines.base_model.autoencoder_learner import AutoencoderLearner
from generation.engines.base_model.checkpoints import Checkpoints
from generation.engines.base_model.denoiser_learner import DenoiserLearner
from generation.engines.base_model.export import export_model
from generation.engines.base_model.latents import LatentStore
from generation.engines.base_model.loop import SECONDS_BETWEEN, run_to_end
from generation.engines.base_model.measures import held_out_figures
from generation.engines.base_model.parts import Parts, new_parts, parts_of
from generation.engines.base_model.plan import FORMATS, STAGES, Plan
from generation.engines.base_model.progress import Report, StageProgress
from generation.engines.base_model.scene_store import SceneStore
from generation.engines.base_model.tokenizer import build_tokenizer
from generation.engines.base_model.workspace import Workspace


@dataclass(frozen=True)
class Settings:
    """`start` is a model to train further instead of beginning anew; its autoencoder and tokenizer stay as they are."""

    plan: Plan
    start: ModelFiles | None = None
    until: str = STAGES[-1]
    number_format: str = "float32"
    seconds_between: float = SECONDS_BETWEEN


def train_base(settings: Settings, workspace: Path, report: Report) -> Path | None:
    """Train from wherever `workspace` stands up to the stage `settings.until`; return the model's folder once there.

    On the same machine, with the same number of threads, a run that was stopped or killed ends at the same bytes as
    an unbroken one. Raises EngineError for a workspace of another plan, and StopTraining when `report` does.
    """
    if settings.until not in STAGES or settings.number_format not in FORMATS:
        raise EngineError("There is no such stage or number format.", permanent=True)
    held = Workspace(workspace, settings.plan, settings.start.sha256 if settings.start else "")
    with held.held(), tiny_numbers_flushed():
        return _Training(settings, held, report).run()


@contextmanager
def tiny_numbers_flushed() -> Iterator[None]:
    """Numbers too small to matter would take a hundred times as long. It is a state of the processor, not of torch:
    whatever the caller computes afterwards must have them again."""
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


class _Training:
    def __init__(self, settings: Settings, workspace: Workspace, report: Report) -> None:
        self._settings, self._workspace, self._report = settings, workspace, report
        self._plan = settings.plan
        self._notes: dict[str, Any] = {"plan": self._plan.name, "scenes": self._plan.scenes}

    def run(self) -> Path | None:
        last = STAGES.index(self._settings.until)
        scenes = SceneStore(self._workspace.place("scenes"), self._plan)
        scenes.fill(self._report)
        if last < STAGES.index("autoencoder"):
            return None
        parts = self._parts(scenes)
        if last < STAGES.index("latents"):
            return None
        latents = LatentStore(self._workspace.place("latents"), scenes, self._plan.seed)
        latents.fill(parts.autoencoder, self._report)
        if last < STAGES.index("denoiser"):
            return None
        self._learn(DenoiserLearner(self._plan, parts, latents, scenes.captions()))
        if last < STAGES.index("model"):
            return None
        return self._export(parts, scenes, latents)

    def _parts(self, scenes: SceneStore) -> Parts:
        """Return the parts before the denoiser's training: of the given model, or around an autoencoder of our own."""
        if self._settings.start:
            self._notes["started from"] = self._settings.start.sha256
            return parts_of(self._settings.start)
        learner = AutoencoderLearner(self._plan, scenes)
        self._learn(learner)
        tokenizer = build_tokenizer(scenes.captions())
        return new_parts(self._plan.denoiser, self._plan.seed, learner.autoencoder, tokenizer)

    def _learn(self, learner: AutoencoderLearner | DenoiserLearner) -> None:
        checkpoints = Checkpoints(self._workspace.place(learner.stage))
        losses, seconds = run_to_end(learner, checkpoints, self._report, self._settings.seconds_between)
        learner.finish()
        near = max(1, len(losses) // 20)
        self._notes |= {
            f"{learner.stage}: images": learner.steps * learner.batch,
            f"{learner.stage}: loss at first": f"{sum(losses[:near]) / near:.3f}",
            f"{learner.stage}: loss at last": f"{sum(losses[-near:]) / near:.3f}",
            f"{learner.stage}: minutes": f"{seconds / 60:.1f}",
            f"{learner.stage}: images a second": f"{learner.steps * learner.batch / max(seconds, 1e-9):.1f}",
        }

    def _export(self, parts: Parts, scenes: SceneStore, latents: LatentStore) -> Path:
        folder = self._workspace.place("model")
        self._report(StageProgress("model", 0, 1))
        figures = held_out_figures(parts, self._plan, scenes, latents)
        self._notes |= {
            "held-out: PSNR of the autoencoder": f"{figures['psnr']:.1f} dB",
            "held-out: v-loss": f"{figures['v_loss']:.3f}",
        }
        export_model(parts, folder, self._settings.number_format, self._notes)
        self._report(StageProgress("model", 1, 1))
        return folder
