"""Taking the picture: camera, paper sweep with the product's shadow, exposure, grain, and the exact mask."""

from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

import cv2
import numpy as np
import numpy.typing as npt

from generation.contracts import Image, Mask
from generation.imaging.scenes.fields import Floats, bounds_of, unit, vector
from generation.imaging.scenes.light import Studio, studio
from generation.imaging.scenes.shading import Part, radiance
from generation.imaging.scenes.tracer import first_hits, open_sky, soft_shadow

DISTANCE = 6.0
FRAME = 2.0
GRAIN = 0.0045


@dataclass(frozen=True)
class Product:
    """One thing to photograph. `build` makes its parts; `paper` is the linear grey of the backdrop."""

    key: str
    title: str
    category: str  # what it is, in the words the demonstration model was taught where it has one
    build: Callable[[], tuple[Part, ...]]
    paper: tuple[float, float, float] = (0.66, 0.655, 0.645)
    pitch: float = 9.0
    look_at: float = 0.46
    from_left: bool = True


@dataclass(frozen=True)
class Camera:
    """A long lens looking slightly down on the middle of the floor. Pixels are counted on a square picture."""

    size: int
    pitch: float
    look_at: float

    @property
    def axes(self) -> tuple[Floats, Floats, Floats]:
        """Right, up and forward."""
        angle = np.radians(self.pitch)
        cosine, sine = float(np.cos(angle)), float(np.sin(angle))
        return vector(1, 0, 0), vector(0, cosine, -sine), vector(0, -sine, -cosine)

    @property
    def eye(self) -> Floats:
        return vector(0, self.look_at, 0) - self.axes[2] * np.float32(DISTANCE)

    def rays(self, columns: Floats, rows: Floats) -> Floats:
        right, up, ahead = self.axes
        scale = np.float32(FRAME / DISTANCE / self.size)
        x, y = (columns + 0.5 - self.size / 2) * scale, (self.size / 2 - rows - 0.5) * scale
        return unit(ahead + x[:, None] * right + y[:, None] * up)

    def pixel(self, points: Floats) -> Floats:
        """Column and row of points in the world."""
        right, up, ahead = self.axes
        seen = points - self.eye
        scale = self.size / FRAME * DISTANCE / (seen @ ahead)
        return np.stack([self.size / 2 + seen @ right * scale, self.size / 2 - seen @ up * scale], axis=1)


@dataclass(frozen=True)
class Photograph:
    image: Image
    mask: Mask


def window(camera: Camera, parts: tuple[Part, ...]) -> tuple[int, int, int, int]:
    """Columns and rows (left, right, top, bottom) of the picture that can show the product."""
    low, high = bounds_of([part.field for part in parts])
    corners = np.array([[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
    seen = camera.pixel(corners.astype(np.float32))
    first = np.clip(np.floor(seen.min(axis=0)) - 3, 0, camera.size).astype(int)
    last = np.clip(np.ceil(seen.max(axis=0)) + 4, 0, camera.size).astype(int)
    return int(first[0]), int(last[0]), int(first[1]), int(last[1])


def pixel_rays(camera: Camera, area: tuple[int, int, int, int]) -> Floats:
    left, right, top, bottom = area
    columns, rows = np.meshgrid(np.arange(left, right, dtype=np.float32), np.arange(top, bottom, dtype=np.float32))
    return camera.rays(columns.reshape(-1), rows.reshape(-1))


def product_layer(parts: tuple[Part, ...], camera: Camera, light: Studio) -> tuple[Floats, Floats]:
    """The product on nothing, over the whole picture: light (H x W x 3, times cover) and cover (H x W)."""
    left, right, top, bottom = area = window(camera, parts)
    rays = pixel_rays(camera, area)
    origins = np.broadcast_to(camera.eye, rays.shape)
    length, which, met = first_hits([part.field for part in parts], origins, rays)
    colour = np.zeros((len(rays), 3), np.float32)
    for number, part in enumerate(parts):
        chosen = np.flatnonzero(met & (which == number))
        if chosen.size:
            points = camera.eye + rays[chosen] * length[chosen, None]
            colour[chosen] = radiance(part, points, rays[chosen], parts, light)
    lit = np.zeros((camera.size, camera.size, 3), np.float32)
    cover = np.zeros((camera.size, camera.size), np.float32)
    lit[top:bottom, left:right] = colour.reshape(bottom - top, right - left, 3)
    cover[top:bottom, left:right] = met.reshape(bottom - top, right - left)
    return lit, cover


def floor_shadow(parts: tuple[Part, ...], points: Floats, light: Studio) -> Floats:
    """Share of light that reaches points of the floor: key and fill shadows, and the dark line of contact."""
    fields = [part.field for part in parts]
    up = np.broadcast_to(vector(0, 1, 0), points.shape)
    key = soft_shadow(fields, points, light.boxes[0].direction, 0.34, 4.0)
    fill = soft_shadow(fields, points, light.boxes[1].direction, 0.4, 4.0)
    top = soft_shadow(fields, points, light.boxes[2].direction, 0.5, 3.0)
    wide = open_sky(fields, points, up, 0.5)
    close = open_sky(fields, points, up, 0.07)
    light_left = 0.3 * key + 0.12 * fill + 0.2 * top + 0.38 * wide
    fade = np.clip((points[:, 2] + 2.4) / 1.2, 0, 1) * np.clip((2.2 - np.abs(points[:, 0])) / 0.6, 0, 1)
    return np.asarray(1 - fade * (1 - light_left * (0.42 + 0.58 * close)), np.float32)


def backdrop(parts: tuple[Part, ...], camera: Camera, light: Studio) -> Floats:
    """A dull paper sweep: floor running into wall without an edge, brighter where the key light falls."""
    size = camera.size
    rays = pixel_rays(camera, (0, size, 0, size))
    down = np.minimum(rays[:, 1], np.float32(-2e-3))
    points = camera.eye + rays * (-camera.eye[1] / down)[:, None]
    depth = np.clip((-points[:, 2] - 0.3) / 3.4, 0, 1)
    rise = depth * depth * (3 - 2 * depth)
    rows = np.repeat(np.arange(size, dtype=np.float32) / size, size)
    columns = np.tile(np.arange(size, dtype=np.float32) / size, size)
    side = np.sign(light.boxes[0].direction[0])
    floor = 1.02 - 0.1 * np.clip(rows - 0.72, 0, 1) / 0.28
    wall = 0.9 - 0.16 * np.clip(0.5 - rows, 0, 1)
    spread = 1 + 0.06 * side * (columns - 0.5) - 0.16 * ((columns - 0.5) ** 2 + (rows - 0.55) ** 2)
    level = (floor * (1 - rise) + wall * rise) * spread
    shade = np.ones(len(rays), np.float32)
    near = np.flatnonzero((np.abs(points[:, 0]) < 2.2) & (points[:, 2] > -2.4) & (points[:, 2] < 1.6))
    shade[near] = floor_shadow(parts, points[near], light)
    tinted = (level * shade)[:, None] * np.array(light.paper, np.float32)
    return np.asarray(tinted, np.float32).reshape(size, size, 3)


def develop(light: Floats) -> npt.NDArray[np.float32]:
    """Linear light to sRGB in 0..1, with a soft shoulder so that highlights roll off."""
    knee = np.float32(0.72)
    over = np.maximum(light - knee, 0)
    rolled = np.where(light > knee, knee + (1 - knee) * (1 - np.exp(-over / (1 - knee))), np.maximum(light, 0))
    encoded = np.where(rolled <= 0.0031308, rolled * 12.92, 1.055 * np.maximum(rolled, 1e-6) ** (1 / 2.4) - 0.055)
    return np.asarray(encoded, np.float32)


def shrink(picture: Floats, times: int) -> Floats:
    """Average `times` x `times` pixels into one."""
    high, wide = picture.shape[0] // times, picture.shape[1] // times
    blocks = picture.reshape(high, times, wide, times, *picture.shape[2:])
    return np.asarray(blocks.mean(axis=(1, 3)), np.float32)


def draw(product: Product, size: int = 1024, supersampling: int = 2) -> Photograph:
    """The photograph of a product and its exact mask, `size` x `size`; the same pixels every time."""
    parts = product.build()
    light = studio(product.paper, from_left=product.from_left)
    fine = Camera(size * supersampling, product.pitch, product.look_at)
    lit, cover = product_layer(parts, fine, light)
    lit, cover = shrink(np.minimum(lit, 1.6), supersampling), shrink(cover, supersampling)
    half = Camera(size // 2, product.pitch, product.look_at)
    paper = cv2.resize(backdrop(parts, half, light), (size, size), interpolation=cv2.INTER_CUBIC)
    picture = develop(paper * (1 - cover[..., None]) + lit)
    noise = np.random.default_rng(crc32(product.key.encode())).normal(0, GRAIN, (size, size)).astype(np.float32)
    picture = picture + cv2.GaussianBlur(noise, (0, 0), 0.6)[..., None] * 1.6
    return Photograph(image=np.clip(picture * 255 + 0.5, 0, 255).astype(np.uint8), mask=cover >= 0.5)
