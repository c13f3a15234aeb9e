"""Round things (bottles, jars, vases, candles) as solids of revolution, and balls."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generation.engines.base_model.scenes.canvas import COLUMNS, ROWS, Floats, lay_over


@dataclass(frozen=True)
class Layer:
    """A thing by itself: its colours everywhere, and where it covers."""

    colours: Floats
    coverage: Floats

    def lay_on(self, picture: Floats) -> None:
        lay_over(picture, self.colours, self.coverage)


def turned(x: float, top: float, base: float, widths: Sequence[float] | Floats, colour: Floats, side: float,
           shine: float = 0.0, tilt: float = 0.17) -> Layer:  # fmt: skip
    """Return a solid of revolution that stands at (x, base).

    `widths` are its diameters in pixels, evenly spaced from top to base; `tilt` is how far one looks into it from
    above (the height of a circle over its width); `side` where the light comes from, `shine` its highlight, 0..1.
    """
    profile = np.asarray(widths, np.float32)
    along = np.clip((ROWS[:, 0] - top) / max(2.0, base - top), 0, 1)
    half = np.interp(along, np.linspace(0, 1, len(profile)), profile / 2).astype(np.float32)[:, None]
    across = (COLUMNS - x) / np.maximum(half, 1)
    upper, lower = (_arc(x, float(end) / 2, tilt) for end in (profile[0], profile[-1]))
    coverage = (
        np.clip((1 - np.abs(across)) * half + 0.5, 0, 1)
        * np.clip(ROWS - (top - upper) + 0.5, 0, 1)
        * np.clip(base + lower - ROWS + 0.5, 0, 1)
    )
    # Lambert's law for a round wall: the normal turns from left to right, the light comes half from the side.
    facing = np.sqrt(np.clip(1 - across**2, 0, 1))
    lit = np.clip(0.3 + 0.55 * facing + 0.45 * side * np.clip(across, -1, 1), 0.16, 1.08)
    colours = colour * lit[..., None]
    if shine > 0:
        colours = colours + 255 * shine * np.exp(-(((across - 0.65 * side) / 0.14) ** 2))[..., None]
    lid = np.abs(ROWS - top) <= upper
    colours = np.where(lid[..., None], np.clip(colour * 1.04 + 8, 0, 255), colours)
    return Layer(colours.astype(np.float32), coverage.astype(np.float32))


def ball(x: float, y: float, radius: float, colour: Floats, side: float) -> Layer:
    """Return a ball around (x, y), lit from above on `side`, with a small highlight."""
    right, down = (COLUMNS - x) / radius, (ROWS - y) / radius
    coverage = np.clip((1 - np.hypot(right, down)) * radius + 0.5, 0, 1)
    depth = np.sqrt(np.clip(1 - right**2 - down**2, 0, 1))
    lit = np.clip(0.28 + 0.4 * depth + 0.35 * side * right - 0.4 * down, 0.2, 1.1)
    spot = np.exp(-((right - 0.4 * side) ** 2 + (down + 0.45) ** 2) / 0.04)
    return Layer((colour * lit[..., None] + 60 * spot[..., None]).astype(np.float32), coverage.astype(np.float32))


def stacked(*layers: Layer) -> Layer:
    """Return several layers as one, the later ones in front."""
    colours = np.zeros_like(layers[0].colours)
    coverage = np.zeros_like(layers[0].coverage)
    for layer in layers:
        lay_over(colours, layer.colours, layer.coverage)
        coverage = np.maximum(coverage, layer.coverage)
    # `colours` is dark where little covers, since it began black: divide, so that edges keep their colour.
    return Layer(colours / np.maximum(coverage, 0.02)[..., None], coverage)


def _arc(x: float, radius: float, tilt: float) -> Floats:
    """Return for each column how far the near half of a circle reaches down on the picture."""
    inside = np.clip(1 - ((COLUMNS - x) / max(1.0, radius)) ** 2, 0, 1)
    arc: Floats = radius * tilt * np.sqrt(inside)
    return arc
