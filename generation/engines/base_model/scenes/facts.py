"""What is in a scene, as plain values drawn by lot: painted, and put into words, from the same facts."""

from dataclasses import dataclass

import numpy as np

from generation.engines.base_model.scenes.canvas import SIDE, Random, choose, vary
from generation.engines.base_model.scenes.products import Product
from generation.engines.base_model.scenes.words import (
    LIGHTS,
    PRODUCTS,
    PROPS,
    SURFACES,
    WALL_STYLES,
    WALLS,
    Rgb,
)

_EFFECT_CHANCES = {"window light": 0.16, "leaf shadows": 0.1, "bokeh lights": 0.12, "picture frame": 0.1}
_ROOM = 64
"""A prop needs as many pixels between the product and the margin."""


@dataclass(frozen=True)
class Prop:
    kind: str
    x: float
    base: float
    scale: float


@dataclass(frozen=True)
class Facts:
    """All that the painter and the caption share. `edge` is the row where the table meets the wall.

    A scene without a table (`surface` is empty) stands on paper that bends from wall to floor. `side` is where the
    light comes from, -1 far left to 1 far right; `seed` decides textures and every smaller detail.
    """

    seed: int
    wall: str
    wall_style: str
    surface: str
    surface_colour: Rgb
    light: str
    side: float
    edge: int
    effects: tuple[str, ...]
    props: tuple[Prop, ...]
    podium: float
    """Height in pixels of what the product is raised on; 0 for none."""
    product: Product

    def random(self, part: str) -> Random:
        """Return the random numbers of one part, so that a change in one leaves the others as they are."""
        return np.random.default_rng((self.seed, *part.encode()))


def draw_facts(seed: int) -> Facts:
    """Draw a scene's facts by lot; the same seed gives the same ones."""
    random = np.random.default_rng(seed)
    has_table = bool(random.random() > 0.12)
    product = _product(random)
    edge = int(np.clip(product.base - SIDE * random.uniform(0.07, 0.24), 0.38 * SIDE, 0.82 * SIDE))
    podium = float(random.uniform(14, 34)) if random.random() < 0.16 and product.base < 0.85 * SIDE else 0.0
    effects = [word for word, chance in _EFFECT_CHANCES.items() if random.random() < chance]
    return Facts(
        seed=seed,
        wall=str(random.choice(list(WALLS))),
        wall_style=choose(random, WALL_STYLES) if has_table else "",
        surface=choose(random, SURFACES) if has_table else "",
        surface_colour=_any_colour(random),
        light=choose(random, {word: light.share for word, light in LIGHTS.items()}),
        side=float(random.uniform(0.25, 0.95) * random.choice([-1, 1])),
        edge=edge,
        effects=tuple(effects),
        props=_props(random, product, edge),
        podium=podium,
        product=product,
    )


def _product(random: Random) -> Product:
    scale = random.uniform(0.75, 1.35)
    width, height = random.uniform(44, 78) * scale, min(random.uniform(66, 140) * scale, 175.0)
    kind = choose(random, PRODUCTS)
    if kind == "mug":
        height = width * random.uniform(0.95, 1.2)
    base = SIDE * random.uniform(0.62, 0.92)
    if base - height < 14:
        base = min(0.93 * SIDE, height + 16)
    paint = random.uniform(15, 245, 3)
    muted = paint + (paint.mean() - paint) * random.uniform(0, 0.7)  # most packaging is not as loud as a random colour
    label = _rgb(random.uniform(60, 250, 3)) if random.random() < 0.75 else None
    x = SIDE * random.uniform(0.24, 0.76)
    return Product(kind, float(x), float(base), float(width), float(height), _rgb(muted), label)


def _props(random: Random, product: Product, edge: int) -> tuple[Prop, ...]:
    sides = [side for side, room in ((-1, product.x), (1, SIDE - product.x)) if room - product.width / 2 > _ROOM]
    count = int(random.choice([0, 1, 2], p=[0.34, 0.46, 0.2]))
    props: list[Prop] = []
    for side in random.permutation(np.array(sides, np.int64))[:count]:
        kind = choose(random, PROPS)
        if kind in {prop.kind for prop in props}:
            continue
        x = product.x + side * (product.width / 2 + random.uniform(24, 52))
        base = edge + random.uniform(0.15, 0.8) * (product.base - edge) + 2
        props.append(Prop(kind, float(x), float(base), float(random.uniform(0.85, 1.25))))
    return tuple(props)


def _any_colour(random: Random) -> Rgb:
    return _rgb(vary(random, WALLS[str(random.choice(list(WALLS)))], 8))


def _rgb(values: np.ndarray) -> Rgb:
    red, green, blue = (float(value) for value in values)
    return red, green, blue
