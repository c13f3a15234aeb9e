"""What learns step by step: weights, optimizers and the average, kept and put back to the very bit."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from generation.engines.base_model.average import Average


class Learner(ABC):
    """A stage's training. `step` must depend on nothing but its number and the state."""

    stage: str
    steps: int
    batch: int

    def __init__(self, parameters: Mapping[str, nn.Parameter], optimizers: Mapping[str, torch.optim.Optimizer]) -> None:
        self._parameters = dict(parameters)
        self._optimizers = dict(optimizers)
        self.average = Average(list(self._parameters.values()))

    @abstractmethod
    def step(self, number: int) -> float:
        """Do step `number` (from 0) and return its loss."""

    def finish(self) -> None:
        """Put the averaged weights in place; nothing is learnt after that."""
        self.average.put_in_place()

    def state(self) -> dict[str, torch.Tensor]:
        tensors: dict[str, torch.Tensor] = {
            f"weights.{name}": parameter for name, parameter in self._parameters.items()
        }
        tensors |= {f"average.{name}": value for name, value in zip(self._parameters, self.average.values, strict=True)}
        for name, optimizer in self._optimizers.items():
            for number, values in optimizer.state_dict()["state"].items():
                tensors |= {f"optimizer.{name}.{number}.{key}": value for key, value in values.items()}
        return tensors

    @torch.no_grad()
    def restore(self, tensors: Mapping[str, torch.Tensor]) -> None:
        for (name, parameter), value in zip(self._parameters.items(), self.average.values, strict=True):
            parameter.copy_(tensors[f"weights.{name}"])
            value.copy_(tensors[f"average.{name}"])
        for name, optimizer in self._optimizers.items():
            self._restore_optimizer(optimizer, f"optimizer.{name}.", tensors)

    def _restore_optimizer(
        self, optimizer: torch.optim.Optimizer, prefix: str, tensors: Mapping[str, torch.Tensor]
    ) -> None:
        parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
        state: dict[int, dict[str, Any]] = {}
        for name, tensor in tensors.items():
            if name.startswith(prefix):
                number, key = name.removeprefix(prefix).split(".")
                like = parameters[int(number)]
                # In the parameter's own memory layout: another one may round differently in the last bit.
                kept = torch.empty_like(like).copy_(tensor) if tensor.shape == like.shape else tensor.clone()
                state.setdefault(int(number), {})[key] = kept
        optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})

    def _set_rates(self, share: float) -> None:
        """Set every optimizer to `share` of the rate that it was made with."""
        for optimizer in self._optimizers.values():
            for group in optimizer.param_groups:
                group["lr"] = optimizer.defaults["lr"] * share
