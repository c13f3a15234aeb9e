"""Small irregularities that keep a drawn surface from looking like a drawing: mottling, specks, weave, ridges."""

from collections.abc import Sequence

import numpy as np

from generation.imaging.scenes.fields import Floats
from generation.imaging.scenes.labels import linear
from generation.imaging.scenes.materials import Pattern

LATTICE = 32


def grain(seed: int, cell: float, strength: float) -> Pattern:
    """Soft mottling about 1: trilinear value noise in space, `cell` units from knot to knot."""
    table = np.random.default_rng(seed).normal(0, 1, (LATTICE, LATTICE, LATTICE)).astype(np.float32)

    def factor(points: Floats) -> Floats:
        place = points / np.float32(cell)
        low = np.floor(place).astype(np.intp)
        share = place - low
        value = np.zeros(len(points), np.float32)
        for corner in np.ndindex(2, 2, 2):
            step = np.array(corner)
            weight = np.where(step == 1, share, 1 - share).prod(axis=1)
            x, y, z = ((low + step) % LATTICE).T
            value += table[x, y, z] * weight
        return np.asarray(1 + strength * value, np.float32)

    return factor


def speckles(seed: int, cell: float, share: float, colour: tuple[float, float, float]) -> Pattern:
    """Iron specks of stoneware: `share` of the cells in space hold a little ball, seen where the surface cuts it.

    `colour` is the factor (linear RGB) at the middle of a speck.
    """
    rng = np.random.default_rng(seed)
    radius = rng.uniform(0.1, 0.34, (LATTICE, LATTICE, LATTICE)).astype(np.float32) ** 1.3
    radius *= rng.random(radius.shape) < share
    centre = rng.uniform(0.3, 0.7, (LATTICE, LATTICE, LATTICE, 3)).astype(np.float32)

    def factor(points: Floats) -> Floats:
        place = points / np.float32(cell)
        low = np.floor(place).astype(np.intp)
        x, y, z = (low % LATTICE).T
        gap = np.sqrt(((place - low - centre[x, y, z]) ** 2).sum(axis=1))
        speck = np.clip((radius[x, y, z] - gap) * 12 + 0.5, 0, 1) * (radius[x, y, z] > 0)
        return np.asarray(1 - speck[:, None] * (1 - np.array(colour, np.float32)), np.float32)

    return factor


def weave(pitch: float, depth: float) -> Pattern:
    """Linen or speaker cloth: crossing threads `pitch` apart, with uneven thickness."""
    uneven = np.random.default_rng(7).normal(0, 1, 512).astype(np.float32)

    def factor(points: Floats) -> Floats:
        across = np.arctan2(points[:, 0], points[:, 2]) * 0.35 / pitch
        flat = np.abs(points[:, 2]) > 0.9 * np.abs(points[:, 0])
        across = np.where(flat, points[:, 0] / pitch, across)
        up = points[:, 1] / pitch
        threads = np.sin(2 * np.pi * across) * np.sin(2 * np.pi * up)
        slub = uneven[(np.floor(up).astype(int)) % 512] + uneven[(np.floor(across).astype(int)) % 512]
        return np.asarray(1 + depth * (threads + 0.16 * slub), np.float32)

    return factor


def layers(stops: Sequence[tuple[float, str]], wave: float = 0.0) -> Pattern:
    """Colours at heights, blending in between and wavering by `wave`: glazes that were dipped or ran."""
    heights = np.array([height for height, _ in stops], np.float32)
    colours = np.stack([linear(colour) for _, colour in stops])

    def factor(points: Floats) -> Floats:
        angle = np.arctan2(points[:, 0], points[:, 2])
        height = points[:, 1] - wave * (0.6 * np.sin(3 * angle + 0.7) + 0.4 * np.sin(7 * angle + 2.1))
        return np.stack([np.interp(height, heights, colours[:, k]) for k in range(3)], axis=1).astype(np.float32)

    return factor


def both(first: Pattern, second: Pattern) -> Pattern:
    def factor(points: Floats) -> Floats:
        one, two = first(points), second(points)
        if one.ndim != two.ndim:
            one, two = (one[:, None], two) if one.ndim == 1 else (one, two[:, None])
        return np.asarray(one * two, np.float32)

    return factor
