"""A sheet of samples for the eye: held-out scenes down, fixed prompts across, the same for every model."""

from collections.abc import Sequence

import numpy as np

from generation.contracts import GenerationJob, Generator, Image
from generation.engines.base_model.scenes.scene import Scene
from generation.imaging.compositing import compose

PROMPTS = (
    "on a wooden table, terracotta wall, soft light",
    "on a marble table, teal wall, plant, soft light",
    "on a plain table, pink wall, vase, warm light",
    "on a stone table, grey wall, books, cool light",
    "on a concrete table, yellow wall, warm light",
    "on a wooden table, white wall, plant, dramatic light",
)
_GREY = 128


def sample_sheet(generator: Generator, scenes: Sequence[Scene], steps: int, guidance: float) -> Image:
    """Return one picture: a row for each scene, with source, input, and one composed candidate per prompt."""
    rows = []
    for number, scene in enumerate(scenes):
        cells = [scene.image, np.where(scene.mask[..., None], scene.image, _GREY).astype(np.uint8)]
        thing = scene.caption.split(" on a ")[0]
        for place, prompt in enumerate(PROMPTS):
            seed = number * len(PROMPTS) + place
            job = GenerationJob(scene.image, scene.mask, f"{thing} {prompt}", (seed,), steps, guidance)
            raw = generator.generate(job, _ignore_step)[0].image
            cells.append(compose(scene.image, scene.mask, raw)[1])
        rows.append(np.hstack(cells))
    return np.vstack(rows)


def _ignore_step(done: int, total: int) -> None:
    return None
