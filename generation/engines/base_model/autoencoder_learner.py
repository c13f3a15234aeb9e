"""Trains the autoencoder on crops of the scenes."""

from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from generation.engines.base_model.autoencoder import as_input, build_autoencoder, colour_statistics, fold
from generation.engines.base_model.autoencoder import start_as_pass_through as pass_through
from generation.engines.base_model.chance import numbers, tensors
from generation.engines.base_model.learner import Learner
from generation.engines.base_model.plan import Plan
from generation.engines.base_model.scene_store import SceneStore

_LOOKED_AT = 256
"""Scenes from which colours are measured, and the latents' mean and deviation."""

_LATENT_NOISE = 0.06
_SHARE_RECOLOURED = 0.35
_WARM_UP = 100
_CHROMA = torch.tensor([[-0.169, -0.331, 0.5], [0.5, -0.419, -0.081]])
"""Rows of ITU-R BT.601: blue and red against brightness. Colours are lost first, so they count extra."""


class AutoencoderLearner(Learner):
    stage = "autoencoder"

    def __init__(self, plan: Plan, scenes: SceneStore) -> None:
        torch.manual_seed(plan.seed)  # the layers draw their first weights from torch's own generator
        self.autoencoder = build_autoencoder(plan.autoencoder.channels)
        pass_through(self.autoencoder, *colour_statistics(scenes.images(_some(plan))))
        self.autoencoder.to(memory_format=torch.channels_last)
        self._plan, self._scenes = plan, scenes
        self.steps, self.batch = plan.autoencoder.steps, plan.autoencoder.batch
        parameters = dict(self.autoencoder.named_parameters())
        adam = torch.optim.AdamW(parameters.values(), plan.autoencoder.rate, betas=(0.9, 0.98), weight_decay=1e-4)
        super().__init__(parameters, {"adam": adam})

    def step(self, number: int) -> float:
        pictures = self._crops(number)
        self._set_rates(_rate(number, self.steps))
        latents = self.autoencoder.encode(pictures).latents
        noise = torch.randn(latents.shape, generator=tensors(self._plan.seed, "latent noise", number))
        back = self.autoencoder.decode(latents + _LATENT_NOISE * noise).sample
        loss = reconstruction_loss(back, pictures) + 1e-2 * functional.relu(latents.std((0, 2, 3)) - 0.8).mean()
        for optimizer in self._optimizers.values():
            optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._parameters.values(), 1.0)
        for optimizer in self._optimizers.values():
            optimizer.step()
        self.average.follow(number)
        return float(loss.detach())

    def finish(self) -> None:
        """Put the average in place and fold the latents."""
        super().finish()
        fold(self.autoencoder.eval(), as_input(self._scenes.images(_some(self._plan))))
        self.autoencoder.to(memory_format=torch.contiguous_format)

    def _crops(self, number: int) -> torch.Tensor:
        random, side = numbers(self._plan.seed, "crops", number), self._plan.autoencoder.crop
        crops = []
        for index in random.integers(0, self._plan.scenes, self.batch):
            top, left = random.integers(0, 256 - side + 1, 2)
            crop: Any = self._scenes.crop(int(index), int(top), int(left), side)
            if random.random() < 0.5:
                crop = crop[:, ::-1]
            if random.random() < _SHARE_RECOLOURED:
                crop = crop[..., random.permutation(3)]
            crops.append(crop)
        return as_input(np.stack(crops))


def reconstruction_loss(back: torch.Tensor, pictures: torch.Tensor) -> torch.Tensor:
    """Return one number for N x 3 x H x W pictures: absolute error, edges, chroma, coarse and fine squared error."""
    error = back - pictures
    edges = error.diff(dim=-1).abs().mean() + error.diff(dim=-2).abs().mean()
    chroma = torch.einsum("ij,bjhw->bihw", _CHROMA, error).abs().mean()
    coarse = (functional.avg_pool2d(error, 4) ** 2).mean()
    return error.abs().mean() + 0.7 * edges + chroma + 2 * coarse + (error**2).mean()


def _rate(number: int, steps: int) -> float:
    """Return the share of the full rate: up within 100 steps, level, then down along a cosine from half way on."""
    done = number / steps
    fall = 1.0 if done < 0.5 else 0.5 + 0.5 * float(np.cos(2 * np.pi * (done - 0.5)))
    return min(1.0, (number + 1) / _WARM_UP) * fall + 0.005


def _some(plan: Plan) -> np.ndarray:
    return np.linspace(0, plan.scenes - 1, min(_LOOKED_AT, plan.scenes)).astype(np.int64)
