"""Where an engine computes: device, number format, seeds, and the one base model that a process keeps loaded."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, TypeVar

from generation.contracts import EngineError, ModelFiles

if TYPE_CHECKING:  # torch takes seconds and hundreds of megabytes; a process that only names engines never pays
    import torch

Model = TypeVar("Model")

# Threads that wait for each other must sleep, not spin: beside other work on the same cores, spinning made twelve steps
# of the demonstration model cost 14 to 21 CPU seconds instead of 1.7. Read when a tensor library is first imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

DTYPES = ("float32", "bfloat16", "float16")
_LARGEST_SEED = 2**63 - 1

_loaded: dict[tuple[str, str], tuple[str, Any]] = {}
_loading = threading.Lock()


@dataclass(frozen=True)
class Runtime:
    """`device` as torch spells it ("cpu", "cuda", "cuda:1"); `dtype` one of DTYPES."""

    device: str = "cpu"
    dtype: str = "float32"

    def torch_device(self) -> torch.device:
        """Return the device. Raises EngineError when this machine does not have it."""
        import torch

        try:
            device = torch.device(self.device)
        except RuntimeError as error:
            raise EngineError(f"There is no device {self.device}.", permanent=True) from error
        if device.type == "cuda" and not torch.cuda.is_available():
            raise EngineError(f"This machine has no {self.device}.", permanent=True)
        return device

    def torch_dtype(self) -> torch.dtype:
        import torch

        if self.dtype not in DTYPES:
            raise EngineError(f"The number format {self.dtype} is not one of {', '.join(DTYPES)}.", permanent=True)
        dtype: torch.dtype = getattr(torch, self.dtype)
        return dtype

    def generators(self, seeds: Sequence[int]) -> list[torch.Generator]:
        """Return one random generator per seed, on the CPU so that a seed means the same noise on every device."""
        import torch

        for seed in seeds:
            if not 0 <= seed <= _LARGEST_SEED:
                raise EngineError(f"The seed {seed} is outside 0..2^63-1.", permanent=True)
        return [torch.Generator("cpu").manual_seed(seed) for seed in seeds]

    def keep_loaded(self, files: ModelFiles, load: Callable[[], Model]) -> Model:
        """Return the model that `files.sha256` pins, loading it with `load` unless this process already holds it.

        A device keeps one base model; another one takes its place, because two rarely fit on a card.
        """
        place = (self.device, self.dtype)
        with _loading:
            held = _loaded.get(place)
            if held is None or held[0] != files.sha256:
                for other in [key for key in _loaded if key[0] == self.device]:
                    del _loaded[other]
                held = None
                self._release_memory()
                held = _loaded[place] = (files.sha256, load())
            model: Model = held[1]
            return model

    def describe(self) -> dict[str, Any]:
        """Return what else, beside seeds and settings, decides the pixels: the machine and the libraries."""
        import torch

        return {
            "device": self.device,
            "dtype": self.dtype,
            "threads": torch.get_num_threads(),
            **{name: version(name) for name in ("torch", "diffusers", "transformers", "numpy")},
        }

    def _release_memory(self) -> None:
        gc.collect()
        if self.device.startswith("cuda"):
            import torch

            torch.cuda.empty_cache()
