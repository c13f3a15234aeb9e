"""Drawn scenes: the same seed gives the same bytes, the mask is exact, and every word of the caption can be seen."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from generation.engines.base_model.scenes.captions import caption, shortened
from generation.engines.base_model.scenes.facts import Facts, Prop, draw_facts
from generation.engines.base_model.scenes.products import Product
from generation.engines.base_model.scenes.props import PAINTERS
from generation.engines.base_model.scenes.scene import draw_scene, paint_scene
from generation.engines.base_model.scenes.surfaces import TEXTURES
from generation.engines.base_model.scenes.walls import EFFECTS
from generation.engines.base_model.scenes.words import (
    LIGHTS,
    PRODUCTS,
    PROPS,
    SURFACES,
    WALL_NAMES,
    WALL_STYLES,
    WALLS,
)
from generation.variants import VARIANTS


def bare(seed: int = 5) -> Facts:
    """A jar on a matt table before a plain wall, in soft light; nothing else."""
    jar = Product("jar", 90.0, 210.0, 60.0, 80.0, (200.0, 60.0, 50.0))
    return replace(
        draw_facts(seed), wall="grey", wall_style="", surface="concrete", light="soft", side=0.6, edge=170, effects=(),
        props=(), podium=0.0, product=jar,
    )  # fmt: skip


def painted(facts: Facts) -> np.ndarray:
    return paint_scene(facts).image.astype(np.float64)


def test_a_scene_can_be_drawn_again_at_any_time() -> None:
    first = draw_scene(41)
    draw_scene(42)
    again = draw_scene(41)
    assert first.image.tobytes() == again.image.tobytes()
    assert (first.mask == again.mask).all() and first.caption == again.caption
    assert first.image.shape == (256, 256, 3) and first.image.dtype == np.uint8
    assert first.mask.shape == (256, 256) and first.mask.dtype == np.bool_
    assert draw_scene(42).image.tobytes() != first.image.tobytes()


@pytest.mark.parametrize("kind", sorted(set(PRODUCTS) - {"bottle"}))  # a bottle's cap has a colour of its own
def test_the_mask_is_what_changes_with_the_products_colour(kind: str) -> None:
    product = Product(kind, 120.0, 200.0, 64.0, 76.0, (230.0, 40.0, 40.0))
    red = paint_scene(replace(bare(), product=product))
    blue = paint_scene(replace(bare(), product=replace(product, colour=(30.0, 60.0, 230.0))))
    assert (red.mask == blue.mask).all()
    changed = np.abs(red.image.astype(int) - blue.image).max(axis=2)
    assert 1500 < red.mask.sum() < 9000
    assert (changed[red.mask] > 10).all(), "all of the mask is product"
    around = cv2.dilate(red.mask.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    assert (changed[~around] == 0).all(), "beyond the soft edge of one pixel nothing is"


def test_every_phrase_that_a_prompt_offers_is_taught() -> None:
    phrases = {part for seed in range(600) for part in caption(draw_facts(seed)).split(", ")}
    said = phrases | {phrase[phrase.index(" on a ") + 1 :] for phrase in phrases if " on a " in phrase}
    for variant in VARIANTS.values():
        offered = {phrase for part in variant.prompt_parts for phrase in part.phrases.values()}
        assert offered - said == {""} & offered


def test_every_word_has_its_painter() -> None:
    assert set(PROPS) == set(PAINTERS)
    assert set(SURFACES) == set(TEXTURES)
    seen = [draw_facts(seed) for seed in range(600)]
    assert {facts.wall for facts in seen} == set(WALLS)
    assert {facts.wall_style for facts in seen} == set(WALL_STYLES)
    assert {facts.product.kind for facts in seen} == set(PRODUCTS)
    assert {word for facts in seen for word in facts.effects} == set(EFFECTS)


def test_the_measured_wall_has_the_colour_that_the_caption_says() -> None:
    tints = {word: np.array(colour) / sum(colour) for word, colour in WALLS.items()}
    brightness = {}
    for word in WALLS:
        walls = [painted(replace(bare(seed), wall=word))[:60] for seed in range(5)]
        colour = np.mean(walls, axis=(0, 1, 2))
        brightness[word] = colour.mean()
        nearest = min(tints, key=lambda other: float(np.abs(colour / colour.sum() - tints[other]).sum()))
        neutral = {"white", "grey", "black"}  # these differ in brightness alone
        assert nearest == word or {nearest, word} <= neutral, f"{word} looks {nearest}"
        words = caption(replace(bare(), wall=word)).split(", ")[1]
        assert words in {f"{name} wall" for name in WALL_NAMES.get(word, (word,))}
    assert brightness["white"] > brightness["grey"] + 40 > brightness["black"] + 80
    assert brightness["blue"] > brightness["navy"] + 30


def test_a_table_has_the_colours_of_what_it_is_made_of() -> None:
    tables = {
        kind: np.mean([painted(replace(bare(seed), surface=kind))[225:] for seed in range(4)], axis=(0, 1, 2))
        for kind in ("wooden", "marble", "stone", "concrete")
    }
    red, green, blue = tables["wooden"]
    assert red > green + 10 > blue + 25
    for kind in ("marble", "stone", "concrete"):
        assert np.ptp(tables[kind]) < 15
    assert tables["marble"].mean() > tables["concrete"].mean() + 20 > tables["stone"].mean() + 50


def test_lights_tint_and_model_the_picture() -> None:
    light = {word: painted(replace(bare(), light=word)) for word in LIGHTS}
    warmth = {word: (picture[..., 0] - picture[..., 2]).mean() for word, picture in light.items()}
    assert warmth["warm"] > warmth["soft"] + 10 > warmth["cool"] + 20
    depth = {word: picture[:60].mean(axis=2).std() for word, picture in light.items()}
    assert depth["dramatic"] > 2 * depth["soft"]


@pytest.mark.parametrize("kind", sorted(PROPS))
def test_a_prop_that_is_named_stands_in_the_picture(kind: str) -> None:
    without = bare()
    with_prop = replace(without, props=(Prop(kind, 190.0, 190.0, 1.0),))
    assert kind in caption(with_prop).split(", ") and kind not in caption(without).split(", ")
    changed = np.abs(painted(with_prop) - painted(without)).max(axis=2) > 12
    assert changed[:, 130:].sum() > 300
    assert changed[:, 130:].sum() > 0.9 * changed.sum()


@pytest.mark.parametrize("word", sorted(EFFECTS))
def test_an_effect_that_is_named_lies_on_the_wall(word: str) -> None:
    without = bare()
    with_effect = replace(without, effects=(word,))
    assert word in caption(with_effect) and word not in caption(without)
    assert (np.abs(painted(with_effect) - painted(without)).max(axis=2)[:170] > 8).sum() > 800


def test_a_podium_lifts_the_product_and_paper_has_no_edge() -> None:
    raised = replace(bare(), podium=24.0)
    assert "podium" in caption(raised) and "podium" not in caption(bare())
    assert (np.abs(painted(raised) - painted(bare())).max(axis=2)[212:] > 10).sum() > 500
    paper = replace(bare(), surface="", wall="blue")
    assert caption(paper) == "a jar on a seamless floor, blue backdrop, soft light"
    steps = {
        name: np.abs(np.diff(painted(facts)[140:200, 200:250].mean(axis=(1, 2)))).max()
        for name, facts in (("paper", paper), ("table", replace(paper, surface="concrete")))
    }
    assert steps["paper"] < 4 < steps["table"]


def test_a_shortened_caption_keeps_what_it_shows() -> None:
    text = "a mug on a wooden table, teal wall, plant, soft light"
    random = np.random.default_rng(0)
    others = {shortened(text, random) for _ in range(60)}
    assert len(others) > 10
    for other in others:
        assert other.startswith("a mug on a wooden table")
        assert set(other.split(", ")) <= set(text.split(", "))
