"""What the words of a caption look like: wall colours, surfaces, lights, and how each may be called.

Everything that the prompt parts of the variants offer is among them; `test_base_scenes.py` holds the two together.
"""

from dataclasses import dataclass

Rgb = tuple[float, float, float]

WALLS: dict[str, Rgb] = {
    "white": (242, 240, 237),
    "beige": (226, 209, 184),
    "grey": (150, 152, 156),
    "black": (36, 36, 40),
    "pink": (237, 190, 197),
    "blue": (116, 156, 204),
    "green": (136, 170, 134),
    "yellow": (240, 206, 108),
    "terracotta": (200, 120, 88),
    "teal": (44, 130, 130),
    "red": (184, 58, 54),
    "purple": (150, 120, 178),
    "navy": (42, 58, 98),
    "brown": (124, 90, 68),
}
WALL_NAMES: dict[str, tuple[str, ...]] = {
    "beige": ("beige", "beige", "cream"),
    "grey": ("grey", "grey", "gray"),
    "green": ("green", "green", "sage"),
    "pink": ("pink", "pink", "rose"),
    "teal": ("teal", "teal", "turquoise"),
    "terracotta": ("terracotta", "terracotta", "orange"),
}
"""Other names for a wall's colour; the app's own word stands twice, so it is the usual one."""

SURFACES: dict[str, float] = {
    "wooden": 0.26, "marble": 0.2, "plain": 0.18, "stone": 0.15, "concrete": 0.15, "fabric": 0.06,
}  # fmt: skip
"""Share of the scenes that stand on each."""

GLOSS: dict[str, float] = {"marble": 0.4, "plain": 0.26, "stone": 0.2, "wooden": 0.15}
"""How strongly a surface mirrors what stands behind and on it; a surface that is not here does not."""

WALL_STYLES: dict[str, float] = {"": 0.62, "plaster": 0.16, "tiled": 0.1, "panelled": 0.12}
PROPS: dict[str, float] = {
    "plant": 0.34, "vase": 0.22, "books": 0.18, "candle": 0.1, "fruit": 0.09, "stones": 0.07,
}  # fmt: skip
PRODUCTS: dict[str, float] = {
    "bottle": 0.22, "box": 0.17, "jar": 0.12, "mug": 0.09, "can": 0.1, "tube": 0.08, "vase": 0.05, "product": 0.17,
}  # fmt: skip


@dataclass(frozen=True)
class Light:
    """How a light tints the picture (a factor per channel), falls off along the wall, and casts shadows.

    `fall` is the share of the wall's brightness that its pool of light decides, `shadow` the depth of a cast shadow,
    `blur` the softness of its edge in pixels.
    """

    share: float
    tint: Rgb
    fall: float
    shadow: float
    blur: float


LIGHTS: dict[str, Light] = {
    "soft": Light(0.34, (1.0, 1.0, 1.0), 0.18, 0.28, 9.0),
    "warm": Light(0.25, (1.07, 1.0, 0.84), 0.3, 0.4, 5.0),
    "cool": Light(0.2, (0.88, 0.98, 1.09), 0.28, 0.38, 5.0),
    "dramatic": Light(0.21, (1.0, 1.0, 1.0), 0.6, 0.55, 3.5),
}
