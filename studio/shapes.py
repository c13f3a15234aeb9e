"""Solids for products: each function adds one object to the scene and returns it."""

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from math import cos, pi, sin
from typing import Any

import bmesh
import bpy
from mathutils import Vector

from studio.profiles import Point, Point3

Object = Any
"""A bpy object; bpy has no types of its own."""
TURNS = 144
"""Sides of what is turned on the lathe: more than anybody can count at 1024 pixels."""


def skin(
    rings: Sequence[Sequence[Point3]],
    material: Object,
    *,
    closed: bool = True,
    caps: tuple[bool, bool] = (False, False),
    name: str = "skin",
) -> Object:
    """Lay a surface over rings of equally many points.

    u runs along a ring, v from the first ring to the last, in proportion to the way walked at half of u.
    """
    mesh = bmesh.new()
    layer = mesh.loops.layers.uv.new()
    rows = [[mesh.verts.new(point) for point in ring] for ring in rings]
    across, along = len(rings[0]), len(rings) - 1
    middle = [Vector(ring[across // 2]) for ring in rings]
    walked = list(accumulate(((b - a).length for a, b in pairwise(middle)), initial=0.0))
    for v in range(along):
        for u in range(across if closed else across - 1):
            corners = ((u, v), (u + 1, v), (u + 1, v + 1), (u, v + 1))
            face = mesh.faces.new([rows[y][x % across] for x, y in corners])
            for loop, (x, y) in zip(face.loops, corners, strict=True):
                loop[layer].uv = (x / (across if closed else across - 1), walked[y] / walked[-1])
    if caps[0]:
        mesh.faces.new(rows[0][::-1])
    if caps[1]:
        mesh.faces.new(rows[-1])
    bmesh.ops.remove_doubles(mesh, verts=mesh.verts, dist=1e-6)
    if closed:
        bmesh.ops.recalc_face_normals(mesh, faces=mesh.faces)
    return _placed(mesh, material, name)


def lathe(
    profile: Sequence[Point],
    material: Object,
    *,
    wave: Callable[[float, float], float] | None = None,
    name: str = "lathe",
) -> Object:
    """Turn a profile of (radius, height) around the z axis; `wave(angle, height)` scales the radius there."""
    rings = []
    for radius, height in profile:
        ring = []
        for turn in range(TURNS):
            angle = 2 * pi * turn / TURNS + pi / 2  # u = 0.5 faces the camera
            r = max(radius, 0.0) * (wave(angle, height) if wave else 1.0)
            ring.append((r * cos(angle), r * sin(angle), height))
        rings.append(ring)
    return skin(rings, material, name=name)


def wrap(
    profile: Sequence[Point], degrees: float, material: Object, *, facing: float = 0.0, lift: float = 2e-4
) -> Object:
    """Lay a label around a turned body: the part of its profile that it covers, bottom first, and how far around."""
    steps = 64
    rings = []
    for radius, height in profile:
        angles = [(-90 + facing + degrees * (step / steps - 0.5)) * pi / 180 for step in range(steps + 1)]
        rings.append([((radius + lift) * cos(angle), (radius + lift) * sin(angle), height) for angle in angles])
    return skin(rings, material, closed=False, name="label")


def sheet(width: float, height: float, material: Object, at: Point3, turned: Point3 = (90, 0, 0)) -> Object:
    """Lay a flat label with its centre at `at`; turned by Euler angles in degrees, upright and facing the camera."""
    w, h = width / 2, height / 2
    laid = skin([[(-w, -h, 0), (w, -h, 0)], [(-w, h, 0), (w, h, 0)]], material, closed=False, name="label")
    return move(laid, at, turned)


def box(size: Point3, bevel: float, material: Object, at: Point3 = (0, 0, 0), segments: int = 5) -> Object:
    """Return a box with rounded edges, its centre at `at`."""
    mesh = bmesh.new()
    bmesh.ops.create_cube(mesh, size=1)
    bmesh.ops.scale(mesh, vec=Vector(size), verts=mesh.verts)
    bmesh.ops.bevel(mesh, geom=mesh.edges, offset=bevel, segments=segments, profile=0.5, affect="EDGES")
    made = _placed(mesh, material, "box")
    made.modifiers.new("even", "WEIGHTED_NORMAL")
    return move(made, at)


def pipe(
    path: Sequence[Point3],
    outline: Sequence[Point],
    material: Object,
    *,
    scales: Sequence[float] | None = None,
    closed: bool = False,
    up: Point3 = (0, 1, 0),
) -> Object:
    """Sweep a closed outline along a path: its second axis stays as near to `up` as the path allows."""
    rings = []
    last = len(path) - 1
    for index, point in enumerate(path):
        before = path[index - 1] if index or closed else point
        after = path[(index + 1) % len(path)] if index < last or closed else point
        forward = (Vector(after) - Vector(before)).normalized()
        side = forward.cross(Vector(up)).normalized()
        top = side.cross(forward)
        scale = _between(scales, index / last) if scales else 1.0
        rings.append([tuple(Vector(point) + (side * x + top * y) * scale) for x, y in outline])
    if closed:
        rings.append(rings[0])
    return skin(rings, material, caps=(not closed, not closed), name="pipe")


def _between(values: Sequence[float], share: float) -> float:
    """Interpolate between equally spaced values; `share` runs from 0 to 1."""
    place = share * (len(values) - 1)
    left = min(int(place), len(values) - 2)
    return values[left] + (values[left + 1] - values[left]) * (place - left)


def move(thing: Object, at: Point3 = (0, 0, 0), turned: Point3 = (0, 0, 0)) -> Object:
    """Put an object somewhere, turned by Euler angles in degrees."""
    thing.location = at
    thing.rotation_euler = tuple(angle * pi / 180 for angle in turned)
    return thing


def _placed(mesh: Any, material: Object, name: str) -> Object:
    data = bpy.data.meshes.new(name)
    mesh.to_mesh(data)
    mesh.free()
    data.polygons.foreach_set("use_smooth", [True] * len(data.polygons))
    data.materials.append(material)
    thing = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(thing)
    return thing
