"""Trains denoiser and text encoder together, on latents that were encoded once."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from generation.engines.base_model.chance import Order, numbers, tensors
from generation.engines.base_model.latents import Latents
from generation.engines.base_model.learner import Learner
from generation.engines.base_model.muon import Muon
from generation.engines.base_model.parts import Parts
from generation.engines.base_model.plan import Plan
from generation.engines.base_model.scenes.captions import shortened
from generation.engines.base_model.schedule import STEPS
from generation.engines.base_model.tokenizer import tokenize

_SHARE_SHORTENED, _SHARE_EMPTY = 0.5, 0.1
_WEIGHT_INSIDE = 0.2
"""Of the loss inside the product, which is pasted back anyway; the scene counts 1."""

_NO_MATRIX = ("conv_in", "conv_out", "embedding", "norm")
"""Parts of the names of parameters that Muon leaves to AdamW: first and last layers, and tables of embeddings."""


class DenoiserLearner(Learner):
    stage = "denoiser"

    def __init__(self, plan: Plan, parts: Parts, latents: Latents, captions: Sequence[str]) -> None:
        self.parts = parts
        self._plan, self._latents, self._captions = plan, latents, captions
        self.steps, self.batch = plan.denoiser.steps, plan.denoiser.batch
        self._order = Order(plan.seed, plan.scenes)
        parts.denoiser.to(memory_format=torch.channels_last).train()
        parts.text_encoder.train()
        parameters = _named("denoiser", parts.denoiser) | _named("text", parts.text_encoder)
        matrices = [parameter for name, parameter in parameters.items() if _is_matrix(name, parameter)]
        self._others = [parameter for name, parameter in parameters.items() if not _is_matrix(name, parameter)]
        adam = torch.optim.AdamW(self._others, plan.denoiser.rate, betas=(0.9, 0.99), weight_decay=1e-2)
        super().__init__(parameters, {"adam": adam, "muon": Muon(matrices, plan.denoiser.matrix_rate)})

    def step(self, number: int) -> float:
        indices = self._order.part(number * self.batch, self.batch)
        times = stratified_times(self.batch, tensors(self._plan.seed, "times", number))
        self._set_rates(_rate(number, self.steps))
        loss = v_loss(
            self.parts, self._latents, indices, self._texts(indices, number), times,
            tensors(self._plan.seed, "noise", number),
        )  # fmt: skip
        for optimizer in self._optimizers.values():
            optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._others, 1.0)
        for optimizer in self._optimizers.values():
            optimizer.step()
        self.average.follow(number)
        return float(loss.detach())

    def finish(self) -> None:
        super().finish()
        self.parts.denoiser.to(memory_format=torch.contiguous_format).eval()
        self.parts.text_encoder.eval()

    def _texts(self, indices: np.ndarray, number: int) -> list[str]:
        return spoken([self._captions[int(index)] for index in indices], numbers(self._plan.seed, "captions", number))


def spoken(captions: Sequence[str], random: np.random.Generator) -> list[str]:
    """Return the captions: half of them shortened, a tenth empty, for guidance to know what no words look like."""
    texts = []
    for text in captions:
        said = shortened(text, random) if random.random() < _SHARE_SHORTENED else text
        texts.append("" if random.random() < _SHARE_EMPTY else said)
    return texts


def v_loss(parts: Parts, latents: Latents, indices: np.ndarray, texts: Sequence[str], times: torch.Tensor,
           chance: torch.Generator) -> torch.Tensor:  # fmt: skip
    """Return the squared error of the predicted v = a noise - s picture, weighed by where the scene is.

    a and s are the shares of signal and noise at each of `times` (Salimans and Ho, arXiv:2202.00512).
    """
    picture, masked, hole = latents.read(indices)
    signal = parts.scheduler.alphas_cumprod[times].float()[:, None, None, None]
    a, s = signal.sqrt(), (1 - signal).sqrt()
    noise = torch.randn(picture.shape, generator=chance)
    seen = torch.cat([a * picture + s * noise, hole, masked], 1).contiguous(memory_format=torch.channels_last)
    words = parts.text_encoder(tokenize(parts.tokenizer, texts)).last_hidden_state
    predicted = parts.denoiser(seen, times, words, return_dict=False)[0]
    weight = _WEIGHT_INSIDE + (1 - _WEIGHT_INSIDE) * functional.max_pool2d(hole, 3, 1, 1)
    error = (predicted - (a * noise - s * picture)) ** 2
    loss: torch.Tensor = (error * weight).sum() / (error.shape[1] * weight.sum())
    return loss


def stratified_times(count: int, chance: torch.Generator) -> torch.Tensor:
    """Return `count` times, 0..999, spread evenly from a random start: every batch sees little and much noise."""
    places = (torch.rand(1, generator=chance) + torch.arange(count) / count) % 1
    return (places * STEPS).long()


def _rate(number: int, steps: int) -> float:
    """Return the share of the full rate: up within 20 steps, level, then straight down from two fifths on."""
    done = number / steps
    return min(1.0, (number + 1) / 20) * (1.0 if done < 0.4 else max(0.004, (1 - done) / 0.6))


def _named(prefix: str, module: nn.Module) -> dict[str, nn.Parameter]:
    return {f"{prefix}.{name}": parameter for name, parameter in module.named_parameters()}


def _is_matrix(name: str, parameter: nn.Parameter) -> bool:
    if parameter.ndim < 2:
        return False
    return "time_emb_proj" in name or not any(part in name for part in _NO_MATRIX)
