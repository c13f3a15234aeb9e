"""A product is drawn the same way every time, with an exact mask and a place in the frame that suits the models."""

import numpy as np
import pytest

from generation.imaging.scenes.catalogue import PRODUCTS
from generation.imaging.scenes.photograph import Product, draw

SIZE = 160
by_key = pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.key)


@by_key
def test_product_stands_whole_and_centred_in_the_frame(product: Product) -> None:
    mask = draw(product, SIZE, supersampling=1).mask
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    assert 0.05 < mask.mean() < 0.6
    assert 0.35 <= (rows[-1] + 1 - rows[0]) / SIZE <= 0.6
    assert 0.68 <= (rows[-1] + 1) / SIZE <= 0.82
    assert abs((columns[0] + columns[-1] + 1) / 2 / SIZE - 0.5) <= 0.08


@by_key
def test_background_is_dull_and_product_differs_from_it(product: Product) -> None:
    photograph = draw(product, SIZE, supersampling=1)
    away = photograph.image[: SIZE // 8].astype(np.float64)
    assert away.std(axis=(0, 1)).max() < 8
    assert np.ptp(away.mean(axis=(0, 1))) < 8
    inside = photograph.image[photograph.mask].astype(np.float64)
    assert np.abs(inside - away.mean(axis=(0, 1))).max(axis=1).mean() > 12


def test_same_product_gives_the_same_pixels() -> None:
    product = PRODUCTS[0]
    first, second = draw(product, SIZE), draw(product, SIZE)
    assert np.array_equal(first.image, second.image)
    assert np.array_equal(first.mask, second.mask)


def test_shadow_lies_on_the_floor_and_outside_the_mask() -> None:
    product = next(product for product in PRODUCTS if product.key == "cream-jar")
    photograph = draw(product, SIZE, supersampling=1)
    grey = photograph.image.mean(axis=2)
    bottom = int(np.flatnonzero(photograph.mask.any(axis=1))[-1])
    assert not photograph.mask[bottom + 1 :].any()
    assert grey[bottom + 2, SIZE // 2] < grey[-2, SIZE // 2] - 15


def test_supersampling_keeps_the_outline() -> None:
    product = next(product for product in PRODUCTS if product.key == "mug")
    coarse, fine = draw(product, SIZE, supersampling=1).mask, draw(product, SIZE, supersampling=3).mask
    assert (coarse & fine).sum() / (coarse | fine).sum() > 0.97
