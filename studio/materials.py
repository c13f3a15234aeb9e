"""Materials as a photographer knows them. Colours are sRGB codes."""

from pathlib import Path
from typing import Any

import bpy

from studio.nodes import Shader, colour

Material = Any


def glass(tint: str = "#ffffff", roughness: float = 0.0) -> Material:
    """Clear or coloured glass.

    Shadow rays pass with the tint: without caustics, which cost too much, glass would throw the shadow of a stone.
    """
    shader = Shader("glass").set(
        base_color=colour(tint), roughness=roughness, ior=1.47, transmission_weight=1.0, specular_ior_level=0.5
    )
    shadow = shader.node("ShaderNodeLightPath", "Is Shadow Ray")
    light = shader.node("ShaderNodeBsdfTransparent", inputs={"Color": tuple(0.9 * part for part in colour(tint))})
    mixed = shader.node("ShaderNodeMixShader", inputs={0: shadow, 1: shader.surface.outputs[0], 2: light})
    shader.tree.links.new(mixed, shader.output.inputs["Surface"])
    return shader.material


def liquid(tint: str, cloudy: float = 0.0) -> Material:
    """What is inside: syrup, oil, perfume; `cloudy` mixes in light that is scattered below the surface."""
    shader = Shader("liquid").set(
        base_color=colour(tint), roughness=0.02, ior=1.36, transmission_weight=1 - cloudy, subsurface_weight=cloudy,
        subsurface_radius=(0.01, 0.006, 0.003), subsurface_scale=0.5,
    )  # fmt: skip
    return shader.material


def ceramic(glaze: str, roughness: float = 0.12, speckles: str | None = None, pooled: str | None = None) -> Material:
    """Glazed stoneware: a little uneven, with iron speckles or a second colour where the glaze pooled."""
    shader = Shader("ceramic")
    tone: Any = colour(glaze)
    if pooled:
        tone = shader.mix(shader.remap(shader.noise(28, 5), 0, 1, 0.42, 0.62), tone, colour(pooled))
    if speckles:
        spots = shader.node(
            "ShaderNodeTexVoronoi", "Distance", inputs={"Vector": shader.place(), "Scale": 260.0, "Randomness": 1.0}
        )
        sparse = shader.remap(shader.noise(190, 0), 0, 1, 0.5, 0.6)
        dots = shader.node(
            "ShaderNodeMath", inputs={0: shader.remap(spots, 1, 0, 0.14, 0.26), 1: sparse}, operation="MULTIPLY"
        )
        tone = shader.mix(dots, tone, colour(speckles))
    shader.set(base_color=tone, roughness=roughness, coat_weight=0.6 if roughness < 0.3 else 0.0, coat_roughness=0.04)
    return shader.bump(shader.noise(35, 2), 0.25, 0.0012).material


def clay(tone: str) -> Material:
    """Unglazed, fired clay."""
    shader = Shader("clay")
    mottled = shader.mix(shader.noise(60, 6), tuple(0.82 * part for part in colour(tone)), colour(tone))
    return shader.set(base_color=mottled, roughness=0.85).bump(shader.noise(700, 2), 0.35, 0.0006).material


def plastic(tone: str, roughness: float = 0.35) -> Material:
    """Moulded plastic, from glossy (0.1) to soft-touch (0.6)."""
    return Shader("plastic").set(base_color=colour(tone), roughness=roughness).material


def metal(tone: str, roughness: float = 0.22, brushed: tuple[float, float, float] | None = None) -> Material:
    """Bare metal; brushed along the axis whose stretch is small, such as (1, 1, 60) around a turned body."""
    shader = Shader("metal").set(base_color=colour(tone), metallic=1.0, roughness=roughness)
    if brushed:
        lines = shader.noise(60, 4, brushed)
        shader.set(roughness=shader.remap(lines, roughness * 0.7, roughness * 1.5, 0.3, 0.7)).bump(lines, 0.12, 0.0003)
    return shader.material


def coated(tone: str, roughness: float = 0.5) -> Material:
    """Powder-coated metal: fine orange peel."""
    shader = Shader("coated").set(base_color=colour(tone), roughness=roughness)
    return shader.bump(shader.noise(900, 0), 0.2, 0.0003).material


def enamel(tone: str) -> Material:
    """Glossy enamel or lacquer."""
    shader = Shader("enamel").set(base_color=colour(tone), roughness=0.16, coat_weight=1.0, coat_roughness=0.03)
    return shader.bump(shader.noise(40, 2), 0.12, 0.001).material


def wood(light: str, dark: str, along: str = "x", scale: float = 1.0, gloss: float = 0.45) -> Material:
    """Oiled wood with its grain along one axis."""
    shader = Shader("wood")
    short = 0.06
    stretch = {"x": (short, 1, 1), "y": (1, short, 1), "z": (1, 1, short)}[along]
    stretch = (stretch[0] * scale, stretch[1] * scale, stretch[2] * scale)
    broad = shader.noise(38, 3, stretch)
    rings = shader.node("ShaderNodeMath", inputs={0: broad, 1: 9.0}, operation="MULTIPLY")
    rings = shader.node("ShaderNodeMath", inputs={0: rings}, operation="FRACT")
    fibre = shader.noise(420, 4, stretch)
    grain = shader.node("ShaderNodeMath", inputs={0: rings, 1: fibre}, operation="MULTIPLY")
    shader.set(base_color=shader.ramp(grain, (0.05, colour(light)), (0.75, colour(dark))), roughness=gloss)
    return shader.bump(fibre, 0.12, 0.0005).material


def leather(tone: str, roughness: float = 0.42) -> Material:
    """Pebbled leather."""
    shader = Shader("leather")
    pebbles = shader.node("ShaderNodeTexVoronoi", "Distance", inputs={"Vector": shader.place(), "Scale": 520.0})
    worn = shader.mix(shader.noise(22, 4), tuple(0.72 * part for part in colour(tone)), colour(tone))
    return shader.set(base_color=worn, roughness=roughness).bump(pebbles, 0.4, 0.0008).material


def fabric(tone: str, threads: tuple[float, float], fleck: str | None = None, through: float = 0.0) -> Material:
    """Plain weave with so many threads along u and v; `through` is the share of light from behind that it lets pass."""
    shader = Shader("fabric")
    waves = [
        shader.node(
            "ShaderNodeTexWave", "Fac", wave_type="BANDS", bands_direction=axis,
            # The wave texture has 20 / (2 pi) bands in one unit.
            inputs={"Vector": shader.place((threads[0] / 3.18, threads[1] / 3.18, 1), "UV"), "Scale": 1.0},
        )
        for axis in ("X", "Y")
    ]  # fmt: skip
    weave = shader.node("ShaderNodeMath", inputs={0: waves[0], 1: waves[1]}, operation="ADD")
    tint: Any = shader.mix(shader.noise(300, 3), tuple(0.75 * part for part in colour(tone)), colour(tone))
    if fleck:
        tint = shader.mix(shader.remap(shader.noise(700, 2), 0, 1, 0.52, 0.62), tint, colour(fleck))
    shader.set(base_color=tint, roughness=0.9, sheen_weight=0.25, specular_ior_level=0.2)
    if through:
        behind = shader.node("ShaderNodeBsdfTranslucent", inputs={"Color": tint})
        mixed = shader.node("ShaderNodeMixShader", inputs={0: through, 1: shader.surface.outputs[0], 2: behind})
        shader.tree.links.new(mixed, shader.output.inputs["Surface"])
    return shader.bump(weave, 0.5, 0.0006).material


def wax(tone: str) -> Material:
    """Candle wax."""
    shader = Shader("wax").set(base_color=colour(tone), roughness=0.45, subsurface_weight=0.6)
    return shader.set(subsurface_radius=(0.012, 0.009, 0.006)).bump(shader.noise(40, 2), 0.2, 0.001).material


def printed(art: Path, roughness: float = 0.55, metallic: float = 0.0, clear: bool = False) -> Material:
    """A label or a printed body: the picture lies along u and v. `clear` lets its transparent parts show through."""
    shader = Shader("printed")
    texture = shader.tree.nodes.new("ShaderNodeTexImage")
    texture.image = bpy.data.images.load(str(art))
    texture.extension = "EXTEND"
    shader.tree.links.new(shader.place(kind="UV"), texture.inputs["Vector"])
    shader.set(base_color=texture.outputs["Color"], roughness=roughness, metallic=metallic)
    if clear:
        shader.set(alpha=texture.outputs["Alpha"])
    return shader.material


def glow(tone: str, strength: float) -> Material:
    """A lamp's bulb or a flame."""
    return Shader("glow").set(base_color=colour(tone), emission_color=colour(tone), emission_strength=strength).material
