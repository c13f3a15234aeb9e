"""What may stand beside the product: plants, vases, books, candles, fruit and stones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from generation.engines.base_model.scenes.canvas import (
    COLUMNS,
    ROWS,
    Floats,
    Random,
    box,
    cast_shadow,
    ellipse,
    lay_over,
    soften,
    vary,
)
from generation.engines.base_model.scenes.solids import ball, turned
from generation.engines.base_model.scenes.words import WALLS

_FOLIAGE, _DRIED = (80, 130, 72), (176, 150, 104)
_FRUITS = ((236, 140, 40), (206, 52, 44), (236, 206, 70), (140, 176, 66))


@dataclass(frozen=True)
class Place:
    """Where a prop stands, how large it is (1 is usual), and the light: its side, shadow depth and softness."""

    x: float
    base: float
    scale: float
    side: float
    shadow: float

    def shade(self, picture: Floats, width: float, height: float, x: float | None = None) -> None:
        cast_shadow(picture, self.x if x is None else x, self.base, width, height, self.side, 0.7 * self.shadow, 5)


def paint_prop(picture: Floats, random: Random, kind: str, place: Place) -> None:
    """Paint one prop with its shadow."""
    PAINTERS[kind](picture, random, place)


def _any_colour(random: Random) -> Floats:
    return vary(random, WALLS[str(random.choice(list(WALLS)))])


def _foliage(picture: Floats, random: Random, x: float, y: float, count: int, size: float, colour: Floats,
             side: float) -> None:  # fmt: skip
    """Fan out leaves above (x, y); the ones towards the light are brighter."""
    for _leaf in range(count):
        angle, length = random.uniform(-168, -12), size * random.uniform(0.55, 1.1)
        right, down = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        leaf = ellipse(
            x + 0.55 * length * right, y + 0.55 * length * down, 0.53 * length,
            max(2.0, length * random.uniform(0.08, 0.15)), angle,
        )  # fmt: skip
        lit = 0.75 + 0.35 * (0.5 * right * np.sign(side) + 0.5) * random.uniform(0.7, 1.1)
        lay_over(picture, colour * lit, leaf)


def _pot(picture: Floats, random: Random, place: Place, shape: Sequence[float], leaves: int, size: float,
         foliage: Floats) -> None:  # fmt: skip
    width, height = random.uniform(22, 38) * place.scale, random.uniform(34, 64) * place.scale
    place.shade(picture, width, height)
    if leaves:
        _foliage(picture, random, place.x, place.base - height + 2, leaves, size * place.scale, foliage, place.side)
    widths = np.array(shape) * width
    pot = turned(place.x, place.base - height, place.base, widths, _any_colour(random), place.side, 0.05)
    pot.lay_on(picture)


def _plant(picture: Floats, random: Random, place: Place) -> None:
    green = vary(random, _FOLIAGE, 12)
    _pot(picture, random, place, (1, 0.95, 0.85, 0.75), int(random.integers(9, 15)), random.uniform(52, 80), green)


def _vase(picture: Floats, random: Random, place: Place) -> None:
    shape = (random.uniform(0.35, 0.6), 0.5, random.uniform(0.8, 1), 1, random.uniform(0.55, 0.8))
    twigs = int(random.integers(4, 8)) if random.random() < 0.5 else 0
    colour = vary(random, _DRIED if random.random() < 0.6 else _FOLIAGE, 12)
    _pot(picture, random, place, shape, twigs, random.uniform(50, 76), colour)


def _books(picture: Floats, random: Random, place: Place) -> None:
    y = place.base
    place.shade(picture, random.uniform(46, 62) * place.scale, 24)
    for _book in range(int(random.integers(2, 5))):
        thick, width = random.uniform(6, 11) * place.scale, random.uniform(44, 66) * place.scale
        left = place.x - width / 2 + random.uniform(-4, 4)
        cover = _any_colour(random)
        lay_over(picture, cover, box(left, y - thick, left + width, y))
        label = box(left + 2, y - 0.75 * thick, left + 0.1 * width, y - 0.25 * thick)
        lay_over(picture, np.clip(cover * 1.25 + 15, 0, 255), label)
        lay_over(picture, cover * 0.6, box(left, y - 0.8, left + width, y))
        y -= thick


def _candle(picture: Floats, random: Random, place: Place) -> None:
    width, height = random.uniform(14, 24) * place.scale, random.uniform(22, 46) * place.scale
    place.shade(picture, width, height)
    wax = vary(random, (240, 228, 206), 8)
    turned(place.x, place.base - height, place.base, (width, width), wax, place.side).lay_on(picture)
    flame = place.base - height - 9 * place.scale
    picture += soften(ellipse(place.x, flame, 30, 30), 16)[..., None] * np.array([70, 48, 18], np.float32)
    tongue = soften(ellipse(place.x, flame, 3 * place.scale, 7 * place.scale), 0.6)
    lay_over(picture, np.array([255, 226, 150], np.float32), tongue)


def _fruit(picture: Floats, random: Random, place: Place) -> None:
    colour = vary(random, _FRUITS[int(random.integers(len(_FRUITS)))])
    for offset in (-0.55, 0.55, 0.0) if random.random() < 0.6 else (0.0,):
        radius = random.uniform(12, 15) * place.scale
        x = place.x + 2 * offset * radius
        place.shade(picture, 2 * radius, 2 * radius, x)
        ball(x, place.base - 0.8 * radius, radius, colour, place.side).lay_on(picture)


def _stones(picture: Floats, random: Random, place: Place) -> None:
    for offset in (-0.7, 0.5, 0.0):
        across = random.uniform(12, 22) * place.scale
        down = across * random.uniform(0.45, 0.6)
        x, colour = place.x + 26 * offset * place.scale, vary(random, (128, 124, 118))
        place.shade(picture, 2 * across, 2 * down, x)
        right, below = (COLUMNS - x) / across, (ROWS - place.base + 0.8 * down) / down
        lit = np.clip(0.8 - 0.35 * below + 0.25 * place.side * right, 0.35, 1.15)
        lay_over(picture, colour * lit[..., None], np.clip((1 - np.hypot(right, below)) * down + 0.5, 0, 1))


PAINTERS: dict[str, Callable[[Floats, Random, Place], None]] = {
    "plant": _plant, "vase": _vase, "books": _books, "candle": _candle, "fruit": _fruit, "stones": _stones,
}  # fmt: skip
