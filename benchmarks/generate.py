"""The engine with the demonstration model, against the bare diffusers pipeline called with the same arguments."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import DiffusionPipeline
from django.conf import settings
from PIL import Image as Pillow

from benchmarks.measuring import Result, median, rounded, timed
from generation.contracts import GenerationJob, ModelFiles
from generation.engines.loading import load_generator
from generation.engines.runtime import Runtime
from generation.imaging.encoding import decode, decode_mask
from generation.imaging.framing import shrink, shrink_mask
from generation.modelfiles import folder_sha256

CANDIDATES, STEPS = 4, 12
DEMO = Path(settings.BASE_DIR) / "generation" / "demo"


def measure(quick: bool) -> Result:
    steps, rounds = (2, 1) if quick else (STEPS, 5)
    folder = Path(settings.SHIPPED_MODELS_DIR) / "demo-inpaint"
    engine = load_generator("diffusers-inpaint", ModelFiles("demo", folder, folder_sha256(folder)), Runtime())
    pipeline: Any = DiffusionPipeline.from_pretrained(str(folder), local_files_only=True)  # type: ignore[no-untyped-call]
    pipeline.set_progress_bar_config(disable=True)
    photo, mask = decode((DEMO / "mug.webp").read_bytes()), decode_mask((DEMO / "mug.mask.png").read_bytes())
    seeds = tuple(range(CANDIDATES))
    job = GenerationJob(photo, mask, "a mug on a wooden table, white wall, soft light", seeds, steps, 3.0)

    def with_engine() -> Any:
        return [sample.image for sample in engine.generate(job, lambda done, total: None)]

    shape = with_engine()[0].shape[:2]  # and the first call of all, which is slow for both
    arguments = _arguments(job, shape)

    def barely() -> Any:
        generators = [torch.Generator("cpu").manual_seed(seed) for seed in seeds]
        return pipeline(**arguments, generator=generators).images

    mine, theirs = [], []
    for _ in range(rounds):
        took, images = timed(with_engine)
        mine.append(took / 1000 / CANDIDATES)
        took, bare_images = timed(barely)
        theirs.append(took / 1000 / CANDIDATES)
        assert np.array_equal(images, np.rint(bare_images * 255)), "not the same work"
    figures = {"seconds_per_candidate": median(mine), "steps": steps, "threads": torch.get_num_threads()}
    ratio = {"seconds_per_candidate": median(mine) / median(theirs)}
    return Result("generate", rounded(figures), rounded({"seconds_per_candidate": median(theirs)}), rounded(ratio))


def _arguments(job: GenerationJob, shape: tuple[int, int]) -> dict[str, Any]:
    """What someone who knows diffusers would pass for this job; the shrinking of photo and mask is not measured."""
    return {
        "prompt": job.prompt,
        "image": Pillow.fromarray(shrink(job.source, shape)),
        "mask_image": Pillow.fromarray(np.where(shrink_mask(job.mask, shape), 0, 255).astype(np.uint8)),
        "height": shape[0],
        "width": shape[1],
        "num_inference_steps": job.steps,
        "guidance_scale": job.guidance,
        "num_images_per_prompt": len(job.seeds),
        "strength": 1.0,
        "output_type": "np",
    }
