import numpy as np
import pytest

from generation.contracts import Image, Mask
from generation.imaging.compositing import compose, feather_width
from generation.imaging.defects import INJECTORS
from generation.imaging.seams import seam_energy
from generation.tests.image_cast import product_photo, table_scene


def composite(seed: int, scale: int = 3) -> tuple[Image, Mask, Image]:
    source, mask = product_photo(192 * scale, 256 * scale)
    return source, mask, compose(source, mask, table_scene(seed=seed))[1]


def skip(mask: Mask) -> float:
    height, width = mask.shape
    softened: float = 2.5 * width / 256
    return feather_width((height, width)) + softened


@pytest.mark.parametrize("seed", range(6))
def test_a_clean_composite_is_low_and_an_edge_around_the_product_is_high(seed: int) -> None:
    source, mask, full = composite(seed)
    clean = seam_energy(full, mask, skip(mask))
    rng = np.random.default_rng(seed)
    damaged = {name: INJECTORS[name](source, mask, full, rng, 0.6) for name in ("halo", "seam")}
    assert clean < 2.5
    for image in damaged.values():
        assert seam_energy(image, mask, skip(mask)) > 4.2


def test_a_busy_scene_is_no_seam() -> None:
    source, mask = product_photo(576, 768)
    rng = np.random.default_rng(1)
    busy = rng.integers(0, 256, (192, 256, 3), dtype=np.uint8)
    assert seam_energy(compose(source, mask, busy)[1], mask, skip(mask)) < 2.5


def test_a_product_that_fills_the_picture_has_no_seam() -> None:
    source, _, full = composite(1)
    assert seam_energy(full, np.ones(source.shape[:2], bool), 3.0) == 0.0
