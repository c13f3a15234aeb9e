"""The set: a backdrop, light and a camera, as in a small merchant's corner."""

import base64
import random
from dataclasses import dataclass
from math import atan, cos, pi, sin
from pathlib import Path
from typing import Any

import bpy
from mathutils import Euler, Vector

from studio import materials
from studio.nodes import Shader, colour
from studio.profiles import Point3
from studio.shapes import skin

BACKDROP = "backdrop"


@dataclass(frozen=True)
class Set:
    """How a product is photographed. Colours are sRGB codes, angles degrees."""

    floor: str = "paper"
    """A seamless sheet of "paper", or a table of "laminate", "oak", "walnut" or "concrete" before a painted wall."""
    tone: str = "#d9d4cb"
    """Of the paper, the laminate or the concrete."""
    wall: str = "#cfcbc4"
    hdri: str = "studio"
    """The room that glass and metal mirror: a panorama by its file's name."""
    turn: float = 0.0
    """Of the room around the product."""
    ambient: float = 0.55
    key: float = 1.0
    """Strengths of the room's light and of the softbox."""
    key_side: float = -1.0
    """The softbox hangs to the left (-1) or to the right (1)."""
    focal: float = 85.0
    """Millimetres on full frame."""
    above: float = 12.0
    orbit: float = 0.0
    """How far above the product the camera stands, and how far around it."""
    fill: float = 0.58
    """Share of the frame that the product takes."""


def build(stage: Set, bounds: tuple[Vector, Vector], hdris: Path, scratch: Path, seed: int) -> None:
    """Set up everything around a product that fills `bounds` (low corner, high corner)."""
    low, high = bounds
    reach = max(high.z - low.z, (high.x - low.x) * 1.15)
    _backdrop(stage, reach, high.y)
    _world(stage, hdris, scratch)
    _lights(stage, reach)
    _camera(stage, low, high, reach, random.Random(seed))  # noqa: S311 - not a secret


def _backdrop(stage: Set, reach: float, behind: float) -> None:
    """Lay a seamless sheet of paper, or a table in front of a wall."""
    # Everything scales with the product, as a photographer steps back from a lamp and close to a watch.
    width, wall, bend = 14 * reach, behind + 1.6 * reach, 0.9 * reach
    if stage.floor == "paper":
        curve = [(-9 * reach, 0.0), (wall - bend, 0.0)]
        curve += [(wall - bend + bend * _ease(t)[0], bend * _ease(t)[1]) for t in (n / 24 for n in range(1, 24))]
        curve += [(wall, bend), (wall, 9 * reach)]
        skin([[(-width, y, z), (width, y, z)] for y, z in curve], _paper(stage.tone), closed=False, name=BACKDROP)
        return
    skin(
        [[(-width, -9 * reach, 0), (width, -9 * reach, 0)], [(-width, wall, 0), (width, wall, 0)]],
        _table(stage), closed=False, name=BACKDROP,
    )  # fmt: skip
    skin(
        [[(-width, wall, -0.2), (width, wall, -0.2)], [(-width, wall, 9 * reach), (width, wall, 9 * reach)]],
        _paint(stage.wall), closed=False, name=BACKDROP,
    )  # fmt: skip


def _ease(t: float) -> tuple[float, float]:
    return sin(t * pi / 2), 1 - cos(t * pi / 2)


def _paper(tone: str) -> Any:
    return Shader("paper").set(base_color=colour(tone), roughness=0.8, specular_ior_level=0.2).material


def _paint(tone: str) -> Any:
    shader = Shader("paint")
    stained = shader.mix(shader.noise(5, 2), tuple(0.92 * part for part in colour(tone)), colour(tone))
    return shader.set(base_color=stained, roughness=0.85, specular_ior_level=0.2).material


def _table(stage: Set) -> Any:
    if stage.floor == "oak":
        return materials.wood("#c39a68", "#8d6438", along="x", scale=0.35, gloss=0.4)
    if stage.floor == "walnut":
        return materials.wood("#7c5338", "#4a2f20", along="x", scale=0.35, gloss=0.35)
    if stage.floor == "concrete":
        shader = Shader("concrete")
        tone = shader.mix(shader.noise(9, 5), tuple(0.8 * part for part in colour(stage.tone)), colour(stage.tone))
        return shader.set(base_color=tone, roughness=0.6).bump(shader.noise(120, 3), 0.15, 0.001).material
    return Shader("laminate").set(base_color=colour(stage.tone), roughness=0.28).material


def _world(stage: Set, hdris: Path, scratch: Path) -> None:
    """Surround the set with a photographed room, which is what glass and metal mirror."""
    exr = scratch / f"{stage.hdri}.exr"
    if not exr.exists():
        text = (hdris / f"{stage.hdri}.exr.js").read_text()
        exr.write_bytes(base64.b64decode(text.split("base64,", 1)[1].split("'", 1)[0].split('"', 1)[0]))
    world = bpy.data.worlds.new("room")
    bpy.context.scene.world = world
    world.use_nodes = True
    tree = world.node_tree
    room = tree.nodes.new("ShaderNodeTexEnvironment")
    room.image = bpy.data.images.load(str(exr))
    spin, where = tree.nodes.new("ShaderNodeMapping"), tree.nodes.new("ShaderNodeTexCoord")
    spin.inputs["Rotation"].default_value = (0, 0, stage.turn * pi / 180)
    # Rooms have a colour cast that a camera's white balance would take out: half of it is left.
    mild = tree.nodes.new("ShaderNodeHueSaturation")
    mild.inputs["Saturation"].default_value = 0.45
    tree.links.new(where.outputs["Generated"], spin.inputs["Vector"])
    tree.links.new(spin.outputs[0], room.inputs["Vector"])
    tree.links.new(room.outputs["Color"], mild.inputs["Color"])
    tree.links.new(mild.outputs[0], tree.nodes["Background"].inputs["Color"])
    tree.nodes["Background"].inputs["Strength"].default_value = stage.ambient


def _lights(stage: Set, reach: float) -> None:
    """Hang one large softbox, and a weak strip on the other side that draws the edge."""
    side = stage.key_side
    _area("key", (side * 2.2 * reach, -1.5 * reach, 2.6 * reach), 1.5 * reach, 62 * stage.key, reach)
    _area("strip", (-side * 2.4 * reach, -0.2 * reach, 1.3 * reach), 0.7 * reach, 9 * stage.key, reach, tall=2.6)


def _area(name: str, at: Point3, size: float, power: float, reach: float, tall: float = 1.0) -> None:
    lamp = bpy.data.lights.new(name, "AREA")
    lamp.shape, lamp.size, lamp.size_y = "RECTANGLE", size, size * tall
    lamp.energy = power * reach**2
    thing = bpy.data.objects.new(name, lamp)
    thing.location = at
    thing.rotation_euler = (Vector((0, 0, 0.4 * reach)) - Vector(at)).to_track_quat("-Z", "Y").to_euler()
    bpy.context.scene.collection.objects.link(thing)


def _camera(stage: Set, low: Vector, high: Vector, reach: float, chance: random.Random) -> None:
    """Stand where the product takes `fill` of the frame, slightly above it and, as by hand, not quite in the middle."""
    camera = bpy.data.cameras.new("camera")
    camera.lens, camera.sensor_width = stage.focal, 36.0
    view = 2 * atan(18 / stage.focal)
    distance = reach / stage.fill / view
    aim = (low + high) / 2 + Vector((chance.uniform(-0.03, 0.03), 0, chance.uniform(0.0, 0.05))) * reach
    thing = bpy.data.objects.new("camera", camera)
    tilt, around = stage.above * pi / 180, stage.orbit * pi / 180
    away = Vector((0, -1, 0))
    away.rotate(_euler(-tilt, 0, 0))
    away.rotate(_euler(0, 0, around))
    thing.location = aim + away * distance
    thing.rotation_euler = (-away).to_track_quat("-Z", "Y").to_euler()
    camera.dof.use_dof = True
    camera.dof.focus_distance = distance - (high.y - low.y) / 4
    camera.dof.aperture_fstop = 9.0
    bpy.context.scene.collection.objects.link(thing)
    bpy.context.scene.camera = thing


def _euler(x: float, y: float, z: float) -> Any:
    return Euler((x, y, z))
