"""Outlines in the plane: what is turned on the lathe, swept along a path or skinned."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from math import cos, hypot, pi, sin

Point = tuple[float, float]
Point3 = tuple[float, float, float]


def rounded(points: Sequence[Point], radius: float, steps: int = 6) -> list[Point]:
    """Return the open polyline with every inner corner rounded.

    Each corner is cut back by `radius`, but by less than half of the shorter side. A point just before and after each
    arc keeps smooth shading from bleeding into the flat parts.
    """
    out = [points[0]]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        cut = min(radius, 0.45 * _distance(before, corner), 0.45 * _distance(corner, after))
        start, end = _towards(corner, before, cut), _towards(corner, after, cut)
        out.append(_towards(corner, before, cut * 1.08))
        for step in range(steps + 1):
            t = step / steps
            out.append(_mix(_mix(start, corner, t), _mix(corner, end, t), t))
        out.append(_towards(corner, after, cut * 1.08))
    return [*out, points[-1]]


def spline(points: Sequence[Point], steps: int = 10) -> list[Point]:
    """Return a smooth curve through all points (Catmull-Rom)."""
    return [(x, y) for x, y, _z in spline3([(x, y, 0.0) for x, y in points], steps)]


def spline3(points: Sequence[Point3], steps: int = 10) -> list[Point3]:
    """Return a smooth curve in space through all points (Catmull-Rom)."""
    padded = [points[0], *points, points[-1]]
    out: list[Point3] = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for step in range(steps):
            t = step / steps
            out.append(tuple(_catmull(*axis, t) for axis in zip(a, b, c, d, strict=True)))  # type: ignore[arg-type]
    return [*out, points[-1]]


def ellipse(width: float, depth: float, steps: int = 96, power: float = 2.0) -> list[Point]:
    """Return a closed superellipse of full `width` and `depth`: power 2 is an ellipse, 8 nearly a rectangle.

    The points stand equally far apart, so that print is not squeezed, and begin in the middle of the far side: halfway
    round is the middle of the side that faces the camera.
    """
    dense = 40 * steps
    outline = []
    for step in range(dense + 1):
        c, s = cos(2 * pi * step / dense + pi / 2), sin(2 * pi * step / dense + pi / 2)
        scale = (abs(c) ** power + abs(s) ** power) ** (-1 / power)
        outline.append((width / 2 * c * scale, depth / 2 * s * scale))
    walked = [0.0]
    for a, b in pairwise(outline):
        walked.append(walked[-1] + _distance(a, b))
    marks = (walked[-1] * step / steps for step in range(steps))
    return [outline[bisect_left(walked, mark)] for mark in marks]


def arc(centre: Point, radius: float, start: float, end: float, steps: int = 32) -> list[Point]:
    """Return an arc; angles in degrees, counterclockwise from the first axis."""
    angles = [(start + (end - start) * step / steps) * pi / 180 for step in range(steps + 1)]
    return [(centre[0] + radius * cos(angle), centre[1] + radius * sin(angle)) for angle in angles]


def _catmull(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def _distance(a: Point, b: Point) -> float:
    return hypot(b[0] - a[0], b[1] - a[1])


def _mix(a: Point, b: Point, t: float) -> Point:
    return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t)


def _towards(a: Point, b: Point, length: float) -> Point:
    return _mix(a, b, length / max(_distance(a, b), 1e-9))


def mm(*points: Point) -> list[Point]:
    """Return points given in millimetres in metres."""
    return [(x / 1000, y / 1000) for x, y in points]


def mm3(*points: Point3) -> list[Point3]:
    """Return points in space given in millimetres in metres."""
    return [(x / 1000, y / 1000, z / 1000) for x, y, z in points]
