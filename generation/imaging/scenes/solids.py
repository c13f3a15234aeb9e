"""Solids made from drawn lines: profiles turned on a lathe and bent rods.

The distance to a drawn line is computed once into a table; the tracer then only looks it up.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from generation.imaging.scenes.fields import Floats, lookup, numeric_normal, unit, vector

CELL = 1 / 360
MARGIN = 0.1
SMOOTHING = 1.6


@dataclass(frozen=True)
class Table:
    """Distances (and their gradient) on a grid in the plane; `origin` is the plane position of cell (0, 0)."""

    values: Floats
    along: Floats
    up: Floats
    origin: tuple[float, float]

    def cells(self, across: Floats, up: Floats) -> tuple[Floats, Floats]:
        return (across - np.float32(self.origin[0])) / CELL, (up - np.float32(self.origin[1])) / CELL

    def distance(self, across: Floats, up: Floats) -> Floats:
        """Outside the table the value is a lower bound, which is all that a ray march needs.

        The table's edge is convex and the solid lies within it, so the two legs meet at a right angle or a wider one.
        """
        columns, rows = self.cells(across, up)
        height, width = self.values.shape
        over = np.hypot(
            columns - np.clip(columns, 0, width - 1),
            rows - np.clip(rows, 0, height - 1),
        )
        inside = lookup(self.values, columns, rows)
        return np.where(over > 0, np.hypot(over * CELL, inside), inside).astype(np.float32)

    def gradient(self, across: Floats, up: Floats) -> tuple[Floats, Floats]:
        columns, rows = self.cells(across, up)
        return lookup(self.along, columns, rows), lookup(self.up, columns, rows)


def rounded(points: Sequence[tuple[float, float, float]]) -> Floats:
    """Replace each corner (x, y, radius) by a short curve that leaves and meets its sides `radius` away."""
    corners = np.array(points, np.float64)
    count, out = len(corners), []
    for index, (x, y, radius) in enumerate(corners):
        here = np.array([x, y])
        if radius <= 0:
            out.append(here)
            continue
        before, after = corners[index - 1, :2] - here, corners[(index + 1) % count, :2] - here
        reach_in = min(radius / max(float(np.hypot(*before)), 1e-9), 0.5)
        reach_out = min(radius / max(float(np.hypot(*after)), 1e-9), 0.5)
        start, end = here + before * reach_in, here + after * reach_out
        out.extend((1 - t) ** 2 * start + 2 * t * (1 - t) * here + t**2 * end for t in np.linspace(0, 1, 9))
    return np.array(out, np.float32)


def curve(points: Sequence[tuple[float, float]], samples: int = 14) -> Floats:
    """A Catmull-Rom curve through the points."""
    knots = np.array([points[0], *points, points[-1]], np.float64)
    parts = []
    for a, b, c, d in zip(knots, knots[1:], knots[2:], knots[3:], strict=False):
        t = np.linspace(0, 1, samples, endpoint=False)[:, None]
        parts.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.vstack([*parts, knots[-1:]]).astype(np.float32)


def segment_distance(grid_x: Floats, grid_y: Floats, start: Floats, end: Floats) -> tuple[Floats, Floats]:
    """Distance to a segment and the place 0..1 of the nearest point on it."""
    edge = end - start
    x, y = grid_x - start[0], grid_y - start[1]
    place = np.clip((x * edge[0] + y * edge[1]) / max(float(edge @ edge), 1e-12), 0, 1)
    return np.hypot(x - place * edge[0], y - place * edge[1]).astype(np.float32), place.astype(np.float32)


def profile_distance(grid_x: Floats, grid_y: Floats, outline: Floats) -> Floats:
    """Signed distance to a closed profile (radius, y); edges that lie on the axis are no surface."""
    nearest = np.full(grid_x.shape, 9.0, np.float32)
    inside = np.zeros(grid_x.shape, bool)
    for start, end in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if start[0] > 0 or end[0] > 0:
            nearest = np.minimum(nearest, segment_distance(grid_x, grid_y, start, end)[0])
        if start[1] != end[1]:
            crosses = (start[1] > grid_y) != (end[1] > grid_y)
            at = start[0] + (grid_y - start[1]) / (end[1] - start[1]) * (end[0] - start[0])
            inside ^= crosses & (grid_x < at)
    return np.where(inside, -nearest, nearest)


def grid_around(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    xs = np.arange(low[0], high[0] + CELL, CELL, dtype=np.float32)
    ys = np.arange(low[1], high[1] + CELL, CELL, dtype=np.float32)
    grid_x, grid_y = np.meshgrid(xs, ys)
    return grid_x, grid_y


def table_from(values: Floats, grid_x: Floats, grid_y: Floats) -> Table:
    soft = cv2.GaussianBlur(values, (0, 0), SMOOTHING)
    up, along = np.gradient(soft, CELL)
    return Table(values, along.astype(np.float32), up.astype(np.float32), (float(grid_x[0, 0]), float(grid_y[0, 0])))


class Lathe:
    """A solid of revolution about the y axis. `outline` is closed: N x 2 positions (radius, y)."""

    def __init__(self, outline: Floats) -> None:
        self.outline = outline
        reach = outline.max(axis=0)
        low = vector(-12 * CELL, float(outline[:, 1].min()) - MARGIN)
        grid_r, grid_y = grid_around(low, reach + np.float32(MARGIN))
        self.table = table_from(profile_distance(np.abs(grid_r), grid_y, outline), grid_r, grid_y)

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        radius, top = self.outline.max(axis=0)
        return vector(-radius, float(self.outline[:, 1].min()), -radius), vector(radius, top, radius)

    def distance(self, points: Floats) -> Floats:
        return self.table.distance(np.hypot(points[:, 0], points[:, 2]), points[:, 1])

    def normal(self, points: Floats) -> Floats:
        radius = np.hypot(points[:, 0], points[:, 2])
        out, up = self.table.gradient(radius, points[:, 1])
        spread = out / np.maximum(radius, np.float32(1e-6))
        return unit(np.stack([points[:, 0] * spread, up, points[:, 2] * spread], axis=1))


class Rod:
    """A rod bent along a line in the plane z = 0, its half width given at each point of the line.

    `flatness` above 1 makes the section wider in z than in the plane.
    """

    def __init__(self, line: Floats, half_width: Sequence[float] | float, flatness: float = 1.0) -> None:
        self.flatness = np.float32(flatness)
        self.line = line
        widths = np.asarray(half_width, np.float32)
        if widths.ndim and len(widths) != len(line):
            widths = np.interp(np.linspace(0, 1, len(line)), np.linspace(0, 1, len(widths)), widths).astype(np.float32)
        self.widths = np.broadcast_to(widths, (len(line),))
        pad = float(self.widths.max()) + MARGIN
        grid_x, grid_y = grid_around(line.min(axis=0) - np.float32(pad), line.max(axis=0) + np.float32(pad))
        nearest, width = np.full(grid_x.shape, 9.0, np.float32), np.zeros(grid_x.shape, np.float32)
        for index in range(len(line) - 1):
            gap, place = segment_distance(grid_x, grid_y, line[index], line[index + 1])
            closer = gap < nearest
            nearest = np.where(closer, gap, nearest)
            width = np.where(closer, self.widths[index] * (1 - place) + self.widths[index + 1] * place, width)
        self.table = table_from(nearest, grid_x, grid_y)
        self.width_table = width.astype(np.float32)

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        pad, low, high = float(self.widths.max()), self.line.min(axis=0), self.line.max(axis=0)
        deep = pad * float(self.flatness)
        return vector(low[0] - pad, low[1] - pad, -deep), vector(high[0] + pad, high[1] + pad, deep)

    def distance(self, points: Floats) -> Floats:
        columns, rows = self.table.cells(points[:, 0], points[:, 1])
        beside = self.table.distance(points[:, 0], points[:, 1])
        width = lookup(self.width_table, columns, rows)
        return np.asarray(np.hypot(beside, points[:, 2] / self.flatness) - width, np.float32)

    def normal(self, points: Floats) -> Floats:
        return numeric_normal(self, points)
