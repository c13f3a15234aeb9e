"""Contact sheets: what a model makes of some products, in one picture for the eye."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from generation.contracts import Canvas, GenerationJob, Generator, Image
from generation.imaging.compositing import compose
from generation.imaging.framing import capped_shape, shrink

CELL = 320
"""Pixels of a cell's longer side."""
_GAP, _PAPER = 6, 250


@dataclass(frozen=True)
class Row:
    """A canvas, and the prompt under which each seed paints a candidate on it."""

    photo: Image
    canvas: Canvas
    prompt: str
    seeds: tuple[int, ...]


def contact_sheet(
    generator: Generator, rows: Sequence[Row], *, steps: int, guidance: float, done: Callable[[int, int], None]
) -> Image:  # fmt: skip
    """Return one picture, a row for each of `rows`: the photo, the canvas, and the finished candidates.

    Raises EngineError. `done` is told (rows done, rows in all).
    """
    lines = []
    for number, row in enumerate(rows, start=1):
        job = GenerationJob(row.canvas.image, row.canvas.kept, row.prompt, row.seeds, steps, guidance)
        samples = generator.generate(job, _ignore_step)
        finished = [compose(row.canvas.image, row.canvas.kept, sample.image)[1] for sample in samples]
        lines.append([row.photo, row.canvas.image, *finished])
        done(number, len(rows))
    return np.vstack(list(_rows(lines)))


def _rows(lines: Sequence[Sequence[Image]]) -> Iterator[Image]:
    for line in lines:
        cells = [_cell(picture) for picture in line]
        height = max(len(cell) for cell in cells)
        yield np.hstack([_padded(cell, height, CELL + _GAP) for cell in cells])


def _cell(picture: Image) -> Image:
    return shrink(picture, capped_shape((picture.shape[0], picture.shape[1]), CELL))


def _padded(cell: Image, height: int, width: int) -> Image:
    paper = np.full((height + _GAP, width, 3), _PAPER, np.uint8)
    left = (width - cell.shape[1]) // 2
    paper[: len(cell), left : left + cell.shape[1]] = cell
    return paper


def _ignore_step(done: int, total: int) -> None:
    return None
