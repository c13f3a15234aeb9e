"""The studio's light: soft boxes seen in reflections, their soft diffuse light, and the plain sweep behind."""

from dataclasses import dataclass

import numpy as np

from generation.imaging.scenes.fields import Floats, unit, vector


@dataclass(frozen=True)
class SoftBox:
    """A rectangular lamp far away: seen from the product towards `towards`, with half sizes as tangents.

    `glow` is what its mirror image looks like, `power` how much diffuse light it throws (1 is paper white).
    """

    towards: tuple[float, float, float]
    half_width: float
    half_height: float
    glow: float
    power: float

    @property
    def direction(self) -> Floats:
        return unit(vector(*self.towards))

    def seen(self, rays: Floats, blur: Floats) -> Floats:
        """Brightness of the lamp along unit rays; `blur` widens its edges and keeps its energy."""
        ahead = self.direction
        right = unit(np.cross(vector(0, 1, 0), ahead).astype(np.float32))
        up = np.cross(ahead, right).astype(np.float32)
        depth = rays @ ahead
        safe = np.maximum(depth, np.float32(0.05))
        window = edge(np.abs(rays @ right) / safe, self.half_width, blur)
        window *= edge(np.abs(rays @ up) / safe, self.half_height, blur)
        return np.asarray(np.where(depth > 0, window * np.float32(self.glow), np.float32(0)), np.float32)


def edge(offset: Floats, half: float, blur: Floats) -> Floats:
    """1 inside, 0 outside, with a smooth step `blur` wide on each side, dimmed where the blur exceeds the lamp."""
    step = np.clip((half + blur - offset) / (2 * blur), 0, 1)
    dimmed = np.float32(half) / np.maximum(np.float32(half), blur)
    return np.asarray(step * step * (3 - 2 * step) * dimmed, np.float32)


@dataclass(frozen=True)
class Studio:
    """Lamps, the brightness of the surroundings and the (linear) grey of the paper sweep."""

    boxes: tuple[SoftBox, ...]
    paper: tuple[float, float, float]
    sky: float = 0.62
    wall: float = 0.5
    floor: float = 0.46

    def surroundings(self, rays: Floats, blur: Floats) -> Floats:
        """What a mirror sees: N brightness values along unit rays."""
        up = rays[:, 1]
        dome = self.wall + (self.sky - self.wall) * np.clip(up, 0, 1)
        below = self.floor * (0.78 + 0.22 * np.clip(1 + up * 1.6, 0, 1))
        horizon = np.clip(0.5 + up / (0.12 + 2 * blur), 0, 1)
        behind_camera = np.clip(rays[:, 2] * 1.4 - 0.15, 0, 1) * 0.45
        seen = (below * (1 - horizon) + dome * horizon) * (1 - behind_camera)
        for box in self.boxes:
            seen = seen + box.seen(rays, blur)
        return np.asarray(seen, np.float32)

    def diffuse(self, normals: Floats, open_sky: Floats, shade: Floats) -> Floats:
        """Light on a matt surface: lamps with a soft terminator (the first one shadowed), dome and floor bounce."""
        up = normals[:, 1]
        total = (0.27 + 0.09 * up) * open_sky + 0.07 * np.clip(-up, 0, 1) * open_sky
        for number, box in enumerate(self.boxes):
            facing = normals @ box.direction
            lit = np.clip((facing + 0.25) / 1.25, 0, 1) ** 1.35 * np.float32(box.power)
            total = total + (lit * shade if number == 0 else lit * (0.35 + 0.65 * open_sky))
        return np.asarray(total, np.float32)


def studio(paper: tuple[float, float, float], *, from_left: bool = True) -> Studio:
    """The one-set arrangement of all demonstration photographs: key and fill at the sides, top light, two rims."""
    side = -1.0 if from_left else 1.0
    return Studio(
        boxes=(
            SoftBox((side * 0.92, 0.62, 0.75), 0.34, 0.62, 2.1, 0.74),
            SoftBox((-side * 1.0, 0.34, 0.42), 0.12, 0.75, 1.1, 0.15),
            SoftBox((side * 0.1, 1.0, -0.12), 0.62, 0.42, 0.9, 0.26),
            SoftBox((side * 0.9, 0.22, -0.85), 0.16, 0.8, 1.5, 0.09),
            SoftBox((-side * 0.86, 0.24, -0.9), 0.2, 0.8, 1.6, 0.12),
        ),
        paper=paper,
    )
