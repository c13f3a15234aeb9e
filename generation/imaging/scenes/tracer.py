"""Walking rays through distance fields: first hits, ways through glass, open sky and soft shadow."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from generation.imaging.scenes.fields import Field, Floats, bounds_of

Indices = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

HIT = np.float32(2.5e-4)
STEPS = 110
STRIDE = np.float32(0.9)


def nearest(fields: Sequence[Field], points: Floats) -> tuple[Floats, Indices]:
    """Distance to the nearest of the fields, and which one it is."""
    every = np.stack([field.distance(points) for field in fields])
    which = every.argmin(axis=0)
    return np.take_along_axis(every, which[None], axis=0)[0], which


def entry(low: Floats, high: Floats, origins: Floats, rays: Floats) -> tuple[Floats, Floats]:
    """Where each ray enters and leaves a box; it misses where it leaves before it enters."""
    safe = np.where(np.abs(rays) < 1e-7, np.float32(1e-7), rays)
    one, two = (low - origins) / safe, (high - origins) / safe
    enter = np.minimum(one, two).max(axis=1)
    leave = np.maximum(one, two).min(axis=1)
    return np.maximum(enter, 0).astype(np.float32), leave.astype(np.float32)


def first_hits(fields: Sequence[Field], origins: Floats, rays: Floats) -> tuple[Floats, Indices, Flags]:
    """Ray lengths to the first surface, which field was met, and whether any was."""
    low, high = bounds_of(fields)
    length, leave = entry(low - np.float32(0.01), high + np.float32(0.01), origins, rays)
    met = np.zeros(len(rays), bool)
    which = np.zeros(len(rays), np.intp)
    active = np.flatnonzero(leave > length)
    for step in range(STEPS):
        if not active.size:
            break
        gap, owner = nearest(fields, origins[active] + rays[active] * length[active, None])
        which[active] = owner
        reached = gap < HIT * (1 if step < STEPS - 1 else 6)
        met[active[reached]] = True
        length[active] += np.where(reached, 0, gap * STRIDE)
        active = active[~reached & (length[active] < leave[active])]
    return length, which, met


def way_through(field: Field, origins: Floats, rays: Floats, longest: float) -> Floats:
    """How far each ray runs inside a solid before it leaves it, starting just under its surface."""
    length = np.full(len(rays), 0.004, np.float32)
    active = np.arange(len(rays))
    for _ in range(70):
        if not active.size:
            break
        depth = -field.distance(origins[active] + rays[active] * length[active, None])
        length[active] += np.maximum(depth * STRIDE, np.float32(6e-4))
        active = active[(depth > HIT) & (length[active] < longest)]
    return length


def open_sky(fields: Sequence[Field], points: Floats, normals: Floats, reach: float) -> Floats:
    """Ambient occlusion in 0..1 (1 is open): how much nearer the scene is than the probe along the normal."""
    hidden = np.zeros(len(points), np.float32)
    weight, total = 1.0, 0.0
    for fraction in (0.12, 0.3, 0.6, 1.0):
        probe = np.float32(reach * fraction)
        gap, _ = nearest(fields, points + normals * probe)
        hidden += np.float32(weight) * np.clip((probe - gap) / probe, 0, 1)
        total += weight
        weight *= 0.72
    return (1 - hidden / np.float32(total)).astype(np.float32)


def soft_shadow(fields: Sequence[Field], points: Floats, towards: Floats, width: float, reach: float) -> Floats:
    """Share of a lamp that is seen from each point, 0..1: the narrowest gap along the way, as a cone would see it.

    `width` is the tangent of the lamp's half angle. The idea is the well-known penumbra estimate for distance fields.
    """
    share = np.ones(len(points), np.float32)
    length = np.full(len(points), 0.012, np.float32)
    low, high = bounds_of(fields)
    margin = np.float32(reach * width)
    rays = np.broadcast_to(towards, points.shape)
    enter, leave = entry(low - margin, high + margin, points, rays)
    active = np.flatnonzero(leave > enter)
    length[active] = np.maximum(length[active], enter[active])
    for _ in range(44):
        if not active.size:
            break
        gap, _ = nearest(fields, points[active] + towards * length[active, None])
        seen = np.clip(0.5 + 0.5 * gap / (np.float32(width) * length[active]), 0, 1)
        share[active] = np.minimum(share[active], seen)
        length[active] += np.clip(gap, 0.008, 0.09)
        active = active[(share[active] > 0.004) & (length[active] < np.minimum(reach, leave[active]))]
    return (share * share * (3 - 2 * share)).astype(np.float32)
