import numpy as np

from generation.imaging.encoding import decode, encode_webp
from generation.imaging.hashing import BITS, hamming, perceptual_hash, scene_hash
from generation.tests.image_cast import product_photo, table_scene


def test_hashes_fit_sixty_four_bits_and_repeat() -> None:
    for seed in range(20):
        first = perceptual_hash(table_scene(seed=seed))
        assert 0 <= first < 2**BITS
        assert first == perceptual_hash(table_scene(seed=seed))


def test_the_same_picture_in_other_clothes_is_near_and_another_is_far() -> None:
    scenes = [table_scene(seed=seed) for seed in range(12)]
    for scene in scenes:
        lighter = np.clip(scene * 1.05 + 4, 0, 255).astype(np.uint8)
        for copy in (decode(encode_webp(scene, 60)), scene[::2, ::2], lighter):
            assert hamming(perceptual_hash(scene), perceptual_hash(copy)) <= 6
    far = [hamming(perceptual_hash(a), perceptual_hash(b)) for a in scenes for b in scenes if a is not b]
    assert np.median(far) > 14


def test_the_scene_hash_does_not_see_the_product() -> None:
    source, mask = product_photo()
    scene = table_scene(seed=3)
    with_product, inverted = scene.copy(), scene.copy()
    with_product[mask] = source[mask]
    inverted[mask] = 255 - source[mask]
    assert scene_hash(with_product, mask) == scene_hash(inverted, mask)
    assert scene_hash(with_product, mask) != scene_hash(with_product[::-1], mask[::-1])


def test_a_full_mask_hashes_too() -> None:
    scene = table_scene()
    assert scene_hash(scene, np.ones(scene.shape[:2], bool)) >= 0


def test_hamming_counts_bits() -> None:
    assert hamming(0, 2**64 - 1) == 64
    assert hamming(0b1010, 0b0110) == 2
