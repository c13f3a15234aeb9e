"""Light on surfaces: matt and glossy reflection, metal, and glass that bends what stands behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generation.imaging.scenes.fields import Field, Floats, unit
from generation.imaging.scenes.light import Studio
from generation.imaging.scenes.materials import Glass, Material, Surface, resolve
from generation.imaging.scenes.tracer import Flags, open_sky, soft_shadow, way_through

GLASS_BOUNCES = 4


@dataclass(frozen=True)
class Part:
    field: Field
    material: Material


def local_points(part: Part, points: Floats) -> Floats:
    local = getattr(part.field, "local", None)
    return points if local is None else np.asarray(local(points), np.float32)


def dot(first: Floats, second: Floats) -> Floats:
    return np.asarray((first * second).sum(axis=1), np.float32)


def mirrored(rays: Floats, normals: Floats) -> Floats:
    return (rays - 2 * dot(rays, normals)[:, None] * normals).astype(np.float32)


def schlick(mirror: Floats, facing: Floats, roughness: Floats) -> Floats:
    """Fresnel reflectance by Schlick's approximation, its rise at grazing angles damped on rough surfaces."""
    grazing = np.maximum(1 - roughness, mirror) - mirror
    return (mirror + grazing * np.clip(1 - facing, 0, 1) ** 5).astype(np.float32)


def opaque_light(
    surface: Surface, points: Floats, rays: Floats, normals: Floats, parts: Sequence[Part], light: Studio
) -> Floats:
    """Radiance (N x 3) that an opaque surface sends to the camera."""
    fields = [part.field for part in parts]
    sky = open_sky(fields, points, normals, 0.22)
    floor_near = np.clip(points[:, 1] / 0.16, 0, 1) * 0.35 + 0.65
    sky = sky * np.where(normals[:, 1] < 0.3, floor_near, 1)
    shade = soft_shadow(fields, points + normals * np.float32(0.006), light.boxes[0].direction, 0.3, 1.2)
    facing = np.clip(-dot(rays, normals), 0, 1)
    fresnel = schlick(surface.mirror, facing, surface.roughness)
    blur = np.float32(0.025) + surface.roughness * np.float32(0.9)
    seen = light.surroundings(mirrored(rays, normals), blur) * (0.35 + 0.65 * sky)
    matt = surface.colour * (light.diffuse(normals, sky, shade) * (1 - surface.metallic) * (1 - fresnel))[:, None]
    shiny = (seen * fresnel * (1 - surface.metallic))[:, None]
    tinted = surface.colour + (1 - surface.colour) * (np.clip(1 - facing, 0, 1) ** 5)[:, None]
    metal = tinted * (seen * surface.metallic)[:, None]
    return np.asarray(matt + shiny + metal, np.float32)


def bend(rays: Floats, normals: Floats, ratio: float) -> tuple[Floats, Flags]:
    """Refracted unit rays by Snell's law (`normals` against the rays), and where there is none: total reflection."""
    cosine = -dot(rays, normals)
    under = 1 - ratio * ratio * (1 - cosine * cosine)
    turned = ratio * rays + (ratio * cosine - np.sqrt(np.maximum(under, 0)))[:, None] * normals
    return unit(turned.astype(np.float32)), under < 0


def transmitted(glass: Glass, field: Field, start: Floats, ray: Floats, length: Floats) -> Floats:
    """Share of light (N x 3) left after a way through glass, by Beer's law, sampled for the core."""
    loss = np.array(glass.loss, np.float32)
    lost = length[:, None] * loss
    if glass.core is not None:
        inside = np.zeros(len(start), np.float32)
        samples = 12
        for step in range(samples):
            at = start + ray * (length * np.float32((step + 0.5) / samples))[:, None]
            inside += np.clip(0.5 - glass.core.distance(at) / np.float32(0.012), 0, 1)
        inside *= length / samples
        lost = lost + inside[:, None] * np.array(glass.core_loss, np.float32)
    return np.asarray(np.exp(-lost), np.float32)


def beyond(points: Floats, rays: Floats, light: Studio) -> Floats:
    """What a ray that left the glass meets: the lit floor (darker close to the product) or the surroundings."""
    paper = np.array(light.paper, np.float32)
    down = np.minimum(rays[:, 1], np.float32(-1e-3))
    landing = points - rays * (points[:, 1] / down)[:, None]
    near = np.exp(-(np.hypot(landing[:, 0], landing[:, 2]) ** 2) / np.float32(0.16))
    floor = (0.95 - 0.5 * near)[:, None] * paper
    room = light.surroundings(rays, np.full(len(rays), 0.05, np.float32))[:, None] * np.array([1.02, 1.0, 0.98])
    wall = np.where((rays[:, 2] < -0.2)[:, None], 0.94 * paper + 0.12 * np.minimum(room, 1.2), room)
    mix = np.clip(-rays[:, 1] * 9, 0, 1)[:, None]
    return np.asarray(floor * mix + wall * (1 - mix), np.float32)


def glass_light(part: Part, points: Floats, rays: Floats, normals: Floats, light: Studio) -> Floats:
    """Radiance through clear matter: refraction in, up to four inner reflections, refraction out."""
    glass = part.material.glass
    if glass is None:
        raise ValueError("the part is not made of glass")
    rough = np.full(len(points), part.material.roughness, np.float32)
    fresnel = schlick(np.full(len(points), 0.045, np.float32), np.clip(-dot(rays, normals), 0, 1), rough * 0)
    shine = light.surroundings(mirrored(rays, normals), np.float32(0.02) + rough * np.float32(0.9)) * fresnel
    inner, _ = bend(rays, normals, 1 / glass.index)
    at, left = points.copy(), np.ones((len(points), 3), np.float32)
    result = np.zeros((len(points), 3), np.float32)
    pending = np.arange(len(points))
    for bounce in range(GLASS_BOUNCES):
        length = way_through(part.field, at[pending], inner[pending], 3.0)
        left[pending] *= transmitted(glass, part.field, at[pending], inner[pending], length)
        at[pending] += inner[pending] * length[:, None]
        wall = part.field.normal(at[pending])
        outward, trapped = bend(inner[pending], -wall, glass.index)
        if bounce == GLASS_BOUNCES - 1:
            trapped[:] = False
        free = pending[~trapped]
        result[free] = left[free] * beyond(at[free], outward[~trapped], light)
        inner[pending[trapped]] = mirrored(inner[pending[trapped]], -wall[trapped])
        pending = pending[trapped]
        if not pending.size:
            break
    return np.asarray(result * (1 - fresnel)[:, None] + shine[:, None], np.float32)


def radiance(part: Part, points: Floats, rays: Floats, parts: Sequence[Part], light: Studio) -> Floats:
    """Light (N x 3, linear) that reaches the camera from points on one part."""
    normals = part.field.normal(points)
    away = dot(rays, normals) > 0
    normals[away] = unit(normals[away] - rays[away] * (dot(normals[away], rays[away]) + np.float32(0.02))[:, None])
    local = local_points(part, points)
    surface = resolve(part.material, local)
    out = opaque_light(surface, points, rays, normals, parts, light)
    if part.material.glow:
        out += surface.colour * np.float32(part.material.glow)
    if part.material.glass is not None:
        clear = np.flatnonzero(surface.opaque < 0.999)
        through = glass_light(part, points[clear], rays[clear], normals[clear], light)
        share = surface.opaque[clear, None]
        out[clear] = out[clear] * share + through * (1 - share)
    return out
