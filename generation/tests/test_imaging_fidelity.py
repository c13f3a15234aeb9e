import cv2
import numpy as np
import pytest
from skimage.metrics import structural_similarity

from generation.imaging.fidelity import changed_bytes, difference_map, raw_fidelity, similarity_map
from generation.tests.image_cast import product_photo


def test_the_similarity_map_is_scikit_images() -> None:
    source, _ = product_photo()
    noisy = np.clip(source + np.random.default_rng(1).normal(0, 25, source.shape), 0, 255).astype(np.uint8)
    grey = [cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) for image in (source, noisy)]
    _, expected = structural_similarity(  # type: ignore[no-untyped-call]
        *grey, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255, full=True
    )
    assert np.abs(similarity_map(source, noisy) - expected).max() < 2e-3


def test_the_same_product_is_perfect_and_a_changed_scene_does_not_count() -> None:
    source, mask = product_photo()
    raw = source.copy()
    raw[~mask] = 0
    wide = cv2.dilate(mask.astype(np.uint8), np.ones((15, 15), np.uint8)) > 0
    raw[wide] = source[wide]
    assert raw_fidelity(source, mask, raw) == pytest.approx((0.0, 0.0, 1.0), abs=1e-4)


def test_more_damage_measures_worse() -> None:
    source, mask = product_photo()
    blurred = [np.asarray(cv2.GaussianBlur(source, (0, 0), sigma), dtype=np.uint8) for sigma in (1.0, 2.0, 4.0)]
    means, highs, similarities = zip(*(raw_fidelity(source, mask, raw) for raw in blurred), strict=True)
    assert list(means) == sorted(means)
    assert list(similarities) == sorted(similarities, reverse=True)
    assert all(high > mean for high, mean in zip(highs, means, strict=True))


def test_one_changed_byte_is_counted_and_the_scene_is_not() -> None:
    source, mask = product_photo()
    full = source.copy()
    full[~mask] = 3
    assert changed_bytes(source, mask, full) == 0
    row, column = np.argwhere(mask)[100]
    full[row, column, 2] ^= 1
    assert changed_bytes(source, mask, full) == 1


def test_a_picture_of_another_size_has_changed_every_byte() -> None:
    source, mask = product_photo()
    assert changed_bytes(source, mask, source[1:]) == int(mask.sum()) * 3


def test_an_empty_mask_has_no_fidelity() -> None:
    source, mask = product_photo()
    with pytest.raises(ValueError, match="empty mask"):
        raw_fidelity(source, np.zeros_like(mask), source)


def test_the_difference_map_lights_up_where_the_model_changed_the_product() -> None:
    source, mask = product_photo()
    raw = source.copy()
    left = mask.copy()
    left[:, mask.shape[1] // 2 :] = False
    raw[left] = 255 - raw[left]
    painted = difference_map(source, mask, raw).astype(int).sum(axis=-1)
    assert painted[left].mean() > 300
    assert painted[mask & ~left].max() < 30
    assert painted[~mask].max() < 256
