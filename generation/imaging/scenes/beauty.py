"""Drawn products of the bathroom shelf."""

import numpy as np

from generation.imaging.scenes.fields import Loft, RoundedBox, Turned
from generation.imaging.scenes.labels import Artwork
from generation.imaging.scenes.materials import Decal, Glass, Material
from generation.imaging.scenes.patterns import grain
from generation.imaging.scenes.photograph import Product
from generation.imaging.scenes.shading import Part
from generation.imaging.scenes.solids import Lathe, Rod, curve, rounded

BRASS = Material("#d9b36a", roughness=0.16, metallic=1.0)
ROSE_GOLD = Material("#e3aa8f", roughness=0.14, metallic=1.0)


def lathe(*corners: tuple[float, float, float]) -> Lathe:
    """A turned solid from the corners (radius, y, rounding) of its closed profile."""
    return Lathe(rounded(corners))


def serum() -> tuple[Part, ...]:
    bottle = lathe((0, 0, 0), (0.24, 0, 0.04), (0.24, 0.55, 0.12), (0.085, 0.65, 0.05), (0.085, 0.73, 0), (0, 0.73, 0))
    collar = lathe((0, 0.715, 0), (0.112, 0.715, 0.01), (0.108, 0.86, 0.014), (0, 0.86, 0))
    bulb = lathe((0, 0.85, 0), (0.066, 0.85, 0.005), (0.062, 0.9, 0.02), (0.054, 1.06, 0.05), (0, 1.07, 0.02))
    art = Artwork(0.6, 0.35, "#f3eee2").frame(0.06, 0.005, "#a58e5e")
    art.text("ALDERMOOR", (0.5, 0.29), 0.145, "#2b2a28", weight=600, spacing=0.14)
    art.band(0.435, 0.443, "#a58e5e", left=0.38, right=0.62)
    art.text("night serum", (0.5, 0.56), 0.115, "#5d574c", face="italic")
    art.text("30 ml", (0.5, 0.8), 0.08, "#5d574c", weight=500, spacing=0.1)
    glass = Material("#000000", roughness=0.02, glass=Glass((1.3, 3.8, 10.5)), decals=(Decal(art, 0.1, 0.24),))
    return (
        Part(bottle, glass),
        Part(collar, BRASS),
        Part(bulb, Material("#1d1c1c", roughness=0.42, pattern=grain(3, 0.01, 0.05))),
    )


def flacon() -> tuple[Part, ...]:
    block = RoundedBox((0.62, 0.66, 0.26), 0.045)
    liquid = RoundedBox((0.5, 0.44, 0.15), 0.02, at=(0, 0.09, 0))
    art = Artwork(0.42, 0.3)
    art.text("Vesperelle", (0.5, 0.4), 0.26, "#8f6a2c", weight=400, face="italic")
    art.text("EAU DE PARFUM", (0.5, 0.68), 0.09, "#8f6a2c", weight=500, spacing=0.3)
    clear = Glass((0.14, 0.1, 0.1), core=liquid, core_loss=(0.2, 1.9, 1.5), index=1.42)
    decal = Decal(art, 0.18, shape="flat", roughness=0.25, metallic=0.55, near=0.12)
    collar = lathe((0, 0.655, 0), (0.095, 0.655, 0.008), (0.095, 0.73, 0.01), (0, 0.73, 0))
    return (
        Part(Turned(block, 16), Material("#000000", roughness=0.01, glass=clear, decals=(decal,))),
        Part(collar, BRASS),
        Part(Turned(RoundedBox((0.27, 0.3, 0.2), 0.03, at=(0, 0.72, 0)), 16), Material("#22191a", roughness=0.09)),
    )


def cream_jar() -> tuple[Part, ...]:
    jar = lathe((0, 0, 0), (0.4, 0, 0.07), (0.42, 0.36, 0.06), (0.4, 0.43, 0.02), (0, 0.43, 0))
    lid = lathe((0, 0.435, 0), (0.425, 0.435, 0.012), (0.425, 0.7, 0.03), (0.4, 0.712, 0.02), (0, 0.712, 0))
    art = Artwork(0.72, 0.26)
    art.text("HALVORSE", (0.5, 0.3), 0.27, "#6d4a3e", weight=300, spacing=0.24)
    art.text("barrier cream  /  50 ml", (0.5, 0.7), 0.14, "#8a6a5e")
    porcelain = Material("#f4ece6", roughness=0.1, mirror=0.05, decals=(Decal(art, 0.09, 0.41, roughness=0.2),))
    return (Part(jar, porcelain), Part(lid, ROSE_GOLD))


def hand_tube() -> tuple[Part, ...]:
    cap = lathe((0, 0, 0), (0.165, 0, 0.015), (0.172, 0.17, 0.012), (0, 0.17, 0))
    places = np.linspace(0, 1, 33)
    widths, depths = 0.19 + 0.04 * places**0.8, 0.014 + 0.161 * np.cos(places * np.pi / 2) ** 1.2
    stations = zip((0.165 + 0.935 * places).tolist(), widths.tolist(), depths.tolist(), strict=True)
    body = Loft(tuple(stations), 0.012)
    art = Artwork(0.4, 0.62)
    for tip, breadth in (((0.36, 0.1), 0.34), ((0.5, 0.02), 0.3), ((0.64, 0.1), 0.34)):
        art.leaf((0.5, 0.3), tip, breadth, "#55705a")
    art.text("FERNLEY", (0.5, 0.44), 0.098, "#2f4636", weight=700, spacing=0.1)
    art.text("& ROWE", (0.5, 0.54), 0.06, "#2f4636", weight=400, spacing=0.2)
    art.text("hand cream", (0.5, 0.74), 0.062, "#55705a", face="italic")
    art.text("75 ml", (0.5, 0.92), 0.048, "#55705a")
    crimp = Artwork(0.5, 0.08)
    for line in range(13):
        crimp.band(0.05 + line * 0.075, 0.08 + line * 0.075, "#a9b8a2")
    decals = (Decal(art, 0.29, shape="flat", roughness=0.4), Decal(crimp, 1.015, shape="flat", roughness=0.4))
    return (
        Part(cap, Material("#f1efe8", roughness=0.3)),
        Part(body, Material("#cfdcc6", roughness=0.34, decals=decals)),
    )


def pump_bottle() -> tuple[Part, ...]:
    bottle = lathe((0, 0, 0), (0.235, 0, 0.04), (0.235, 0.6, 0.14), (0.09, 0.7, 0.05), (0.09, 0.74, 0), (0, 0.74, 0))
    collar = lathe((0, 0.735, 0), (0.108, 0.735, 0.01), (0.108, 0.84, 0.016), (0.05, 0.86, 0.01), (0, 0.86, 0))
    stem = lathe((0, 0.85, 0), (0.032, 0.85, 0), (0.032, 0.97, 0), (0, 0.97, 0))
    head = lathe((0, 0.955, 0), (0.072, 0.955, 0.014), (0.072, 1.03, 0.02), (0, 1.035, 0))
    spout = Rod(curve([(0.0, 1.0), (-0.12, 1.0), (-0.21, 0.985), (-0.235, 0.945)]), [0.028, 0.026, 0.022, 0.018])
    art = Artwork(0.56, 0.42, "#fbfaf6")
    art.text("OSMARE", (0.5, 0.22), 0.15, "#26363f", weight=800, spacing=0.08)
    art.band(0.37, 0.378, "#26363f", left=0.2, right=0.8)
    art.text("sea salt & sage", (0.5, 0.52), 0.085, "#26363f", weight=400)
    art.text("BODY LOTION", (0.5, 0.68), 0.065, "#26363f", weight=600, spacing=0.2)
    art.text("400 ml", (0.5, 0.86), 0.06, "#5f6f76")
    black = Material("#1c1d1f", roughness=0.3)
    body = Material("#8aa9b0", roughness=0.22, decals=(Decal(art, 0.1, 0.235, roughness=0.5),))
    return (Part(bottle, body), Part(collar, black), Part(stem, black), Part(head, black), Part(spout, black))


PRODUCTS = (
    Product("serum", "Aldermoor night serum, 30 ml", "bottle", serum),
    Product("flacon", "Vesperelle eau de parfum", "bottle", flacon, paper=(0.7, 0.69, 0.685)),
    Product("cream-jar", "Halvorse barrier cream, 50 ml", "jar", cream_jar, paper=(0.6, 0.6, 0.605), pitch=13),
    Product("hand-tube", "Fernley & Rowe hand cream, 75 ml", "tube", hand_tube, from_left=False),
    Product("pump-bottle", "Osmare body lotion, 400 ml", "bottle", pump_bottle, paper=(0.69, 0.69, 0.69)),
)
