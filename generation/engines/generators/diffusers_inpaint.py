"""Any diffusers inpainting pipeline in a local folder: all candidates of a request in one batch."""

from __future__ import annotations

import inspect
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image as PillowImage

from generation.contracts import EngineError, GenerationJob, Image, Mask, ModelFiles, Sample, StepReport
from generation.contracts import gettext_noop as _
from generation.engines.generators.adapters import hold_adapter, wear_adapter
from generation.engines.runtime import Runtime
from generation.imaging.canvases import carried_on
from generation.imaging.framing import model_shape, shrink, shrink_mask
from generation.modelfiles import verify_folder

_MOST_STEPS = 500


class DiffusersInpaint:
    """Implements `contracts.Generator` with a `DiffusionPipeline` that takes an image and a mask.

    Specialists share the pipeline of their base: a process that works for all of them keeps one model loaded.
    """

    def __init__(self, files: ModelFiles, runtime: Runtime) -> None:
        """Load the pipeline, or take the one this process holds. Raises EngineError when the folder is unfit."""
        self._files = files
        self._runtime = runtime
        base = files.base or files
        self._pipeline = runtime.keep_loaded(base, lambda: _load(base, runtime))
        self._strength = 1.0
        if files.base is not None:
            self._strength = hold_adapter(self._pipeline, files)
        self._takes = frozenset(inspect.signature(self._pipeline.__call__).parameters)
        self._longest = _native_side(self._pipeline)

    def generate(self, job: GenerationJob, on_step: StepReport) -> list[Sample]:
        """Paint one sample per seed around the product, at the model's own size.

        The same job makes the same bytes on the same machine. Raises EngineError (permanent for a job or a model
        that cannot work, passing for a machine that ran out of memory), and whatever `on_step` raises.
        """
        _check(job)
        shape = model_shape(job.mask.shape[0], job.mask.shape[1], self._longest)
        inputs = self._inputs(job, shrink(job.source, shape), shrink_mask(job.mask, shape))
        watch = _Watch(on_step, job.steps)
        wear_adapter(self._pipeline, self._files if self._files.base else None)
        try:
            images = self._pipeline(**inputs, callback_on_step_end=watch).images
        except (ValueError, TypeError, RuntimeError) as error:
            if error is watch.raised:
                raise
            # A full card may be free again in a minute; values of the wrong kind stay wrong.
            raise EngineError(
                f"The generator failed: {error}", permanent=not isinstance(error, RuntimeError)
            ) from error
        return [
            Sample(image=_pixels(image, shape), recipe=self._recipe(job, position, shape))
            for position, image in enumerate(images)
        ]

    def _inputs(self, job: GenerationJob, source: Image, mask: Mask) -> dict[str, Any]:
        height, width = mask.shape
        if self._strength < 1:
            source = carried_on(source, mask)
        inputs: dict[str, Any] = {
            "prompt": job.prompt,
            "image": PillowImage.fromarray(source),
            "mask_image": PillowImage.fromarray(np.where(mask, 0, 255).astype(np.uint8)),
            "height": height,
            "width": width,
            # Of these the pipeline does the last `strength`, which are the job's steps.
            "num_inference_steps": math.ceil(job.steps / self._strength),
            "guidance_scale": job.guidance,
            "num_images_per_prompt": len(job.seeds),
            "generator": self._runtime.generators(job.seeds),
            "output_type": "np",
        }
        # Not every family of pipelines knows these two; strength 1 starts from noise alone, so nothing of the old
        # scene shines through.
        optional = {"strength": self._strength, "negative_prompt": job.negative_prompt or None}
        return inputs | {name: value for name, value in optional.items() if name in self._takes}

    def _recipe(self, job: GenerationJob, position: int, shape: tuple[int, int]) -> dict[str, Any]:
        return {
            "seed": job.seeds[position],
            "batch_seeds": list(job.seeds),
            "batch_size": len(job.seeds),
            "batch_position": position,
            "prompt": job.prompt,
            "negative_prompt": job.negative_prompt,
            "steps": job.steps,
            "guidance": job.guidance,
            "strength": self._strength,
            "height": shape[0],
            "width": shape[1],
            "pipeline": type(self._pipeline).__name__,
            "scheduler": type(self._pipeline.scheduler).__name__,
            "model": self._files.key,
            "model_sha256": self._files.sha256,
            **({"base_sha256": self._files.base.sha256} if self._files.base else {}),
            **self._runtime.describe(),
        }


@dataclass
class _Watch:
    """Hands the pipeline's steps to a StepReport and remembers what it raised, to tell a stop from a failure."""

    on_step: StepReport
    steps: int
    done: int = 0
    raised: BaseException | None = None

    def __call__(self, pipeline: Any, step: int, timestep: Any, state: dict[str, Any]) -> dict[str, Any]:
        self.done += 1
        try:
            self.on_step(self.done, max(self.steps, self.done))
        except BaseException as error:
            self.raised = error
            raise
        return state


def _load(files: ModelFiles, runtime: Runtime) -> Any:
    verify_folder(files)
    device, dtype = runtime.torch_device(), runtime.torch_dtype()
    from diffusers import DiffusionPipeline
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    for library in (diffusers_logging, transformers_logging):
        library.disable_progress_bar()  # a worker's log is no terminal; a job's steps are reported by `on_step`
    try:
        pipeline: Any = DiffusionPipeline.from_pretrained(  # type: ignore[no-untyped-call]
            str(files.folder), local_files_only=True, use_safetensors=True, trust_remote_code=False, dtype=dtype
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, ImportError, RuntimeError) as error:
        raise EngineError(f"{files.key}: the pipeline does not load: {error}", permanent=True) from error
    wanted = {"prompt", "image", "mask_image", "height", "width", "generator", "callback_on_step_end"}
    missing = wanted - set(inspect.signature(pipeline.__call__).parameters)
    if missing:
        raise EngineError(f"{files.key}: {type(pipeline).__name__} is not an inpainting pipeline.", permanent=True)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline.to(device)


def _native_side(pipeline: Any) -> int:
    """Return the side in pixels that the model was trained at."""
    denoiser = getattr(pipeline, "unet", None)
    latent = denoiser.config.sample_size if denoiser is not None else getattr(pipeline, "default_sample_size", None)
    if not isinstance(latent, int):
        raise EngineError(_("The pipeline does not say which size it was trained at."), permanent=True)
    return latent * int(pipeline.vae_scale_factor)


def _check(job: GenerationJob) -> None:
    """Raise EngineError for a job that no pipeline could do."""
    source, mask = job.source, job.mask
    faults = (
        (source.dtype != np.uint8 or source.ndim != 3 or source.shape[-1] != 3, _("The photo is not H x W x 3 bytes.")),
        (mask.dtype != np.bool_ or mask.shape != source.shape[:2], _("The mask does not fit the photo.")),
        (not mask.any() or bool(mask.all()), _("The mask covers nothing or everything.")),
        (not job.seeds, _("There is no seed, so there is nothing to make.")),
        (not 1 <= job.steps <= _MOST_STEPS, f"The number of steps is outside 1..{_MOST_STEPS}."),
        (not math.isfinite(job.guidance) or job.guidance < 0, _("The guidance is not a number from 0 up.")),
    )
    for wrong, sentence in faults:
        if wrong:
            raise EngineError(sentence, permanent=True)


def _pixels(image: Any, shape: tuple[int, int]) -> Image:
    """Turn one output (H x W x 3, floats 0..1) into bytes. Raises EngineError for NaNs or another shape."""
    values = np.asarray(image, dtype=np.float32)
    if values.shape != (*shape, 3) or not np.isfinite(values).all():
        raise EngineError(_("The generator returned no proper image."), permanent=True)
    return np.clip(np.rint(values * 255), 0, 255).astype(np.uint8)
