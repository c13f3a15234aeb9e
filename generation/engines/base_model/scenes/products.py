"""The product: a layer of its own, so that its mask is exactly what it covers."""

from dataclasses import dataclass

import cv2
import numpy as np

from generation.engines.base_model.scenes.canvas import COLUMNS, ROWS, Floats, Random, ellipse, polygon, vary
from generation.engines.base_model.scenes.solids import Layer, stacked, turned
from generation.engines.base_model.scenes.words import Rgb

_SHAPES: dict[str, tuple[float, ...]] = {
    "jar": (0.82, 0.82, 1, 1, 1, 1, 1, 0.94),
    "can": (0.94, 1, 1, 1, 1, 1, 0.92),
    "mug": (1, 1, 1, 1, 0.98, 0.9),
    "vase": (0.5, 0.4, 0.6, 0.95, 1, 0.9, 0.6),
}
_UNLABELLED = ("mug", "product", "vase")


@dataclass(frozen=True)
class Product:
    """What stands at (x, base), in pixels; `colour` and `label` are of its own paint, before any light."""

    kind: str
    x: float
    base: float
    width: float
    height: float
    colour: Rgb
    label: Rgb | None = None


def paint_product(random: Random, product: Product, side: float) -> Layer:
    """Return the product by itself, lit from `side`."""
    colour = np.array(product.colour, np.float32)
    if product.kind == "box":
        layer = _carton(product, colour, side)
    elif product.kind == "product":
        layer = _odd_shape(random, product, colour, side)
    else:
        layer = _round(random, product, colour, side)
    if product.label and product.kind not in _UNLABELLED:
        return _labelled(random, layer, product, np.array(product.label, np.float32), side)
    return layer


def _round(random: Random, product: Product, colour: Floats, side: float) -> Layer:
    shine = float(random.uniform(0, 0.28))
    widths = np.array(_widths(random, product.kind), np.float32) * product.width
    top = product.base - product.height
    body = turned(product.x, top, product.base, widths, colour, side, shine)
    if product.kind == "mug":
        hand = 1 if random.random() < 0.5 else -1
        ring = ellipse(
            product.x + 0.5 * hand * product.width, product.base - 0.52 * product.height, 0.27 * product.width,
            0.28 * product.height, line=max(4, int(product.width / 9)),
        )  # fmt: skip
        handle = Layer(np.broadcast_to(colour * 0.8, body.colours.shape).astype(np.float32), ring)
        return stacked(handle, body)
    if product.kind == "bottle" and random.random() < 0.7:
        cap = float(widths[0]) * 1.15
        paint = vary(random, random.uniform(10, 245, 3), 5)
        lid = turned(product.x, top - 2, product.base - 0.9 * product.height, (cap, cap), paint, side, shine)
        return stacked(body, lid)
    return body


def _widths(random: Random, kind: str) -> tuple[float, ...] | Floats:
    """Return the outline of a round product: diameters from top to base, the widest 1."""
    if kind == "tube":
        ends = (1.0, 0.62) if random.random() < 0.5 else (0.6, 1.0)
        return np.linspace(*ends, 8, dtype=np.float32)
    if kind == "bottle":
        neck, waist = random.uniform(0.26, 0.5), random.uniform(0.16, 0.24)
        heights, widths = (0, waist, waist + 0.04, waist + 0.2, 0.9, 1), (neck, neck, 1.05 * neck, 1, 1, 0.92)
        return np.interp(np.linspace(0, 1, 24), heights, widths).astype(np.float32)
    return _SHAPES[kind]


def _carton(product: Product, colour: Floats, side: float) -> Layer:
    """A box seen from a little above: front, the flank away from the light, and the top."""
    left, right = product.x - product.width / 2, product.x + product.width / 2
    depth = 0.28 * product.width * (-1 if side > 0 else 1)
    rise = 0.1 * product.width
    base, top = product.base, product.base - product.height
    near = right if depth > 0 else left
    faces = (
        (((near, base), (near + depth, base - rise), (near + depth, top - rise), (near, top)), colour * 0.62),
        (((left, top), (right, top), (right + depth, top - rise), (left + depth, top - rise)), colour * 1.1 + 12),
        (((left, base), (right, base), (right, top), (left, top)), colour),
    )
    shape = (*ROWS.shape, 3)
    return stacked(
        *(Layer(np.broadcast_to(np.clip(paint, 0, 255), shape).astype(np.float32), polygon(face))
          for face, paint in faces)
    )  # fmt: skip


def _odd_shape(random: Random, product: Product, colour: Floats, side: float) -> Layer:
    """Something without a name: a random convex outline that stands on the table."""
    angles = np.sort(random.uniform(0, 2 * np.pi, int(random.integers(7, 13))))
    radii = random.uniform(0.55, 1.0, len(angles))
    x = product.x + np.cos(angles) * radii * product.width * 0.6
    middle = product.base - product.height / 2
    y = np.minimum(product.base, middle + np.sin(angles) * radii * product.height * 0.62)
    feet = [[product.x - 0.3 * product.width, product.base], [product.x + 0.3 * product.width, product.base]]
    corners = np.vstack([np.stack([x, y], 1), feet]).astype(np.float32)
    outline = np.asarray(cv2.convexHull(corners)[:, 0], np.float32)
    right, down = 2 * (COLUMNS - product.x) / product.width, (ROWS - middle) / product.height
    lit = np.clip(0.85 + 0.35 * side * right - 0.25 * down, 0.3, 1.15)
    return Layer((colour * lit[..., None]).astype(np.float32), polygon(outline))


def _labelled(random: Random, layer: Layer, product: Product, paint: Floats, side: float) -> Layer:
    """Stick a label with one to three lines on the front."""
    top, bottom = (product.base - product.height * random.uniform(*part) for part in ((0.55, 0.7), (0.15, 0.3)))
    half = product.width * (0.38 if product.kind == "box" else 0.5)
    across = np.abs(COLUMNS - product.x)
    label = (top < ROWS) & (bottom > ROWS) & (across < half) & (layer.coverage > 0.5)
    turn = np.clip(2 * (COLUMNS - product.x) / product.width, -1, 1)
    lit = np.ones_like(turn) if product.kind == "box" else 0.45 + 0.55 * np.cos((turn - 0.6 * side) * 1.2)
    colours = np.where(label[..., None], paint * lit[..., None], layer.colours)
    for line in range(int(random.integers(1, 4))):
        y = top + (bottom - top) * (0.25 + 0.2 * line)
        written = label & (np.abs(ROWS - y) < 1.1) & (across < product.width * random.uniform(0.15, 0.36))
        colours = np.where(written[..., None], 0.35 * paint * lit[..., None], colours)
    return Layer(colours.astype(np.float32), layer.coverage)
