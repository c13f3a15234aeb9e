"""How much noise at which time: the signal falls along a cosine, moved towards more noise for small latents.

log SNR(t) = -2 ln tan(pi t / 2) + 2 ln 0.5, as in "Simple diffusion" (arXiv:2301.11093), written as the betas of a
thousand steps so that any diffusers scheduler follows it.
"""

import math
from typing import Any

import torch

STEPS = 1000
_SHIFT = 0.5
_EDGE = 16.0
"""The logarithm of the signal-to-noise ratio is cut off here: beyond, single precision sees no difference."""


def betas() -> torch.Tensor:
    """Return the thousand betas, as doubles."""
    time = (torch.arange(1, STEPS + 1, dtype=torch.float64) / STEPS).clamp(max=0.9995)
    log_snr = -2 * torch.log(torch.tan(math.pi * time / 2)) + 2 * math.log(_SHIFT)
    signal = torch.sigmoid(log_snr.clamp(-_EDGE, _EDGE))
    before = torch.cat([torch.ones(1, dtype=torch.float64), signal[:-1]])
    return 1 - signal / before


def build_scheduler() -> Any:
    """Return the sampler: DPM-Solver++ of the second order for v-prediction, from pure noise (trailing) to no noise."""
    from diffusers import DPMSolverMultistepScheduler

    values = betas()
    scheduler: Any = DPMSolverMultistepScheduler(  # type: ignore[no-untyped-call]
        trained_betas=values.float().numpy(),
        prediction_type="v_prediction",
        timestep_spacing="trailing",
        steps_offset=1,
        final_sigmas_type="zero",
        algorithm_type="dpmsolver++",
        solver_order=2,
    )
    scheduler.register_to_config(trained_betas=[float(value) for value in values])  # an array is not written as JSON
    return scheduler
