"""Drawn products of the kitchen shelf."""

import numpy as np

from generation.imaging.scenes.beauty import lathe
from generation.imaging.scenes.fields import RoundedBox, Turned
from generation.imaging.scenes.labels import Artwork
from generation.imaging.scenes.materials import Decal, Glass, Material
from generation.imaging.scenes.patterns import grain
from generation.imaging.scenes.photograph import Product
from generation.imaging.scenes.shading import Part

ALUMINIUM = Material("#e4e6e8", roughness=0.2, metallic=1.0)
GOLD = Material("#d6b15e", roughness=0.2, metallic=1.0)


def drinks_can() -> tuple[Part, ...]:
    body = lathe(
        (0, 0.04, 0),
        (0.17, 0.02, 0.02),
        (0.19, 0, 0.01),
        (0.22, 0.02, 0.02),
        (0.27, 0.1, 0.05),
        (0.27, 0.92, 0.06),
        (0.225, 1.02, 0.02),
        (0.238, 1.035, 0.006),
        (0.238, 1.055, 0.006),
        (0.222, 1.055, 0.004),
        (0.21, 1.02, 0.01),
        (0, 1.02, 0),
    )
    art = Artwork(2 * np.pi * 0.27, 0.86, "#ee6a4d")
    art.band(0.0, 0.05, "#fbf3e4").band(0.95, 1.0, "#fbf3e4")
    for turn in range(0, 360, 30):
        angle = np.radians(turn)
        tip = 0.5 + 0.118 * float(np.cos(angle)), 0.36 + 0.232 * float(np.sin(angle))
        art.leaf((0.5 + 0.02 * float(np.cos(angle)), 0.36 + 0.04 * float(np.sin(angle))), tip, 0.42, "#ffc95c")
    art.disc((0.5, 0.36), 0.115, "#fbf3e4")
    art.text("fizz", (0.5, 0.365), 0.1, "#c7402b", weight=800)
    art.text("PAMELINE", (0.5, 0.7), 0.09, "#fbf3e4", weight=900, spacing=0.06)
    art.text("blood orange soda", (0.5, 0.795), 0.052, "#fbf3e4", face="italic")
    art.text("330 ml", (0.5, 0.885), 0.046, "#fbf3e4", weight=500)
    printed = Decal(art, 0.09, 0.27, roughness=0.3, metallic=0.35)
    tab = RoundedBox((0.09, 0.012, 0.15), 0.005, at=(0, 1.022, 0.03))
    return (
        Part(body, Material("#e4e6e8", roughness=0.22, metallic=1.0, decals=(printed,))),
        Part(Turned(tab, 20), ALUMINIUM),
    )


def tea_tin() -> tuple[Part, ...]:
    body = lathe((0, 0, 0), (0.29, 0, 0.012), (0.29, 0.66, 0.004), (0, 0.66, 0))
    lid = lathe((0, 0.655, 0), (0.298, 0.655, 0.008), (0.298, 0.83, 0.02), (0.27, 0.845, 0.01), (0, 0.85, 0))
    art = Artwork(2 * np.pi * 0.29, 0.6, "#1f4a41")
    art.band(0.03, 0.042, "#d6b15e").band(0.958, 0.97, "#d6b15e")
    art.disc((0.5, 0.5), 0.36, "#f3ead2").ring((0.5, 0.5), 0.325, 0.01, "#b08d3f")
    for tip, breadth in (((0.476, 0.24), 0.4), ((0.5, 0.2), 0.34), ((0.524, 0.24), 0.4)):
        art.leaf((0.5, 0.38), tip, breadth, "#1f4a41")
    art.text("GREYMOSS", (0.5, 0.47), 0.074, "#1f4a41", weight=700, spacing=0.04)
    art.text("smoked black tea", (0.5, 0.575), 0.06, "#1f4a41", face="italic")
    art.text("No. 7", (0.5, 0.71), 0.08, "#b08d3f", weight=700)
    painted = Decal(art, 0.03, 0.29, roughness=0.3, metallic=0.1)
    tin = Material("#1f4a41", roughness=0.3, decals=(painted,))
    return (Part(body, tin), Part(lid, GOLD))


def olive_oil() -> tuple[Part, ...]:
    bottle = lathe((0, 0, 0), (0.21, 0, 0.03), (0.21, 0.6, 0.14), (0.066, 0.8, 0.1), (0.066, 1.0, 0), (0, 1.0, 0))
    cap = lathe((0, 0.99, 0), (0.074, 0.93, 0.004), (0.074, 1.13, 0.014), (0, 1.135, 0))
    art = Artwork(0.58, 0.42, "#f4efe1")
    art.frame(0.045, 0.004, "#6d7447")
    art.leaf((0.5, 0.36), (0.36, 0.15), 0.34, "#6d7447").leaf((0.5, 0.36), (0.64, 0.15), 0.34, "#6d7447")
    art.disc((0.5, 0.2), 0.068, "#3c4423", stretch=1.25)
    art.text("CASA MIRELLO", (0.5, 0.48), 0.105, "#33381f", weight=700, spacing=0.06)
    art.text("extra virgin olive oil", (0.5, 0.62), 0.078, "#4b5230", face="italic")
    art.band(0.715, 0.721, "#6d7447", left=0.3, right=0.7)
    art.text("500 ml", (0.5, 0.83), 0.07, "#4b5230", weight=500)
    glass = Glass((4.4, 3.3, 10.5), index=1.45)
    body = Material("#000000", roughness=0.02, glass=glass, decals=(Decal(art, 0.12, 0.21, roughness=0.6),))
    return (Part(bottle, body), Part(cap, Material("#20231a", roughness=0.38)))


def tea_carton() -> tuple[Part, ...]:
    front = Artwork(0.555, 0.855, "#f2c9a8")
    front.polygon([(0, 0.62), (0.25, 0.5), (0.5, 0.58), (0.78, 0.44), (1, 0.55), (1, 1), (0, 1)], "#e08e6d")
    front.polygon([(0, 0.76), (0.3, 0.64), (0.62, 0.72), (1, 0.62), (1, 1), (0, 1)], "#b95f57")
    front.polygon([(0, 0.9), (0.4, 0.8), (0.7, 0.86), (1, 0.79), (1, 1), (0, 1)], "#6f3f4e")
    front.disc((0.68, 0.4), 0.1, "#fbefdc")
    front.text("RUSKA", (0.5, 0.14), 0.135, "#6f3f4e", weight=900, spacing=0.05)
    front.text("rooibos & ginger", (0.5, 0.24), 0.062, "#6f3f4e", face="italic")
    front.text("20 tea bags", (0.5, 0.945), 0.042, "#fbefdc", weight=500, spacing=0.06)
    side = Artwork(0.295, 0.855, "#6f3f4e")
    for number, line in enumerate(("steep 4 minutes", "in fresh water", "at 95 degrees")):
        side.text(line, (0.5, 0.34 + 0.055 * number), 0.036, "#f2c9a8")
    side.ring((0.5, 0.18), 0.07, 0.008, "#f2c9a8").text("R", (0.5, 0.182), 0.08, "#f2c9a8", weight=800)
    side.band(0.56, 0.563, "#f2c9a8", left=0.2, right=0.8).text("40 g", (0.5, 0.62), 0.05, "#f2c9a8", weight=600)
    decals = (
        Decal(front, 0.0025, shape="flat", roughness=0.5, near=0.146),
        Decal(side, 0.0025, shape="flat", roughness=0.5, near=0.276, turn=90),
        Decal(side, 0.0025, shape="flat", roughness=0.5, near=0.276, turn=-90),
    )
    carton = Turned(RoundedBox((0.56, 0.86, 0.3), 0.006), -30)
    return (Part(carton, Material("#f2c9a8", roughness=0.5, decals=decals, pattern=grain(5, 0.02, 0.01))),)


def honey_jar() -> tuple[Part, ...]:
    jar = lathe((0, 0, 0), (0.3, 0, 0.05), (0.31, 0.5, 0.1), (0.255, 0.6, 0.03), (0.255, 0.64, 0), (0, 0.64, 0))
    lid = lathe((0, 0.625, 0), (0.28, 0.625, 0.01), (0.28, 0.77, 0.016), (0.262, 0.782, 0.008), (0, 0.775, 0))
    honey = lathe((0, 0.035, 0), (0.265, 0.035, 0.04), (0.275, 0.48, 0.08), (0.22, 0.57, 0.01), (0, 0.57, 0))
    art = Artwork(0.66, 0.29, "#fffaf0")
    for column, row in ((0.15, 0.5), (0.15, 0.32), (0.15, 0.68), (0.85, 0.5), (0.85, 0.32), (0.85, 0.68)):
        turns = np.radians(np.arange(0, 360, 60))
        scale = art.rows / art.columns
        cell = [(column + 0.08 * scale * float(np.cos(t)), row + 0.08 * float(np.sin(t))) for t in turns]
        art.stroke(cell, 0.016, "#e0a02c", closed=True)
    art.text("Linnebee", (0.5, 0.36), 0.27, "#4a3115", weight=700)
    art.text("WILDFLOWER HONEY", (0.5, 0.62), 0.095, "#8a5a16", weight=600, spacing=0.12)
    art.text("340 g", (0.5, 0.82), 0.1, "#8a5a16")
    glass = Glass((0.12, 0.1, 0.12), core=honey, core_loss=(0.5, 2.3, 9.5), index=1.36)
    body = Material("#000000", roughness=0.02, glass=glass, decals=(Decal(art, 0.12, 0.305, roughness=0.55),))
    return (Part(jar, body), Part(lid, GOLD))


PRODUCTS = (
    Product("drinks-can", "Pameline blood orange soda, 330 ml", "can", drinks_can),
    Product("tea-tin", "Greymoss smoked black tea", "can", tea_tin, pitch=11, from_left=False),
    Product("olive-oil", "Casa Mirello olive oil, 500 ml", "bottle", olive_oil, paper=(0.71, 0.71, 0.7)),
    Product("tea-carton", "Ruska rooibos and ginger, 20 bags", "box", tea_carton, pitch=11),
    Product("honey-jar", "Linnebee wildflower honey, 340 g", "jar", honey_jar, paper=(0.62, 0.62, 0.625)),
)
