"""Printed art for labels, tins and cartons, drawn with Pillow. Sizes are millimetres. Brands are invented."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = {
    "sans": "jost/files/jost-latin-500-normal.woff",
    "light": "jost/files/jost-latin-400-normal.woff",
    "bold": "jost/files/jost-latin-700-normal.woff",
    "serif": "playfair-display/files/playfair-display-latin-600-normal.woff",
    "italic": "cormorant-garamond/files/cormorant-garamond-latin-600-italic.woff",
    "fat": "abril-fatface/files/abril-fatface-latin-400-normal.woff",
    "mono": "dm-mono/files/dm-mono-latin-500-normal.woff",
}
ACROSS = 1600  # dots over the width of a label


class Label:
    """One piece of art; `paper` None is transparent. The origin is the upper left corner."""

    fonts = Path()
    out = Path()

    def __init__(self, width: float, height: float, paper: str | None, ink: str = "#2a2623") -> None:
        self.width, self.height, self.ink = width, height, ink
        self.dots = ACROSS / width  # a millimetre
        size = (round(width * self.dots), round(height * self.dots))
        # Under transparent dots lies the ink's own colour, so that filtering shows no fringe.
        self.picture = Image.new("RGBA", size, paper or f"{ink}00")
        self.pen = ImageDraw.Draw(self.picture)

    def text(
        self, words: str, y: float, size: float, font: str = "sans", *, track: float = 0.0, ink: str = "", x: float = -1
    ) -> "Label":
        """Set one line with its middle at (x, y), by default in the middle; `track` widens it, in parts of its size."""
        face = ImageFont.truetype(str(self.fonts / FONTS[font]), round(size * self.dots))
        gap = track * size * self.dots
        advance = [face.getlength(letter) + gap for letter in words]
        left = (self.width / 2 if x < 0 else x) * self.dots - (sum(advance) - gap) / 2
        for letter, step in zip(words, advance, strict=True):
            self.pen.text((left, y * self.dots), letter, font=face, fill=ink or self.ink, anchor="lm")
            left += step
        return self

    def rule(self, y: float, width: float, thick: float = 0.25, ink: str = "") -> "Label":
        """Draw a level line in the middle."""
        return self.block(((self.width - width) / 2, y - thick / 2, (self.width + width) / 2, y + thick / 2), ink)

    def block(self, sides: tuple[float, float, float, float], ink: str = "") -> "Label":
        """Fill a rectangle (left, top, right, bottom)."""
        self.pen.rectangle(self._dots(sides), fill=ink or self.ink)
        return self

    def frame(self, inset: float, thick: float = 0.3, ink: str = "") -> "Label":
        """Draw a frame."""
        sides = (inset, inset, self.width - inset, self.height - inset)
        self.pen.rectangle(self._dots(sides), outline=ink or self.ink, width=round(thick * self.dots))
        return self

    def disc(self, x: float, y: float, radius: float, ink: str = "", ring: float = 0.0) -> "Label":
        """Fill a circle, or draw a ring of some thickness."""
        sides = self._dots((x - radius, y - radius, x + radius, y + radius))
        if ring:
            self.pen.ellipse(sides, outline=ink or self.ink, width=round(ring * self.dots))
        else:
            self.pen.ellipse(sides, fill=ink or self.ink)
        return self

    def shape(self, points: list[tuple[float, float]], ink: str = "") -> "Label":
        """Fill a polygon."""
        self.pen.polygon([(x * self.dots, y * self.dots) for x, y in points], fill=ink or self.ink)
        return self

    def leaf(self, x: float, y: float, length: float, lean: float = 0.0, ink: str = "") -> "Label":
        """Fill a leaf that stands on (x, y) and leans sideways by `lean` of its length."""
        along = [step / 12 for step in range(13)]
        width = [length * 0.24 * (1 - (2 * t - 1) ** 2) for t in along]
        middle = [(x + lean * length * t * t, y - length * t) for t in along]
        right = [(mx + w, my) for (mx, my), w in zip(middle, width, strict=True)]
        left = [(mx - w, my) for (mx, my), w in zip(middle, width, strict=True)]
        return self.shape([*right, *left[::-1]], ink)

    def save(self, name: str) -> Path:
        """Write the art where the materials find it."""
        path = self.out / f"{name}.png"
        self.picture.save(path)
        return path

    def _dots(self, sides: tuple[float, float, float, float]) -> tuple[float, ...]:
        return tuple(side * self.dots for side in sides)
