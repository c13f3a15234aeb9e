"""The wall behind the product, its pool of light, and what light and people leave on it."""

from collections.abc import Callable

import numpy as np

from generation.engines.base_model.scenes.canvas import (
    COLUMNS,
    ROWS,
    SIDE,
    Floats,
    Random,
    box,
    ellipse,
    lay_over,
    noise,
    polygon,
    soften,
    vary,
)
from generation.engines.base_model.scenes.words import WALLS


def paint_wall(random: Random, colour: Floats, style: str, edge: int) -> Floats:
    """Return a picture of nothing but wall; `edge` is the row where a table will begin."""
    picture = np.ones((SIDE, SIDE, 3), np.float32) * colour
    relief = {"": _plain, "plaster": _plaster, "tiled": _tiled, "panelled": _panelled}[style]
    return picture * relief(random, edge)[..., None]


def light_wall(picture: Floats, random: Random, side: float, fall: float) -> None:
    """Brighten a pool on the side of the light and darken the rest; `fall` is the share that it decides, 0..1."""
    height, reach = random.uniform(0.1, 0.45), random.uniform(0.25, 0.5)
    right, down = COLUMNS / SIDE - 0.5 - 0.42 * side, ROWS / SIDE - height
    pool = np.exp(-(right**2 + down**2) / (2 * reach**2))
    picture *= (1 - fall + 1.75 * fall * pool)[..., None]


def _plain(random: Random, edge: int) -> Floats:
    return np.ones((SIDE, SIDE), np.float32)


def _plaster(random: Random, edge: int) -> Floats:
    return 0.93 + 0.14 * noise(random, SIDE, SIDE, 6)


def _panelled(random: Random, edge: int) -> Floats:
    relief = np.ones((SIDE, SIDE), np.float32)
    step = int(random.integers(18, 46))
    for column in range(int(random.integers(step)), SIDE, step):
        relief[:, column : column + 2] = 0.82
        relief[:, column + 2 : column + 3] = 1.06
    return relief


def _tiled(random: Random, edge: int) -> Floats:
    """Square tiles, or bricks of half the height whose every other row is shifted; joints meet the table's edge."""
    width = int(random.integers(20, 40))
    is_brick = bool(random.random() < 0.5)
    height = width // 2 if is_brick else width
    relief = np.ones((SIDE, SIDE), np.float32)
    offset = int(random.integers(width))
    for number, top in enumerate(range(edge % height - height, SIDE, height)):
        shift = width // 2 if is_brick and number % 2 else 0
        for left in range((offset + shift) % width - width, SIDE, width):
            tile = relief[max(0, top) : max(0, top + height), max(0, left) : max(0, left + width)]
            tile *= random.uniform(0.96, 1.03)
            tile[:1], tile[:, :1] = 0.8, 0.8
    return relief


def window_light(picture: Floats, random: Random, edge: int, side: float) -> None:
    """Throw the light of a window with four panes on the wall, drawn aslant away from it."""
    left, top = random.uniform(10, 120), random.uniform(5, 60)
    width, height = random.uniform(26, 46), random.uniform(34, 60)
    slant = -np.sign(side) * random.uniform(0.2, 0.6)
    panes = []
    for column in range(2):
        for row in range(2):
            x, y = left + column * (width + 5), top + row * (height + 5)
            corners = np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
            panes.append(
                corners + np.stack([slant * (corners[:, 1] - top), 0.25 * slant * (corners[:, 0] - left)], axis=1)
            )
    light = soften(polygon(*panes), random.uniform(1.2, 3.5))[..., None]
    picture *= 0.84 + 0.42 * light
    picture += light * np.array([24, 18, 8], np.float32)


def leaf_shadows(picture: Floats, random: Random, edge: int, side: float) -> None:
    """Throw the blurred shadow of a branch on the wall."""
    x, y = random.uniform(-20, SIDE + 20), random.uniform(20, 150)
    shade = np.zeros((SIDE, SIDE), np.float32)
    for _leaf in range(14):
        angle, length = random.uniform(-168, -12), random.uniform(50, 130)
        right, down = np.cos(np.radians(angle)) * length * 0.55, np.sin(np.radians(angle)) * length * 0.55
        leaf = ellipse(x + right, y + down, length * 0.52, length * random.uniform(0.08, 0.15), angle)
        shade = np.maximum(shade, leaf)
    picture *= (1 - 0.34 * soften(shade, random.uniform(2, 5)))[..., None]


def bokeh_lights(picture: Floats, random: Random, edge: int, side: float) -> None:
    """Blur the wall and hang discs of warm light before it, as lamps far out of focus."""
    picture[:] = soften(picture, 3)
    for _lamp in range(int(random.integers(8, 20))):
        radius = random.uniform(5, 17)
        disc = soften(ellipse(random.uniform(0, SIDE), random.uniform(0, edge), radius, radius), 1)
        glow = vary(random, (255, 206, 130), 20) - 0.5 * picture
        picture += (disc * random.uniform(0.2, 0.6))[..., None] * glow


def picture_frame(picture: Floats, random: Random, edge: int, side: float) -> None:
    """Hang a small framed print, a disc of one colour on paper."""
    left, top = random.uniform(14, 170), random.uniform(8, 40)
    width, height = random.uniform(40, 64), random.uniform(48, 80)
    right, bottom = left + width, top + height
    shade = soften(box(left - 5 * side, top + 4, right - 5 * side, bottom + 5), 4)
    picture *= (1 - 0.3 * shade)[..., None]
    wood = (60, 48, 38) if random.random() < 0.5 else (220, 205, 180)
    lay_over(picture, vary(random, wood, 8), box(left, top, right, bottom))
    lay_over(picture, vary(random, (235, 230, 220), 5), box(left + 4, top + 4, right - 4, bottom - 4))
    radius = width * random.uniform(0.14, 0.26)
    disc = ellipse(left + width * random.uniform(0.35, 0.65), top + height * random.uniform(0.35, 0.65), radius, radius)
    lay_over(picture, vary(random, WALLS[str(random.choice(list(WALLS)))]), disc)


EFFECTS: dict[str, Callable[[Floats, Random, int, float], None]] = {
    "window light": window_light,
    "leaf shadows": leaf_shadows,
    "bokeh lights": bokeh_lights,
    "picture frame": picture_frame,
}
"""What may be on a wall, in the words of a caption; called with the picture, the table's edge and the light's side."""
