"""What the product stands on: wood, marble, stone, concrete, cloth or a plain top, seen at a slant."""

from collections.abc import Callable

import cv2
import numpy as np

from generation.engines.base_model.scenes.canvas import COLUMNS, ROWS, SIDE, Floats, Random, noise, soften, vary
from generation.engines.base_model.scenes.words import GLOSS

_BEYOND = 64
"""Extra rows of texture, which the slanting view draws together."""


def paint_surface(picture: Floats, random: Random, kind: str, colour: Floats, edge: int, side: float) -> None:
    """Lay a table top over the wall in `picture`, from the row `edge` down. `colour` is for plain tops and cloth."""
    depth = SIDE - edge
    flat = TEXTURES[kind](random, depth + _BEYOND, 2 * SIDE, colour)
    top = _slanted(flat.astype(np.float32), depth, float(random.uniform(-0.08, 0.08)) * SIDE)
    top *= (0.82 + 0.4 * np.exp(-(((COLUMNS[edge:] / SIDE - 0.5 - 0.35 * side) / 0.37) ** 2)))[..., None]
    nearness = np.linspace(0, 1, depth, dtype=np.float32)[:, None, None]
    gloss = GLOSS.get(kind, 0.05) * random.uniform(0.5, 1.2) * (1 - nearness) ** 2
    top = top * (1 - gloss) + _mirrored(picture, edge) * gloss
    top = top * nearness + soften(top, 1.3) * (1 - nearness)  # the far end is out of focus
    laid = picture.copy()
    laid[:edge], laid[edge:] = top[0], top
    softness = random.uniform(0.3, 1.1)
    below = 1 / (1 + np.exp(-np.clip((ROWS - edge) / softness, -30, 30)))
    crease = 1 - 0.22 * np.exp(-np.abs(ROWS - edge) / 7)
    picture[:] = (picture * (1 - below[..., None]) + laid * below[..., None]) * crease[..., None]


def paint_backdrop(picture: Floats, edge: int) -> None:
    """Bend the wall into the floor, as paper in a studio: no edge, only a change of light."""
    floor = 1 / (1 + np.exp(-(ROWS - edge) / 14))
    bend = np.exp(-(((ROWS - edge) / 16) ** 2))
    picture *= (1 + 0.12 * floor - 0.1 * bend)[..., None]


def _slanted(flat: Floats, depth: int, shift: float) -> Floats:
    """Return the texture as seen from the front and above: narrower towards the far edge."""
    rows = flat.shape[0]
    seen = np.array([[SIDE * 0.5, 0], [SIDE * 1.5, 0], [SIDE * 2, rows], [0, rows]], np.float32)
    shown = np.array([[shift, 0], [SIDE + shift, 0], [SIDE * 1.3, depth], [-SIDE * 0.3, depth]], np.float32)
    view = cv2.getPerspectiveTransform(seen, shown)
    laid = cv2.warpPerspective(flat, view, (SIDE, depth), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(laid, np.float32)


def _mirrored(picture: Floats, edge: int) -> Floats:
    depth = SIDE - edge
    wall = picture[max(0, edge - depth) : edge][::-1]
    missing = depth - len(wall)
    if missing > 0:
        wall = np.concatenate([wall, np.repeat(wall[-1:], missing, axis=0)])
    return soften(wall, 5)


def _wood(random: Random, height: int, width: int, colour: Floats) -> Floats:
    grain = noise(random, height, width, 5, (6, 0.5))
    rings = 0.5 + 0.5 * np.sin(6.28 * (2 * grain + np.linspace(0, random.uniform(2, 7), height)[:, None]))
    age = 1 - 0.45 * random.random()
    dark, light = vary(random, (112, 72, 42)) * age, vary(random, (196, 148, 100)) * age
    mixed = (0.25 * rings + 0.75 * grain)[..., None]
    planks = dark * (1 - mixed) + light * mixed
    count = int(random.integers(2, 6))
    for gap in range(1, count):
        row = height * gap // count
        planks[row : row + 2] *= 0.6
    return np.asarray(planks)


def _marble(random: Random, height: int, width: int, colour: Floats) -> Floats:
    fold = noise(random, height, width, 5) * 3 + np.linspace(0, 1.5, width)[None]
    white = np.clip(np.abs(np.sin(4.2 * fold)) * 4, 0, 1)[..., None]
    cloud = 0.93 + 0.07 * noise(random, height, width, 3)[..., None]
    vein, ground = vary(random, (158, 158, 164), 6), vary(random, (243, 243, 242), 4)
    return np.asarray((vein * (1 - white) + ground * white) * cloud)


def _concrete(random: Random, height: int, width: int, colour: Floats) -> Floats:
    return np.asarray(vary(random, (152, 151, 149), 8) + 40 * (noise(random, height, width, 6)[..., None] - 0.5))


def _stone(random: Random, height: int, width: int, colour: Floats) -> Floats:
    fine, coarse = (noise(random, height, width, octaves)[..., None] for octaves in (6, 3))
    return np.asarray(vary(random, (92, 90, 88), 8) * (0.75 + 0.35 * fine) + 22 * (coarse - 0.5))


def _fabric(random: Random, height: int, width: int, colour: Floats) -> Floats:
    return colour * (0.8 + 0.3 * noise(random, height, width, 3, (0.7, 2))[..., None])


def _plain(random: Random, height: int, width: int, colour: Floats) -> Floats:
    return colour * (0.97 + 0.05 * noise(random, height, width, 2)[..., None])


TEXTURES: dict[str, Callable[[Random, int, int, Floats], Floats]] = {
    "wooden": _wood, "marble": _marble, "plain": _plain, "stone": _stone, "concrete": _concrete, "fabric": _fabric,
}  # fmt: skip
