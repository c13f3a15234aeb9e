"""What a finished model is worth, on scenes it never saw."""

from collections.abc import Sequence

import numpy as np
import torch

from generation.engines.base_model.autoencoder import as_input, reconstruction_psnr
from generation.engines.base_model.chance import tensors
from generation.engines.base_model.denoiser_learner import stratified_times, v_loss
from generation.engines.base_model.latents import Latents
from generation.engines.base_model.parts import Parts
from generation.engines.base_model.plan import Plan
from generation.engines.base_model.scene_store import SceneStore

_BATCH = 16


def held_out_figures(parts: Parts, plan: Plan, scenes: SceneStore, latents: Latents) -> dict[str, float]:
    """Return PSNR of the autoencoder (dB) and the denoiser's v-loss, on the plan's held-out scenes.

    Noise and times come from the plan's seed, so two models that share an autoencoder can be compared.
    """
    indices = np.arange(plan.scenes, plan.scenes + plan.held_out)
    batches = [indices[at : at + _BATCH] for at in range(0, len(indices), _BATCH)]
    captions = scenes.captions()
    parts.denoiser.eval()
    parts.text_encoder.eval()
    psnr = [reconstruction_psnr(parts.autoencoder, as_input(scenes.images(batch))) for batch in batches]
    return {"psnr": float(np.mean(psnr)), "v_loss": held_out_loss(parts, latents, indices, captions, plan.seed)}


@torch.no_grad()
def held_out_loss(
    parts: Parts, latents: Latents, indices: np.ndarray, captions: Sequence[str], seed: int
) -> float:  # fmt: skip
    """Return the mean v-loss over rows of `latents`; noise and times come from `seed`."""
    losses = []
    for number, at in enumerate(range(0, len(indices), _BATCH)):
        batch = indices[at : at + _BATCH]
        times = stratified_times(len(batch), tensors(seed, "held-out times", number))
        texts = [captions[int(index)] for index in batch]
        losses.append(float(v_loss(parts, latents, batch, texts, times, tensors(seed, "held-out noise", number))))
    return float(np.mean(losses))
