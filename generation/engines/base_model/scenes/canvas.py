"""The brushes of the scene painter: noise, shapes with soft edges, and laying one over another.

A picture is 256 x 256 x 3 of floats, 0..255, and may be brighter until it is developed; a coverage is 256 x 256 of
floats, 0..1. Shapes are drawn with OpenCV in eighths of a pixel, so that their edges are smooth.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Random = np.random.Generator

SIDE = 256
ROWS, COLUMNS = np.mgrid[:SIDE, :SIDE].astype(np.float32)

_SHIFT = 3
_EIGHTHS = 2**_SHIFT


def vary(random: Random, colour: Sequence[float] | Floats, spread: float = 10) -> Floats:
    """Return a colour near `colour`: each channel, and all together, are moved by about `spread`."""
    moved = np.asarray(colour, np.float32) + random.normal(0, spread, 3) + random.normal(0, spread / 2)
    return np.clip(moved, 0, 255).astype(np.float32)


def choose(random: Random, shares: dict[str, float]) -> str:
    """Return one key, each with its share of the chances."""
    weights = np.array(list(shares.values()))
    return str(random.choice(list(shares), p=weights / weights.sum()))


def noise(random: Random, height: int, width: int, octaves: int, stretch: tuple[float, float] = (1, 1)) -> Floats:
    """Return smooth noise, 0..1: octaves of ever finer grids. `stretch` multiplies how fine it is (down, across)."""
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        cells = 2 ** (octave + 2)
        rows, columns = max(2, int(cells * stretch[0])), max(2, int(cells * stretch[1]))
        grid = random.random((rows, columns)).astype(np.float32)
        total += cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC) / 2**octave
    total -= total.min()
    return total / max(float(total.max()), 1e-6)


def lay_over(picture: Floats, colour: Floats, coverage: Floats) -> None:
    """Blend a colour, or a whole picture, into `picture` where `coverage` says."""
    picture += (colour - picture) * coverage[..., None]


def soften(picture: Floats, blur: float) -> Floats:
    """Blur a picture or a coverage with a Gaussian of that many pixels."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), blur), np.float32) if blur > 0 else picture


def polygon(*outlines: Sequence[tuple[float, float]] | npt.NDArray[np.floating]) -> Floats:
    """Return the coverage of filled polygons, given as (x, y) corners."""
    coverage = np.zeros((SIDE, SIDE), np.float32)
    for outline in outlines:
        corners = np.rint(np.asarray(outline, np.float64) * _EIGHTHS).astype(np.int32)
        cv2.fillPoly(coverage, [corners], 1.0, cv2.LINE_AA, _SHIFT)
    return coverage


def box(left: float, top: float, right: float, bottom: float) -> Floats:
    return polygon([(left, top), (right, top), (right, bottom), (left, bottom)])


def ellipse(x: float, y: float, across: float, down: float, angle: float = 0, line: int = -1) -> Floats:
    """Return the coverage of an ellipse with those half-axes, turned by `angle` degrees; `line` > 0 draws a ring."""
    coverage = np.zeros((SIDE, SIDE), np.float32)
    centre = round(x * _EIGHTHS), round(y * _EIGHTHS)
    axes = max(_EIGHTHS, round(across * _EIGHTHS)), max(_EIGHTHS, round(down * _EIGHTHS))
    cv2.ellipse(coverage, centre, axes, angle, 0, 360, 1.0, line, cv2.LINE_AA, _SHIFT)
    return coverage


def cast_shadow(picture: Floats, x: float, base: float, width: float, height: float, side: float, depth: float,
                blur: float) -> None:  # fmt: skip
    """Darken the ground under a thing that stands at (x, base): where it touches, and away from the light.

    `side` is where the light comes from: -1 far left, 1 far right.
    """
    contact = soften(ellipse(x, base + 0.03 * width, 0.55 * width, max(2.5, 0.1 * width)), 2.2)
    reach = -np.sign(side) * (0.3 + 0.7 * abs(side)) * min(height, 110) * 0.75
    far = base - 0.16 * abs(reach) - 4
    trail = polygon(
        [(x - 0.46 * width, base), (x + 0.46 * width, base), (x + 0.34 * width + reach, far),
         (x - 0.34 * width + reach, far)]
    )  # fmt: skip
    shade = soften(np.maximum(trail, ellipse(x, base, 0.48 * width, 0.1 * width)), blur)
    picture *= (1 - np.clip(0.72 * contact + depth * shade, 0, 0.82))[..., None]


def develop(picture: Floats) -> npt.NDArray[np.uint8]:
    """Return bytes; what is brighter than 190 is compressed, as film does, so that highlights keep their colour."""
    light = np.maximum(picture, 0)
    light = np.where(light > 190, 190 + 65 * (1 - np.exp(-(light - 190) / 65)), light)
    return np.rint(light).astype(np.uint8)
