import numpy as np
from skimage.color import deltaE_ciede2000, rgb2lab

from generation.imaging.colour import ciede2000, srgb_to_lab

# A selection of the pairs of Sharma, Wu and Dalal (2005), table 1, chosen by them to break hasty implementations.
PUBLISHED = np.array(
    [
        [50.0, 2.6772, -79.7751, 50.0, 0.0, -82.7485, 2.0425],
        [50.0, 3.1571, -77.2803, 50.0, 0.0, -82.7485, 2.8615],
        [50.0, 2.8361, -74.0200, 50.0, 0.0, -82.7485, 3.4412],
        [50.0, -1.3802, -84.2814, 50.0, 0.0, -82.7485, 1.0000],
        [50.0, -1.1848, -84.8006, 50.0, 0.0, -82.7485, 1.0000],
        [50.0, 0.0, 0.0, 50.0, -1.0, 2.0, 2.3669],
        [50.0, 2.4900, -0.0010, 50.0, -2.4900, 0.0009, 7.1792],
        [50.0, 2.4900, -0.0010, 50.0, -2.4900, 0.0011, 7.2195],
        [50.0, -0.0010, 2.4900, 50.0, 0.0009, -2.4900, 4.8045],
        [50.0, -0.0010, 2.4900, 50.0, 0.0011, -2.4900, 4.7461],
        [50.0, 2.5, 0.0, 50.0, 0.0, -2.5, 4.3065],
        [50.0, 2.5, 0.0, 73.0, 25.0, -18.0, 27.1492],
        [50.0, 2.5, 0.0, 61.0, -5.0, 29.0, 22.8977],
        [50.0, 2.5, 0.0, 56.0, -27.0, -3.0, 31.9030],
        [50.0, 2.5, 0.0, 58.0, 24.0, 15.0, 19.4535],
        [60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644],
        [63.0109, -31.0961, -5.8663, 62.8187, -29.7946, -4.0864, 1.2630],
        [22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373],
        [90.8027, -2.0831, 1.4410, 91.1528, -1.6435, 0.0447, 1.4441],
        [2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082],
    ]
)


def test_the_published_pairs_come_out() -> None:
    got = ciede2000(PUBLISHED[:, :3], PUBLISHED[:, 3:6])
    assert np.allclose(got, PUBLISHED[:, 6], atol=1e-4)


def test_random_colours_agree_with_scikit_image_and_the_order_does_not_matter() -> None:
    rng = np.random.default_rng(1)
    first, second = (rng.uniform((0, -110, -110), (100, 110, 110), (50_000, 3)) for _ in range(2))
    got = ciede2000(first, second)
    expected = deltaE_ciede2000(first, second)  # type: ignore[no-untyped-call]
    assert np.allclose(got, expected, atol=1e-4)
    assert np.allclose(got, ciede2000(second, first), atol=1e-4)
    assert not ciede2000(first, first).any()


def test_single_precision_is_precise_enough() -> None:
    rng = np.random.default_rng(2)
    first, second = rng.integers(0, 256, (2, 20_000, 3), dtype=np.uint8)
    exact = deltaE_ciede2000(rgb2lab(first), rgb2lab(second))  # type: ignore[no-untyped-call]
    assert np.abs(ciede2000(srgb_to_lab(first), srgb_to_lab(second)) - exact).max() < 0.02


def test_every_byte_triple_on_a_grid_becomes_the_right_lab() -> None:
    steps = np.arange(0, 256, 15, dtype=np.uint8)
    grid = np.stack(np.meshgrid(steps, steps, steps), axis=-1)
    assert np.abs(srgb_to_lab(grid) - rgb2lab(grid)).max() < 0.02
