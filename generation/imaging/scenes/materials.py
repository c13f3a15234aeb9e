"""What a solid is made of: its colour, shine and pattern, what is printed on it, or how clear its glass is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from generation.imaging.scenes.fields import Field, Floats, lookup
from generation.imaging.scenes.labels import Artwork, linear

Pattern = Callable[[Floats], Floats]
"""Local points (N x 3) to factors on the colour (N, or N x 3)."""


@dataclass(frozen=True)
class Decal:
    """Artwork on a solid: `round` wraps it about the y axis (centred on the front), `flat` projects it along z.

    `bottom` is the height of its lower edge; on a round solid `radius` turns its width into an angle. `turn` moves
    the front about the y axis (degrees); a flat decal covers only what lies further out than `near`.
    """

    artwork: Artwork
    bottom: float
    radius: float = 0.3
    shape: Literal["round", "flat"] = "round"
    roughness: float = 0.45
    metallic: float = 0.0
    turn: float = 0.0
    near: float = 0.0

    def sample(self, points: Floats) -> tuple[Floats, Floats]:
        """Colour (N x 3) and cover (N) at local points."""
        cosine, sine = np.float32(np.cos(np.radians(self.turn))), np.float32(np.sin(np.radians(self.turn)))
        right = points[:, 0] * cosine - points[:, 2] * sine
        out = points[:, 0] * sine + points[:, 2] * cosine
        across = np.arctan2(right, out) * np.float32(self.radius) if self.shape == "round" else right
        front = out > self.near if self.shape == "flat" else np.ones(len(points), bool)
        art = self.artwork
        column = np.asarray((across / art.width + 0.5) * art.columns - 0.5, np.float32)
        row = np.asarray((1 - (points[:, 1] - self.bottom) / art.height) * art.rows - 0.5, np.float32)
        on = front & (column > -0.5) & (column < art.columns - 0.5) & (row > -0.5) & (row < art.rows - 0.5)
        cover = np.where(on, lookup(art.alpha, column, row), 0).astype(np.float32)
        colour = np.stack([lookup(np.ascontiguousarray(art.rgb[..., k]), column, row) for k in range(3)], axis=1)
        return colour, cover


@dataclass(frozen=True)
class Glass:
    """Clear matter: light lost per unit of way (RGB), and a liquid or a thicker core with its own loss."""

    loss: tuple[float, float, float] = (0.15, 0.1, 0.12)
    core: Field | None = None
    core_loss: tuple[float, float, float] = (0.0, 0.0, 0.0)
    index: float = 1.45


@dataclass(frozen=True)
class Material:
    colour: str = "#ffffff"
    roughness: float = 0.4
    metallic: float = 0.0
    mirror: float = 0.04
    glow: float = 0.0
    pattern: Pattern | None = None
    shine: Pattern | None = None
    decals: tuple[Decal, ...] = ()
    glass: Glass | None = None


@dataclass
class Surface:
    """Materials resolved at N points, in linear light."""

    colour: Floats
    roughness: Floats
    metallic: Floats
    mirror: Floats
    opaque: Floats


def resolve(material: Material, points: Floats) -> Surface:
    count = len(points)
    surface = Surface(
        colour=np.repeat(linear(material.colour)[None], count, axis=0),
        roughness=np.full(count, material.roughness, np.float32),
        metallic=np.full(count, material.metallic, np.float32),
        mirror=np.full(count, material.mirror, np.float32),
        opaque=np.full(count, 0.0 if material.glass else 1.0, np.float32),
    )
    if material.pattern is not None:
        factor = material.pattern(points)
        surface.colour *= factor if factor.ndim == 2 else factor[:, None]
    if material.shine is not None:
        surface.roughness = surface.roughness * material.shine(points)
    for decal in material.decals:
        colour, cover = decal.sample(points)
        surface.colour += (colour - surface.colour) * cover[:, None]
        surface.roughness += (np.float32(decal.roughness) - surface.roughness) * cover
        surface.metallic += (np.float32(decal.metallic) - surface.metallic) * cover
        surface.opaque = np.maximum(surface.opaque, cover)
    return surface
