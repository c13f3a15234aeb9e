"""A running average of the weights: smoother than the weights themselves, and what is kept in the end."""

from collections.abc import Sequence

import torch

_SLOWEST = 0.998


class Average:
    """Follows `parameters`; quickly at first, so that where training began is soon forgotten."""

    def __init__(self, parameters: Sequence[torch.Tensor]) -> None:
        self._parameters = list(parameters)
        self.values = [parameter.detach().clone() for parameter in parameters]

    @torch.no_grad()
    def follow(self, step: int) -> None:
        """Move towards the parameters, after step number `step` (from 0)."""
        share = 1 - min(_SLOWEST, (1 + step) / (10 + step))
        torch._foreach_lerp_(self.values, self._parameters, share)

    @torch.no_grad()
    def put_in_place(self) -> None:
        """Overwrite the parameters with their average."""
        for parameter, value in zip(self._parameters, self.values, strict=True):
            parameter.copy_(value)
