from collections.abc import Callable

import cv2
import numpy as np
import pytest

from generation.contracts import Image, Mask
from generation.imaging.compositing import paste_product
from generation.imaging.contrasts import outline_contrast
from generation.imaging.outlines import is_scene_at, outline_of
from generation.tests.image_cast import product_photo, table_scene
from generation.variants import VARIANTS

LIMITS = {limit.measure: limit for limit in VARIANTS["background_enhancement"].limits}
SHAPE = (384, 512)
_PHOTO, MASK = product_photo(*SHAPE)


def cloudy(colour: tuple[int, int, int], seed: int) -> Image:
    """A surface of about one colour, with soft shade and a little grain."""
    rng = np.random.default_rng(seed)
    shade = cv2.resize(rng.normal(0, 4, (6, 8)).astype(np.float32), SHAPE[::-1], interpolation=cv2.INTER_CUBIC)
    grain = rng.normal(0, 1.5, (*SHAPE, 1))
    return np.clip(np.array(colour) + shade[..., None] + grain, 0, 255).astype(np.uint8)


def camouflage(seed: int, blob: float = 8) -> Image:
    noise = cv2.GaussianBlur(np.random.default_rng(seed).normal(0, 1, SHAPE).astype(np.float32), (0, 0), blob)
    palette = np.array([[60, 70, 40], [110, 100, 60], [40, 45, 30], [150, 140, 100]], np.uint8)
    return np.asarray(palette[np.digitize(noise, np.quantile(noise, [0.3, 0.55, 0.8]))], dtype=np.uint8)


def measured(product: Image, scene: Image) -> tuple[float, float]:
    return outline_contrast(paste_product(product, MASK, scene, 1.0), MASK, 1.0)


def broken(values: tuple[float, float]) -> set[str]:
    measures = zip(("faint_outline", "common_colours"), values, strict=True)
    return {measure for measure, value in measures if LIMITS[measure].is_broken_by(value)}


@pytest.mark.parametrize(
    ("product", "scene"),
    [((238, 238, 236), (240, 240, 238)), ((24, 24, 26), (27, 26, 26)), ((150, 130, 110), (153, 133, 112))],
    ids=["white on white", "dark on dark", "beige on beige"],
)
def test_a_product_of_its_backgrounds_colour_has_a_faint_outline(
    product: tuple[int, int, int], scene: tuple[int, int, int]
) -> None:
    assert "faint_outline" in broken(measured(cloudy(product, 1), cloudy(scene, 2)))


@pytest.mark.parametrize("blob", [4, 8, 20])
def test_a_camouflaged_product_shares_its_colours_though_its_outline_is_full_of_contrast(blob: float) -> None:
    assert broken(measured(camouflage(1, blob), camouflage(2, blob))) == {"common_colours"}


PLAIN: list[Callable[[int], tuple[float, float]]] = [
    lambda seed: measured(_PHOTO, table_scene(*SHAPE, seed=seed)),
    lambda seed: measured(cloudy((240, 240, 240), seed), cloudy((190, 175, 160), seed + 9)),
    lambda seed: measured(cloudy((40, 42, 45), seed), cloudy((95, 90, 88), seed + 9)),
    lambda seed: measured(camouflage(seed), cloudy((200, 205, 210), seed)),
]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("case", PLAIN, ids=["bottle on a table", "white on beige", "dark on grey", "pattern on plain"])
def test_a_product_that_stands_out_breaks_nothing(case: Callable[[int], tuple[float, float]], seed: int) -> None:
    assert broken(case(seed)) == set()


def test_half_an_outline_in_the_backgrounds_colour_is_half_a_share() -> None:
    product = cloudy((200, 60, 60), 1)
    product[:, : SHAPE[1] // 2] = cloudy((180, 180, 180), 2)[:, : SHAPE[1] // 2]
    faint, _common = measured(product, cloudy((181, 181, 181), 3))
    assert faint == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("value", [False, True])
def test_without_an_outline_nothing_is_indistinct(value: bool) -> None:
    assert outline_contrast(_PHOTO, np.full(SHAPE, value), 1.0) == (0, 0)


def test_the_normals_of_outlines_and_of_holes_lead_out_of_the_product() -> None:
    rows, columns = np.mgrid[:200, :240]
    away = np.hypot(rows - 100, columns - 120)
    ring: Mask = (away < 70) & (away > 25)
    outline = outline_of(ring)
    assert len(outline.points) > 300
    assert is_scene_at(ring, outline, 3).all()
    assert not is_scene_at(ring, outline, -3).any()
    np.testing.assert_allclose(np.hypot(*outline.normals.T), 1, atol=1e-5)


def test_the_border_of_the_picture_is_no_outline() -> None:
    half: Mask = np.zeros((100, 100), np.bool_)
    half[:, :50] = True
    assert set(outline_of(half).points[:, 0]) == {49.0}
