"""Writes the parts as a model folder that any diffusers program loads, ours as well."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from generation.engines.base_model.parts import Parts
from generation.engines.base_model.plan import FORMATS
from generation.modelfiles import check_folder


def export_model(parts: Parts, folder: Path, number_format: str, notes: Mapping[str, Any]) -> None:
    """Write the folder, which appears whole or not at all; `notes` go into its README. An older one is replaced.

    `number_format` is one of `plan.FORMATS`. Raises EngineError for a folder that no engine would take.
    """
    from diffusers import StableDiffusionInpaintPipeline
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    draft = folder.with_name(f".{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    pipeline: Any = StableDiffusionInpaintPipeline(  # type: ignore[no-untyped-call]
        vae=parts.autoencoder,
        text_encoder=parts.text_encoder,
        tokenizer=parts.tokenizer,
        unet=parts.denoiser,
        scheduler=parts.scheduler,
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    if number_format != FORMATS[0]:
        pipeline.to(getattr(torch, number_format))
    pipeline.save_pretrained(draft, safe_serialization=True)
    for config in draft.rglob("*.json"):
        _forget_origin(config)
    (draft / "README.md").write_text(describe(notes), encoding="utf-8")
    check_folder(draft)
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)


def describe(notes: Mapping[str, Any]) -> str:
    """Return the README of a trained model: what it was made from, and what was measured."""
    rows = "\n".join(f"| {name} | {value} |" for name, value in notes.items())
    return (
        "# A demonstration model, trained here\n\n"
        "A very small Stable Diffusion inpainting pipeline in diffusers format, trained by `manage.py train_base` on\n"
        "scenes that the program drew itself: no photograph, no third-party weights. Fit to show the whole loop,\n"
        f"unfit for publishing.\n\n| what | figure |\n|---|---|\n{rows}\n"
    )


def _forget_origin(config: Path) -> None:
    """Take out the folder that a part was loaded from: it names a place on this machine."""
    content = json.loads(config.read_text(encoding="utf-8"))
    if isinstance(content, dict) and content.pop("_name_or_path", None) is not None:
        config.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")
