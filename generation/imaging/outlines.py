"""Walks along the product's outline and looks a little way in and out of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from generation.contracts import Image, Mask
from generation.imaging.colour import srgb_to_lab

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

_MOST_POINTS = 2000
_SHORTEST = 12


@dataclass(frozen=True)
class Outline:
    """`points` are (x, y) on the outline, N x 2; `normals` the unit directions out of the product there, N x 2."""

    points: Floats
    normals: Floats

    def where(self, is_fit: Callable[["Outline"], Flags]) -> "Outline":
        """Return the points that are fit."""
        kept = is_fit(self)
        return Outline(self.points[kept], self.normals[kept])

    def at(self, distance: float) -> Floats:
        """Return the places (x, y), N x 2, `distance` pixels out of the product, negative ones inside it."""
        return np.asarray(self.points + self.normals * np.float32(distance), dtype=np.float32)


def outline_of(mask: Mask) -> Outline:
    """Return at most 2,000 points, evenly along all outlines of the mask, those of its holes included.

    Points on the border of the picture are left out: there is no scene beyond.
    """
    points, normals = [np.empty((0, 2), np.float32)], [np.empty((0, 2), np.float32)]
    reach = max(2, round(max(mask.shape) / 128))
    found, _hierarchy = cv2.findContours(mask.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    for contour in (line[:, 0].astype(np.float32) for line in found if len(line) >= _SHORTEST):
        step = min(reach, len(contour) // 4)
        tangent = np.roll(contour, -step, axis=0) - np.roll(contour, step, axis=0)
        length = np.maximum(np.hypot(tangent[:, 0], tangent[:, 1]), 1e-3)[:, None]
        # OpenCV walks around products and around holes so that the product always lies on the same side.
        points.append(contour)
        normals.append(np.stack([-tangent[:, 1], tangent[:, 0]], axis=1) / length)
    return _thinned(Outline(np.concatenate(points), np.concatenate(normals)), mask)


def mean_colours(image: Image, outline: Outline, distances: Iterable[float]) -> Floats:
    """Return, for each point, the mean CIELAB colour (N x 3) at `distances` pixels out of the product.

    Negative distances lie inside it.
    """
    colours = [srgb_to_lab(colours_at(image, outline, distance)) for distance in distances]
    return np.asarray(np.mean(colours, axis=0), dtype=np.float32)


def colours_at(image: Image, outline: Outline, distance: float) -> Image:
    """Return the colours (N x 3) `distance` pixels out of the product, negative ones inside it."""
    places = outline.at(distance)
    x, y = places[:, None, 0], places[:, None, 1]
    picked = cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(picked[:, 0], dtype=np.uint8)


def is_scene_at(mask: Mask, outline: Outline, distance: float) -> Flags:
    """Return for each point whether the place `distance` pixels out is on the picture and holds no product."""
    x, y = np.rint(outline.at(distance)).astype(np.int64).T
    height, width = mask.shape
    on_picture = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    free = np.zeros(len(x), np.bool_)
    free[on_picture] = ~mask[y[on_picture], x[on_picture]]
    return free


def _thinned(outline: Outline, mask: Mask) -> Outline:
    height, width = mask.shape
    x, y = outline.points.T
    kept = np.flatnonzero((x > 0) & (y > 0) & (x < width - 1) & (y < height - 1))
    kept = kept[:: max(1, -(-len(kept) // _MOST_POINTS))]
    return Outline(outline.points[kept], outline.normals[kept])
