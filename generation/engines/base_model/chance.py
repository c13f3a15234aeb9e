"""Random numbers that depend on nothing but a plan's seed, a purpose and a step.

Nothing is carried from step to step, so a run that was killed draws the same numbers when it goes on, and no state of
a random generator has to be kept.
"""

import hashlib

import numpy as np
import torch


def numbers(seed: int, purpose: str, step: int = 0) -> np.random.Generator:
    return np.random.default_rng(_key(seed, purpose, step))


def tensors(seed: int, purpose: str, step: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(_key(seed, purpose, step) % 2**63)


class Order:
    """An endless sequence that goes through 0 .. count-1 again and again, each time in another order."""

    def __init__(self, seed: int, count: int) -> None:
        self._seed, self._count = seed, count
        self._round = -1
        self._places = np.zeros(0, np.int64)

    def part(self, begin: int, length: int) -> np.ndarray:
        """Return places `begin` .. `begin + length - 1` of the sequence."""
        return np.array([self._at(place) for place in range(begin, begin + length)], np.int64)

    def _at(self, place: int) -> int:
        number, offset = divmod(place, self._count)
        if number != self._round:
            self._round, self._places = number, numbers(self._seed, "order", number).permutation(self._count)
        return int(self._places[offset])


def _key(seed: int, purpose: str, step: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}:{purpose}:{step}".encode()).digest()[:8], "little")
