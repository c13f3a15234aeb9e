"""Rows of arrays on disk, in numbered files that are whole or absent, so that a killed run makes one file again."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from generation.contracts import EngineError
from generation.engines.trainers.feature_store import write_whole
from generation.modelfiles import check_safetensors

ROWS = 64


class Shards:
    """File number n holds the rows 64n .. 64n + 63 of `count`; the last one may be shorter."""

    def __init__(self, folder: Path, count: int) -> None:
        self._folder = folder
        self._open: dict[int, Any] = {}
        self.count = count
        folder.mkdir(parents=True, exist_ok=True)

    def missing(self) -> Iterator[tuple[int, range]]:
        """Yield the number and the rows of each file that is not there, or is cut off."""
        for number in range(-(-self.count // ROWS)):
            if not self._is_whole(number):
                yield number, range(number * ROWS, min(self.count, (number + 1) * ROWS))

    def write(self, number: int, arrays: Mapping[str, npt.NDArray[Any]], **texts: str) -> None:
        from safetensors.numpy import save

        write_whole(self._path(number), save(dict(arrays), metadata=texts))

    def row(self, name: str, index: int, *window: slice) -> npt.NDArray[Any]:
        """Return one row of an array, or a window of it; only that part is read."""
        number, offset = divmod(index, ROWS)
        part: npt.NDArray[Any] = self._file(number).get_slice(name)[(slice(offset, offset + 1), *window)][0]
        return part

    def rows(self, name: str, indices: Sequence[int] | npt.NDArray[np.int64]) -> npt.NDArray[Any]:
        return np.stack([self.row(name, int(index)) for index in indices])

    def texts(self, name: str) -> list[str]:
        """Return what was written under `name` in each file."""
        return [self._file(number).metadata()[name] for number in range(-(-self.count // ROWS))]

    def _is_whole(self, number: int) -> bool:
        try:
            check_safetensors(self._path(number))
        except (OSError, EngineError):
            return False
        return True

    def _file(self, number: int) -> Any:
        from safetensors import safe_open

        if number not in self._open:
            self._open[number] = safe_open(self._path(number), framework="numpy")
        return self._open[number]

    def _path(self, number: int) -> Path:
        return self._folder / f"shard-{number:05d}.safetensors"
