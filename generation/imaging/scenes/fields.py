"""Solids as signed distance fields: negative inside, positive outside, in the units of the studio.

One unit is about the height of a product. y points up, the floor is y = 0, the camera looks along -z. Points are
N x 3 float32 arrays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

REMAP_WIDTH = 4096
NORMAL_STEP = np.float32(1.5e-3)


class Field(Protocol):
    @property
    def bounds(self) -> tuple[Floats, Floats]:
        """Lowest and highest corner of a box around the solid."""

    def distance(self, points: Floats) -> Floats: ...

    def normal(self, points: Floats) -> Floats:
        """Unit vectors pointing out of the solid."""


def unit(vectors: Floats) -> Floats:
    length = np.sqrt((vectors * vectors).sum(axis=-1, keepdims=True))
    return np.asarray(vectors / np.maximum(length, np.float32(1e-9)), np.float32)


def vector(*values: float) -> Floats:
    return np.array(values, np.float32)


def lookup(table: Floats, columns: Floats, rows: Floats) -> Floats:
    """Bilinear values of a table (H x W) at N fractional positions; positions outside take the nearest edge."""
    count = columns.size
    padded = -count % REMAP_WIDTH
    shape = (-1, REMAP_WIDTH)
    at_x = np.pad(columns.astype(np.float32), (0, padded)).reshape(shape)
    at_y = np.pad(rows.astype(np.float32), (0, padded)).reshape(shape)
    found = cv2.remap(table, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, np.float32).reshape(-1)[:count]


def numeric_normal(field: Field, points: Floats) -> Floats:
    """Gradient by four evaluations at the corners of a tetrahedron."""
    total = np.zeros_like(points)
    for corner in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
        direction = vector(*corner)
        total += direction * field.distance(points + direction * NORMAL_STEP)[:, None]
    return unit(total)


def smooth_union(first: Floats, second: Floats, blend: float) -> Floats:
    """Polynomial smooth minimum: the two surfaces flow into each other within `blend`."""
    share = np.clip(0.5 + 0.5 * (second - first) / blend, 0, 1)
    return np.asarray(second + (first - second) * share - blend * share * (1 - share), np.float32)


@dataclass(frozen=True)
class RoundedBox:
    """A box standing on the floor; `size` is width, height, depth."""

    size: tuple[float, float, float]
    radius: float = 0.01
    at: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        half = vector(self.size[0] / 2, 0, self.size[2] / 2)
        low = vector(*self.at) - half
        return low, low + vector(*self.size)

    def distance(self, points: Floats) -> Floats:
        low, high = self.bounds
        outside = np.abs(points - (low + high) / 2) - (high - low) / 2 + np.float32(self.radius)
        far = np.sqrt((np.maximum(outside, 0) ** 2).sum(axis=1))
        return np.asarray(far + np.minimum(outside.max(axis=1), 0) - self.radius, np.float32)

    def normal(self, points: Floats) -> Floats:
        return numeric_normal(self, points)


@dataclass(frozen=True)
class Loft:
    """An elliptic section that changes along y, such as a tube between its round shoulder and its flat crimp.

    `stations` are (y, half width, half depth), from low to high. The distance is exact near the surface only; far
    away it is held close to that of the box around the solid.
    """

    stations: tuple[tuple[float, float, float], ...]
    radius: float = 0.01

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        table = np.array(self.stations, np.float32)
        reach = table[:, 1:].max(axis=0)
        return vector(-reach[0], table[0, 0], -reach[1]), vector(reach[0], table[-1, 0], reach[1])

    def distance(self, points: Floats) -> Floats:
        table = np.array(self.stations, np.float32)
        width = np.interp(points[:, 1], table[:, 0], table[:, 1])
        depth = np.interp(points[:, 1], table[:, 0], table[:, 2])
        scaled = np.sqrt((points[:, 0] / width) ** 2 + (points[:, 2] / depth) ** 2)
        slope = np.sqrt((points[:, 0] / width**2) ** 2 + (points[:, 2] / depth**2) ** 2)
        across = scaled * (scaled - 1) / np.maximum(slope, 1e-3)
        across = np.where(scaled < 0.5, (scaled - 1) * np.minimum(width, depth), across)
        along = np.maximum(table[0, 0] - points[:, 1], points[:, 1] - table[-1, 0])
        corner_a, corner_b = across + self.radius, along + self.radius
        outer = np.sqrt(np.maximum(corner_a, 0) ** 2 + np.maximum(corner_b, 0) ** 2)
        near = outer + np.minimum(np.maximum(corner_a, corner_b), 0) - self.radius
        low, high = self.bounds
        outside = np.maximum(np.abs(points - (low + high) / 2) - (high - low) / 2, 0)
        box = np.sqrt((outside * outside).sum(axis=1))
        return np.asarray(np.clip(near, np.where(box > 0, box, near), box + 0.2), np.float32)

    def normal(self, points: Floats) -> Floats:
        return numeric_normal(self, points)


@dataclass(frozen=True)
class Turned:
    """A field turned about the vertical axis by `degrees` (positive: its front moves to the right) and moved."""

    field: Field
    degrees: float = 0.0
    at: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def matrix(self) -> Floats:
        angle = np.radians(self.degrees)
        cosine, sine = float(np.cos(angle)), float(np.sin(angle))
        return np.array([[cosine, 0, sine], [0, 1, 0], [-sine, 0, cosine]], np.float32)

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        low, high = self.field.bounds
        corners = np.array([[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
        turned = np.asarray(corners.astype(np.float32) @ self.matrix.T + vector(*self.at), np.float32)
        return turned.min(axis=0), turned.max(axis=0)

    def local(self, points: Floats) -> Floats:
        return np.asarray((points - vector(*self.at)) @ self.matrix, np.float32)

    def distance(self, points: Floats) -> Floats:
        return self.field.distance(self.local(points))

    def normal(self, points: Floats) -> Floats:
        return np.asarray(self.field.normal(self.local(points)) @ self.matrix.T, np.float32)


@dataclass(frozen=True)
class Blend:
    """Two solids flowing into each other, such as a handle into the wall of a mug, without filling `hollow`."""

    first: Field
    second: Field
    width: float
    hollow: Field | None = None

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        (low_a, high_a), (low_b, high_b) = self.first.bounds, self.second.bounds
        return np.minimum(low_a, low_b), np.maximum(high_a, high_b)

    def distance(self, points: Floats) -> Floats:
        second = self.second.distance(points)
        if self.hollow is not None:
            second = np.maximum(second, -self.hollow.distance(points))
        return smooth_union(self.first.distance(points), second, self.width)

    def normal(self, points: Floats) -> Floats:
        """The first solid's own smooth normal, and the numeric gradient where the second one is near."""
        out = self.first.normal(points)
        near = self.second.distance(points) < self.width * 1.2
        if near.any():
            out[near] = numeric_normal(self, points[near])
        return out


def bounds_of(fields: Sequence[Field]) -> tuple[Floats, Floats]:
    lows, highs = zip(*(field.bounds for field in fields), strict=True)
    return np.min(lows, axis=0), np.max(highs, axis=0)
