"""Printed matter: flat artwork drawn with simple type, to be wrapped around a solid as a decal.

The letters are OpenCV's own built-in outline fonts, so that no font of the machine can change a drawing.
"""

from collections.abc import Sequence
from typing import Literal, Self

import cv2
import numpy as np

from generation.imaging.scenes.fields import Floats

PIXELS_PER_UNIT = 1400
FINE = 3
SUBPIXEL_BITS = 4
Typeface = Literal["sans", "italic"]
Spot = tuple[float, float]


def linear(colour: str) -> Floats:
    """#rrggbb to linear light in 0..1."""
    encoded = np.array([int(colour[index : index + 2], 16) for index in (1, 3, 5)], np.float32) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4).astype(np.float32)


class Artwork:
    """A label of `width` x `height` studio units.

    Positions are fractions of the label from its upper left corner; sizes are fractions of its height. Without a
    ground colour only what is printed covers the solid below.
    """

    def __init__(self, width: float, height: float, ground: str | None = None) -> None:
        self.width, self.height = width, height
        self.rows, self.columns = round(height * PIXELS_PER_UNIT), round(width * PIXELS_PER_UNIT)
        self.rgb = np.zeros((self.rows, self.columns, 3), np.float32)
        self.alpha = np.zeros((self.rows, self.columns), np.float32)
        if ground is not None:
            self.rgb[:] = linear(ground)
            self.alpha[:] = 1

    def ink(self, cover: Floats, colour: str) -> Self:
        """Print `colour` where `cover` (the label's pixels, 0..1) says so."""
        self.rgb += (linear(colour) - self.rgb) * cover[..., None]
        bare = (self.alpha <= 0) & (cover > 0)
        self.rgb[bare] = linear(colour)
        self.alpha = np.maximum(self.alpha, cover)
        return self

    def text(
        self,
        words: str,
        at: Spot,
        size: float,
        colour: str,
        *,
        weight: int = 400,
        spacing: float = 0.0,
        face: Typeface = "sans",
    ) -> Self:
        """A line of type centred on `at`; `spacing` between letters in multiples of the size."""
        pixels = max(10, round(size * self.rows * FINE))
        line = set_line(words, pixels, weight, round(spacing * pixels), face)
        high, wide = line.shape[0] // FINE, line.shape[1] // FINE
        line = cv2.resize(line, (wide, high), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        left, top = round(at[0] * self.columns - wide / 2), round(at[1] * self.rows - high / 2)
        cover = np.zeros_like(self.alpha)
        x0, x1, y0, y1 = max(left, 0), min(left + wide, self.columns), max(top, 0), min(top + high, self.rows)
        cover[y0:y1, x0:x1] = line[y0 - top : y1 - top, x0 - left : x1 - left]
        return self.ink(cover, colour)

    def pixels(self, spots: Sequence[Spot]) -> list[tuple[int, int]]:
        scale = 1 << SUBPIXEL_BITS
        return [(round(x * self.columns * scale), round(y * self.rows * scale)) for x, y in spots]

    def polygon(self, spots: Sequence[Spot], colour: str) -> Self:
        cover = np.zeros((self.rows, self.columns), np.uint8)
        corners = np.array(self.pixels(spots), np.int32)
        cv2.fillPoly(cover, [corners], (255,), cv2.LINE_AA, SUBPIXEL_BITS)
        return self.ink(np.asarray(cover / 255, np.float32), colour)

    def band(self, top: float, bottom: float, colour: str, *, left: float = 0.0, right: float = 1.0) -> Self:
        return self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], colour)

    def disc(self, at: Spot, radius: float, colour: str, *, stretch: float = 1.0, degrees: float = 0.0) -> Self:
        """An ellipse; `stretch` is its height over its width."""
        cover = np.zeros((self.rows, self.columns), np.uint8)
        reach = radius * self.rows * (1 << SUBPIXEL_BITS)
        axes = max(1, round(reach)), max(1, round(reach * stretch))
        cv2.ellipse(cover, self.pixels([at])[0], axes, degrees, 0, 360, (255,), cv2.FILLED, cv2.LINE_AA, SUBPIXEL_BITS)
        return self.ink(np.asarray(cover / 255, np.float32), colour)

    def stroke(self, spots: Sequence[Spot], width: float, colour: str, *, closed: bool = False) -> Self:
        cover = np.zeros((self.rows, self.columns), np.uint8)
        line = [np.array(self.pixels(spots), np.int32)]
        thickness = max(1, round(width * self.rows))
        cv2.polylines(cover, line, closed, (255,), thickness, cv2.LINE_AA, SUBPIXEL_BITS)
        return self.ink(np.asarray(cover / 255, np.float32), colour)

    def frame(self, inset: float, width: float, colour: str) -> Self:
        """A rectangle `inset` from every edge (in heights of the label)."""
        x = inset * self.rows / self.columns
        corners = [(x, inset), (1 - x, inset), (1 - x, 1 - inset), (x, 1 - inset)]
        return self.stroke(corners, width, colour, closed=True)

    def ring(self, at: Spot, radius: float, width: float, colour: str) -> Self:
        turns = np.linspace(0, 2 * np.pi, 72, endpoint=False)
        aspect = self.rows / self.columns
        spots = [(at[0] + radius * aspect * float(np.cos(t)), at[1] + radius * float(np.sin(t))) for t in turns]
        return self.stroke(spots, width, colour, closed=True)

    def leaf(self, root: Spot, tip: Spot, breadth: float, colour: str) -> Self:
        """A leaf from root to tip; `breadth` over its length."""
        aspect = self.columns / self.rows
        start, end = np.array([root[0] * aspect, root[1]]), np.array([tip[0] * aspect, tip[1]])
        along = end - start
        across = np.array([-along[1], along[0]]) * breadth / 2
        places = np.linspace(0, 1, 24)
        swell = np.sin(np.pi * places**0.85)
        one = [start + along * t + across * s for t, s in zip(places, swell, strict=True)]
        two = [start + along * t - across * s for t, s in zip(places, swell, strict=True)]
        return self.polygon([(float(x) / aspect, float(y)) for x, y in [*one, *two[::-1]]], colour)


def set_line(words: str, pixels: int, weight: int, spacing: int, face: Typeface) -> cv2.typing.MatLike:
    """Letters set one after the other, trimmed at the sides: one size of room above and below the baseline."""
    font = cv2.FontFace(face)
    canvas = np.zeros((2 * pixels, (pixels + abs(spacing)) * (len(words) + 2)), np.uint8)
    pen, baseline = pixels, round(1.36 * pixels)
    for letter in words:
        (reached, _), _ = cv2.putText(canvas, letter, (pen, baseline), (255,), font, pixels, weight)
        pen = reached + spacing
    used = np.flatnonzero(canvas.any(axis=0))
    return canvas[:, used[0] : used[-1] + 1]
