"""One product, from an empty scene to a photo and its mask."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
from mathutils import Vector
from PIL import Image

from studio.nodes import Shader
from studio.stage import BACKDROP, Set, build

PHOTO_QUALITY = 90
MASK_SAMPLES = 4
MARGIN = 0.05  # of the frame, around the product


@dataclass(frozen=True)
class View:
    """Pixels a side, light paths a pixel, and how many threads may work."""

    size: int
    samples: int
    threads: int


@dataclass(frozen=True)
class Product:
    """What is photographed: `make` puts the product on the floor at the origin, facing negative y."""

    key: str
    title: str
    category: str
    make: Callable[[], None]
    stage: Set


def shoot(product: Product, seed: int, view: View, hdris: Path, scratch: Path) -> tuple[Image.Image, Image.Image]:
    """Photograph a product; returns the photo and the mask, which is the product without its shadow.

    The set is smooth and out of focus, so half the size and half the samples do; only the rectangle with the product
    gets every pixel. It fades into the set over MARGIN, where both show the same.
    """
    bpy.ops.wm.read_factory_settings(use_empty=True)
    _camera_settings(seed, view)
    product.make()
    build(product.stage, _bounds(), hdris, scratch, seed)
    silhouette = _silhouette(view.size, scratch)
    around = _with_margin(silhouette.getbbox(), view.size)
    bpy.context.scene.cycles.samples = max(4, view.samples // 2)
    photo = _render(scratch, view.size // 2).resize((view.size, view.size), Image.Resampling.BICUBIC)
    bpy.context.scene.cycles.samples = view.samples
    photo.paste(_render(scratch, view.size, around), around[:2], _fade(around, view.size))
    return photo, silhouette


def develop(photo: Image.Image, mask: Image.Image, photo_path: Path, mask_path: Path) -> None:
    """Write the photo as WebP and the mask as a PNG of one bit."""
    mask.convert("1").save(mask_path, optimize=True)
    photo.save(photo_path, quality=PHOTO_QUALITY, method=6)


def _camera_settings(seed: int, view: View) -> None:
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.render.use_persistent_data = True
    scene.render.threads_mode, scene.render.threads = "FIXED", view.threads
    scene.render.image_settings.file_format = "PNG"
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    cycles = scene.cycles
    cycles.samples, cycles.seed = view.samples, seed
    cycles.use_adaptive_sampling, cycles.adaptive_threshold, cycles.adaptive_min_samples = True, 0.15, 4
    cycles.use_denoising, cycles.denoiser, cycles.denoising_prefilter = True, "OPENIMAGEDENOISE", "FAST"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 10, 2, 3
    cycles.transmission_bounces, cycles.transparent_max_bounces = 8, 8
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 6.0


def _bounds() -> tuple[Vector, Vector]:
    bpy.context.view_layer.update()
    things = [thing for thing in bpy.context.scene.objects if thing.type == "MESH"]
    corners = [thing.matrix_world @ Vector(corner) for thing in things for corner in thing.bound_box]
    pick: Any = (min, max)
    low, high = (Vector(tuple(side(corner[axis] for corner in corners) for axis in range(3))) for side in pick)
    return low, high


def _silhouette(size: int, scratch: Path) -> Image.Image:
    """Render everything of the product opaque and flat, with nothing around it, and leave the scene as it was."""
    scene, layer = bpy.context.scene, bpy.context.view_layer
    backdrop = [thing for thing in scene.objects if thing.name.startswith(BACKDROP)]
    flat = Shader("flat")
    flat.tree.links.new(flat.node("ShaderNodeEmission"), flat.output.inputs["Surface"])
    kept = scene.cycles.samples, scene.cycles.max_bounces
    for thing in backdrop:
        thing.hide_render = True
    layer.material_override, scene.render.film_transparent = flat.material, True
    scene.cycles.use_denoising = scene.cycles.use_adaptive_sampling = scene.camera.data.dof.use_dof = False
    scene.cycles.samples, scene.cycles.max_bounces = MASK_SAMPLES, 0
    alpha = _render(scratch, size, mode="RGBA").getchannel("A")
    for thing in backdrop:
        thing.hide_render = False
    layer.material_override, scene.render.film_transparent = None, False
    scene.cycles.use_denoising = scene.cycles.use_adaptive_sampling = scene.camera.data.dof.use_dof = True
    scene.cycles.samples, scene.cycles.max_bounces = kept
    return alpha.point(lambda level: 255 if level >= 128 else 0)


def _with_margin(sides: tuple[int, int, int, int] | None, size: int) -> tuple[int, int, int, int]:
    if sides is None:
        raise RuntimeError("The camera does not see the product.")
    margin = round(MARGIN * size)
    left, top, right, bottom = sides
    return max(0, left - margin), max(0, top - margin), min(size, right + margin), min(size, bottom + margin)


def _fade(around: tuple[int, int, int, int], size: int) -> Image.Image:
    """An opaque rectangle whose rim fades out over three quarters of the margin."""
    width, height = around[2] - around[0], around[3] - around[1]
    rim = round(0.75 * MARGIN * size)
    fade = Image.new("L", (width, height), 0)
    for step in range(rim):
        fade.paste(round(255 * (step + 1) / rim), (step, step, width - step, height - step))
    return fade


def _render(
    scratch: Path, size: int, around: tuple[int, int, int, int] | None = None, mode: str = "RGB"
) -> Image.Image:
    """Render the frame at `size` pixels, or only the rectangle `around` (left, top, right, bottom) of it."""
    render = bpy.context.scene.render
    render.resolution_x = render.resolution_y = size
    render.image_settings.color_mode, render.filepath = mode, str(scratch / "frame.png")
    render.use_border = render.use_crop_to_border = around is not None
    if around:
        render.border_min_x, render.border_max_x = around[0] / size, around[2] / size
        render.border_min_y, render.border_max_y = 1 - around[3] / size, 1 - around[1] / size
    bpy.ops.render.render(write_still=True)
    frame = Image.open(render.filepath)
    frame.load()
    return frame
