"""From a base model and a plan to a specialist's folder; stopped or killed, it goes on where it was."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch

from generation.contracts import ModelFiles
from generation.engines.base_model.checkpoints import Checkpoints
from generation.engines.base_model.loop import SECONDS_BETWEEN, run_to_end
from generation.engines.base_model.measures import held_out_loss
from generation.engines.base_model.parts import Parts, parts_of
from generation.engines.base_model.progress import Report
from generation.engines.base_model.stages import tiny_numbers_flushed
from generation.engines.base_model.workspace import Workspace
from generation.engines.generators.adapters import WEIGHTS
from generation.engines.specialists.adapter_learner import AdapterLearner
from generation.engines.specialists.lesson import Lessons
from generation.engines.specialists.lesson_store import LessonStore
from generation.engines.specialists.plan import SpecialistPlan
from generation.modelfiles import ADAPTER_NOTE, check_folder


def finetune(
    plan: SpecialistPlan, taught: Lessons, base: ModelFiles, workspace: Path, report: Report,
    seconds_between: float = SECONDS_BETWEEN,
) -> Path:  # fmt: skip
    """Train a specialist of `base` for the plan's variant and return its folder, which appears whole or not at all.

    On the same machine, with the same number of threads, a run that was stopped or killed ends at the same bytes as
    an unbroken one. Raises EngineError for a base of another build, or a workspace of another plan, and StopTraining
    when `report` does.
    """
    held = Workspace(workspace, plan, base.sha256)
    with held.held(), tiny_numbers_flushed():
        parts = parts_of(base)
        lessons = LessonStore(held.place("lessons"), plan, taught)
        lessons.fill(parts.autoencoder, report)
        before = _held_out(parts, plan, lessons)
        learner = AdapterLearner(plan, parts, lessons, lessons.captions())
        _losses, seconds = run_to_end(learner, Checkpoints(held.place("adapter")), report, seconds_between)
        learner.finish()
        figures = {
            "variant": plan.variant, "steps": plan.steps, "batch": plan.batch, "lessons": plan.lessons,
            "rank": plan.rank, "minutes": round(seconds / 60, 1), "held_out_lessons": plan.held_out,
            "held_out_v_loss_base": round(before, 4),
            "held_out_v_loss_specialist": round(_held_out(parts, plan, lessons), 4),
        }  # fmt: skip
        return _export(parts, base, held.place("model"), figures, plan.strength)


def _held_out(parts: Parts, plan: SpecialistPlan, lessons: LessonStore) -> float:
    parts.denoiser.eval()
    parts.text_encoder.eval()
    indices = np.arange(plan.lessons, plan.lessons + plan.held_out)
    return held_out_loss(parts, lessons, indices, lessons.captions(), plan.seed)


def _export(parts: Parts, base: ModelFiles, folder: Path, figures: dict[str, Any], strength: float) -> Path:
    from diffusers import StableDiffusionInpaintPipeline
    from peft import get_peft_model_state_dict

    draft = folder.with_name(f".{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    state = {name: value.half().float() for name, value in get_peft_model_state_dict(parts.denoiser).items()}
    StableDiffusionInpaintPipeline.save_lora_weights(
        draft, unet_lora_layers={name: value.to(torch.float16) for name, value in state.items()}, weight_name=WEIGHTS
    )
    note = {"base": base.folder.name, "base_sha256": base.sha256, "strength": strength}
    (draft / ADAPTER_NOTE).write_text(json.dumps(note, indent=2) + "\n", encoding="utf-8")
    (draft / "config.json").write_text(json.dumps({"metrics": figures}, indent=2) + "\n", encoding="utf-8")
    (draft / "README.md").write_text(_readme(base, figures), encoding="utf-8")
    check_folder(draft)
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
    return folder


def _readme(base: ModelFiles, figures: dict[str, Any]) -> str:
    rows = "\n".join(f"| {name.replace('_', ' ')} | {value} |" for name, value in figures.items())
    return (
        f"# A specialist of {base.folder.name}\n\n"
        f"A LoRA, trained by `manage.py finetune_variant {figures['variant']}` on scenes that the program drew\n"
        "itself. It is worn by the base model, which it needs. Licence: Apache-2.0.\n\n"
        f"| what | figure |\n|---|---|\n{rows}\n"
    )
