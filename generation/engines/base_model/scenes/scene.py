"""One drawn scene: picture, exact mask and caption, from a seed alone."""

from dataclasses import dataclass

import cv2
import numpy as np

from generation.contracts import Image, Mask
from generation.engines.base_model.scenes.canvas import COLUMNS, ROWS, SIDE, Floats, cast_shadow, develop, soften, vary
from generation.engines.base_model.scenes.captions import caption
from generation.engines.base_model.scenes.facts import Facts, draw_facts
from generation.engines.base_model.scenes.products import paint_product
from generation.engines.base_model.scenes.props import Place, paint_prop
from generation.engines.base_model.scenes.solids import Layer, turned
from generation.engines.base_model.scenes.surfaces import paint_backdrop, paint_surface
from generation.engines.base_model.scenes.walls import EFFECTS, light_wall, paint_wall
from generation.engines.base_model.scenes.words import GLOSS, LIGHTS, WALLS


@dataclass(frozen=True)
class Scene:
    """256 x 256; `mask` is True where the product covers more than half of a pixel."""

    image: Image
    mask: Mask
    caption: str


def draw_scene(seed: int) -> Scene:
    """Draw the scene of a seed; the same seed gives the same bytes."""
    return paint_scene(draw_facts(seed))


def paint_scene(facts: Facts) -> Scene:
    """Paint a scene from its facts, from the wall forward to the product."""
    light, product = LIGHTS[facts.light], facts.product
    wall = vary(facts.random("wall colour"), WALLS[facts.wall], 6)
    picture = _paint_room(facts, wall)
    for number, prop in enumerate(facts.props):
        place = Place(prop.x, prop.base, prop.scale, facts.side, light.shadow)
        paint_prop(picture, facts.random(f"prop {number}"), prop.kind, place)
    if facts.podium:
        _paint_podium(picture, facts, wall)
    layer = paint_product(facts.random("product"), product, facts.side)
    if not facts.podium:
        _mirror(picture, layer, facts)
    cast_shadow(
        picture, product.x, product.base, product.width, product.height, facts.side, light.shadow, light.blur
    )  # fmt: skip
    layer.lay_on(picture)
    picture *= np.array(light.tint, np.float32)
    if facts.light == "dramatic":
        distance = (COLUMNS / SIDE - 0.5 - 0.15 * facts.side) ** 2 + (ROWS / SIDE - 0.5) ** 2
        picture *= (1.12 - 0.95 * distance)[..., None]
    return Scene(develop(picture), layer.coverage > 0.5, caption(facts))


def _paint_room(facts: Facts, wall: Floats) -> Floats:
    """Return wall and floor, lit."""
    random = facts.random("room")
    picture = paint_wall(facts.random("wall"), wall, facts.wall_style, facts.edge)
    light_wall(picture, random, facts.side, LIGHTS[facts.light].fall)
    for word in facts.effects:
        EFFECTS[word](picture, facts.random(word), facts.edge, facts.side)
    if not facts.surface:
        paint_backdrop(picture, facts.edge)
        return picture
    if random.random() < 0.5:
        picture = soften(picture, random.uniform(0.8, 3))  # the wall is out of focus
    colour = np.array(facts.surface_colour, np.float32) * (0.85 if facts.light == "dramatic" else 1)
    paint_surface(picture, facts.random("surface"), facts.surface, colour, facts.edge, facts.side)
    return picture


def _paint_podium(picture: Floats, facts: Facts, wall: Floats) -> None:
    """Raise the product on a low drum, in the colour of the wall or of the table."""
    random, product = facts.random("podium"), facts.product
    width, top = product.width * random.uniform(1.35, 2.1), product.base - 0.02 * product.width
    height = min(facts.podium, SIDE - product.base - 8)
    light = LIGHTS[facts.light]
    cast_shadow(picture, product.x, top + height, 1.02 * width, 2 * height, facts.side, light.shadow, light.blur)
    paint = wall if random.random() < 0.6 else np.array(facts.surface_colour, np.float32)
    drum = turned(product.x, top, top + height, (width, width), np.clip(paint, 30, 248), facts.side, tilt=0.24)
    drum.lay_on(picture)


def _mirror(picture: Floats, layer: Layer, facts: Facts) -> None:
    """Show the product upside down in a polished table, fainter the further down."""
    gloss = 0.75 * GLOSS.get(facts.surface, 0.0)
    if not gloss:
        return
    base = facts.product.base
    turn = np.array([[1, 0, 0], [0, -1, 2 * base + 0.1 * facts.product.width]], np.float32)
    colours, coverage = (
        np.asarray(cv2.warpAffine(part, turn, (SIDE, SIDE)), np.float32) for part in (layer.colours, layer.coverage)
    )
    fading = np.exp(-np.maximum(ROWS - base, 0) / 34) * (base < ROWS)
    below = Layer(soften(colours, 1.2), soften(coverage * gloss * fading, 1.5))
    below.lay_on(picture)
