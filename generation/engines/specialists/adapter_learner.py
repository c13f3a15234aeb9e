"""Trains a small adapter (LoRA, Hu et al., arXiv:2106.09685) to the base model's denoiser; the base does not move."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from generation.engines.base_model.chance import Order, numbers, tensors
from generation.engines.base_model.denoiser_learner import spoken, stratified_times, v_loss
from generation.engines.base_model.latents import Latents
from generation.engines.base_model.learner import Learner
from generation.engines.base_model.parts import Parts
from generation.engines.specialists.plan import SpecialistPlan

_LAYERS = ["to_q", "to_k", "to_v", "to_out.0", "ff.net.0.proj", "ff.net.2", "conv1", "conv2"]
"""Attention, and the convolutions between: what lies where changes with the task as much as what it looks like."""


class AdapterLearner(Learner):
    stage = "adapter"

    def __init__(self, plan: SpecialistPlan, parts: Parts, latents: Latents, captions: Sequence[str]) -> None:
        self.parts = parts
        self._plan, self._latents, self._captions = plan, latents, captions
        self.steps, self.batch = plan.steps, plan.batch
        self._order = Order(plan.seed, plan.lessons)
        parameters = _add_adapter(parts, plan)
        adam = torch.optim.AdamW(list(parameters.values()), plan.rate, betas=(0.9, 0.99), weight_decay=0.0)
        super().__init__(parameters, {"adam": adam})

    def step(self, number: int) -> float:
        indices = self._order.part(number * self.batch, self.batch)
        texts = spoken(
            [self._captions[int(index)] for index in indices], numbers(self._plan.seed, "captions", number)
        )  # fmt: skip
        times = stratified_times(self.batch, tensors(self._plan.seed, "times", number))
        self._set_rates(_rate(number, self.steps))
        loss = v_loss(
            self.parts, self._latents, indices, texts, times, tensors(self._plan.seed, "noise", number)
        )  # fmt: skip
        adam = self._optimizers["adam"]
        adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(list(self._parameters.values()), 1.0)
        adam.step()
        self.average.follow(number)
        return float(loss.detach())

    def finish(self) -> None:
        super().finish()
        self.parts.denoiser.to(memory_format=torch.contiguous_format).eval()


def _add_adapter(parts: Parts, plan: SpecialistPlan) -> dict[str, nn.Parameter]:
    from peft import LoraConfig

    denoiser: Any = parts.denoiser
    torch.manual_seed(plan.seed)  # the first matrices are drawn from torch's own generator
    for module in (denoiser, parts.text_encoder, parts.autoencoder):
        module.requires_grad_(False)
    denoiser.add_adapter(LoraConfig(r=plan.rank, lora_alpha=plan.rank, target_modules=_LAYERS))
    denoiser.to(memory_format=torch.channels_last).train()
    parts.text_encoder.eval()
    return {name: value for name, value in denoiser.named_parameters() if value.requires_grad}


def _rate(number: int, steps: int) -> float:
    """Return the share of the full rate: up within 20 steps, then straight down from the middle on."""
    return min(1.0, (number + 1) / 20) * min(1.0, max(0.01, 2 * (1 - number / steps)))
