"""Drawn products of the living room and the table."""

import numpy as np

from generation.imaging.scenes.beauty import BRASS, lathe
from generation.imaging.scenes.fields import Blend, RoundedBox, Turned
from generation.imaging.scenes.labels import Artwork
from generation.imaging.scenes.materials import Decal, Material
from generation.imaging.scenes.patterns import both, grain, layers, speckles, weave
from generation.imaging.scenes.photograph import Product
from generation.imaging.scenes.shading import Part
from generation.imaging.scenes.solids import Lathe, Rod, curve


def turned_on_wheel(outside: list[tuple[float, float]], wall: float, floor: float) -> Lathe:
    """A hollow pot: a smooth outer line from the foot to the lip, walls `wall` thick, the inside `floor` above 0."""
    outer = curve(outside)
    inner = outer[outer[:, 1] > floor] - np.array([wall, 0], np.float32)
    inner[:, 0] = np.maximum(inner[:, 0], 0.012)
    lip = np.array([[outer[-1, 0] - wall / 2, outer[-1, 1] + wall * 0.42]], np.float32)
    foot, bottom = np.array([[0, outer[0, 1]]], np.float32), np.array([[0, floor]], np.float32)
    return Lathe(np.vstack([foot, outer, lip, inner[::-1], bottom]).astype(np.float32))


def mug() -> tuple[Part, ...]:
    cup = turned_on_wheel([(0.27, 0), (0.315, 0.03), (0.335, 0.14), (0.338, 0.4), (0.335, 0.76)], 0.03, 0.06)
    hollow = lathe((0, 0.06, 0), (0.3, 0.06, 0), (0.305, 0.9, 0), (0, 0.9, 0))
    ear = curve([(0.3, 0.64), (0.42, 0.66), (0.545, 0.58), (0.57, 0.42), (0.5, 0.26), (0.4, 0.17), (0.3, 0.15)])
    handle = Rod(ear, [0.04, 0.034, 0.032, 0.032, 0.04], flatness=1.5)
    glaze = both(
        layers([(0.166, "#a97c57"), (0.172, "#ebe6da")], wave=0.012), speckles(11, 0.034, 0.3, (0.32, 0.24, 0.2))
    )
    body = Turned(Blend(cup, handle, 0.03, hollow), -14, at=(-0.1, 0, 0))
    return (Part(body, Material("#ffffff", roughness=0.16, pattern=glaze)),)


def vase() -> tuple[Part, ...]:
    line = [(0.17, 0), (0.2, 0.02), (0.31, 0.24), (0.34, 0.46), (0.24, 0.7), (0.105, 0.84), (0.09, 0.96), (0.14, 1.06)]
    body = turned_on_wheel(line, 0.018, 0.05)
    clay = both(layers([(0.354, "#c4714f"), (0.362, "#f1e2d6")], wave=0.03), grain(21, 0.03, 0.02))
    return (Part(body, Material("#ffffff", roughness=0.62, pattern=clay)),)


def table_lamp() -> tuple[Part, ...]:
    line = [(0.15, 0.03), (0.17, 0.05), (0.215, 0.13), (0.22, 0.2), (0.17, 0.32), (0.075, 0.42), (0.05, 0.46)]
    base = Lathe(np.vstack([[[0, 0.03]], curve(line), [[0, 0.46]]]).astype(np.float32))
    neck = lathe(
        (0, 0.455, 0), (0.058, 0.455, 0.004), (0.058, 0.48, 0.01), (0.03, 0.49, 0.006), (0.03, 0.75, 0), (0, 0.75, 0)
    )
    plinth = lathe((0, 0, 0), (0.2, 0, 0.006), (0.2, 0.035, 0.008), (0, 0.035, 0))
    shade = lathe((0.372, 0.6, 0), (0.385, 0.6, 0), (0.25, 1.12, 0), (0.237, 1.12, 0))
    trim_low = lathe((0.37, 0.598, 0), (0.389, 0.598, 0.003), (0.383, 0.622, 0.003), (0.366, 0.622, 0))
    trim_high = lathe((0.239, 1.1, 0), (0.259, 1.1, 0.003), (0.2535, 1.124, 0.003), (0.234, 1.124, 0))
    light = layers([(0.6, "#fff3dd"), (1.12, "#dccaac")])
    linen = Material("#e8dcc6", roughness=0.85, mirror=0.02, glow=0.2, pattern=both(light, weave(0.012, 0.05)))
    trim = Material("#d9c8a6", roughness=0.8, mirror=0.02, glow=0.12)
    glaze = Material("#1f5d68", roughness=0.09, mirror=0.055, pattern=grain(31, 0.03, 0.06))
    return (
        Part(base, glaze),
        Part(plinth, BRASS),
        Part(neck, BRASS),
        Part(shade, linen),
        Part(trim_low, trim),
        Part(trim_high, trim),
    )


def bowl() -> tuple[Part, ...]:
    line = [(0.22, 0), (0.235, 0.03), (0.25, 0.05), (0.45, 0.17), (0.575, 0.36), (0.61, 0.55)]
    body = turned_on_wheel(line, 0.026, 0.07)
    stops = [
        (0.06, "#c9a77c"),
        (0.1, "#5f86a8"),
        (0.22, "#23487a"),
        (0.44, "#1f4478"),
        (0.51, "#5b8aa6"),
        (0.55, "#b08a5c"),
    ]
    glaze = layers(stops, wave=0.014)
    return (Part(body, Material("#ffffff", roughness=0.06, mirror=0.05, pattern=both(glaze, grain(41, 0.02, 0.06)))),)


def candle() -> tuple[Part, ...]:
    cup = lathe((0, 0, 0), (0.33, 0, 0.04), (0.335, 0.78, 0.008), (0.31, 0.78, 0.008), (0.308, 0.6, 0), (0, 0.6, 0))
    wax = lathe((0, 0.58, 0), (0.309, 0.58, 0), (0.309, 0.71, 0.015), (0.1, 0.7, 0.05), (0, 0.7, 0))
    wick = Rod(curve([(0.0, 0.66), (0.004, 0.76), (0.016, 0.83)]), 0.011)
    art = Artwork(0.5, 0.36, "#f7f2e8").frame(0.05, 0.005, "#3b3a37")
    art.text("cinder", (0.5, 0.3), 0.2, "#3b3a37", weight=300, spacing=0.06)
    art.text("& FJORE", (0.5, 0.5), 0.1, "#3b3a37", weight=500, spacing=0.3)
    art.text("soy wax / 45 h", (0.5, 0.78), 0.08, "#6a675f")
    concrete = Material(
        "#5d6368", roughness=0.7, mirror=0.03, pattern=grain(51, 0.012, 0.05), decals=(Decal(art, 0.19, 0.333),)
    )
    return (
        Part(cup, concrete),
        Part(wax, Material("#f6ecd8", roughness=0.35, glow=0.06)),
        Part(wick, Material("#3a332c", roughness=0.9)),
    )


def teapot() -> tuple[Part, ...]:
    line = [(0.24, 0), (0.27, 0.02), (0.4, 0.17), (0.425, 0.32), (0.36, 0.48), (0.21, 0.56)]
    belly = Lathe(np.vstack([[[0, 0]], curve(line), [[0, 0.565]]]).astype(np.float32))
    spout = Rod(curve([(-0.33, 0.2), (-0.47, 0.27), (-0.55, 0.4), (-0.66, 0.56)]), [0.1, 0.075, 0.055, 0.04])
    grip = Rod(curve([(0.36, 0.44), (0.52, 0.52), (0.64, 0.44), (0.62, 0.27), (0.5, 0.16), (0.38, 0.15)]), 0.034, 1.3)
    dome = curve(
        [(0.212, 0.572), (0.2, 0.59), (0.12, 0.64), (0.035, 0.66), (0.032, 0.69), (0.058, 0.72), (0.045, 0.765)]
    )
    lid = Lathe(np.vstack([[[0, 0.572]], dome, [[0, 0.775]]]).astype(np.float32))
    glaze = Material("#9fb8a4", roughness=0.1, mirror=0.05, pattern=speckles(61, 0.03, 0.1, (0.6, 0.55, 0.5)))
    body = Turned(Blend(Blend(belly, spout, 0.06), grip, 0.04), -10)
    return (Part(body, glaze), Part(lid, glaze))


def speaker() -> tuple[Part, ...]:
    box = RoundedBox((1.0, 0.62, 0.36), 0.07, at=(0, 0.03, 0))
    badge = Artwork(0.2, 0.05)
    badge.text("NOVARO", (0.5, 0.5), 0.7, "#e8e2d6", weight=700, spacing=0.2)
    cloth = Material(
        "#6e7378",
        roughness=0.9,
        mirror=0.02,
        pattern=weave(0.0125, 0.16),
        decals=(Decal(badge, 0.07, shape="flat", roughness=0.3, near=0.17),),
    )
    strap = Rod(curve([(-0.3, 0.635), (-0.22, 0.7), (0.0, 0.72), (0.22, 0.7), (0.3, 0.635)]), 0.018, flatness=2.4)
    feet = RoundedBox((0.8, 0.05, 0.26), 0.01)
    leather = Material("#a8683a", roughness=0.5, pattern=grain(71, 0.006, 0.05))
    rubber = Material("#1a1a1a", roughness=0.7)
    return (Part(Turned(box, 17), cloth), Part(Turned(strap, 17), leather), Part(Turned(feet, 17), rubber))


PRODUCTS = (
    Product("mug", "Stoneware mug, oat glaze", "mug", mug, pitch=13, paper=(0.61, 0.61, 0.615)),
    Product("vase", "Dipped terracotta vase", "vase", vase, from_left=False),
    Product("table-lamp", "Table lamp with linen shade", "lamp", table_lamp, paper=(0.62, 0.615, 0.61), pitch=7),
    Product("bowl", "Reactive glaze bowl, blue", "bowl", bowl, pitch=20, look_at=0.42),
    Product("candle", "Cinder & Fjore soy candle", "candle", candle, pitch=14, paper=(0.7, 0.7, 0.695)),
    Product("teapot", "Celadon teapot", "teapot", teapot, pitch=12, from_left=False),
    Product("speaker", "Novaro portable speaker", "box", speaker, pitch=11, paper=(0.7, 0.7, 0.7)),
)
