"""Candidates made elsewhere come in any size: each goes through the real guards, within bounds."""

import tracemalloc
from dataclasses import replace

import cv2
import numpy as np
import pytest

from accounts.tests.factories import Cast
from generation.contracts import Guard, GuardSubject, Image, Mask
from generation.engines.guards.seam import Seam
from generation.engines.loading import load_guard
from generation.imaging.compositing import compose, feather_width
from generation.imaging.encoding import encode_mask, encode_png
from generation.imaging.seams import seam_energy
from generation.models import GenerationRequest, ProductRevision
from generation.services.derivatives import load_image
from generation.services.products import create_product
from generation.services.screening import MEASURED_SIDE, screen_candidates
from generation.tests.adopting import adopt, sent
from generation.tests.image_cast import product_photo, subject_for, table_scene
from generation.tests.painting import mask_of

HEIGHT, WIDTH = 900, 1350


def large_photo(height: int = HEIGHT, width: int = WIDTH) -> tuple[Image, Mask]:
    photo, mask = product_photo(height // 4, width // 4)
    large = cv2.resize(photo, (width, height), interpolation=cv2.INTER_CUBIC)
    drawn = cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(large, np.uint8), drawn.astype(bool)


def scene_of(seed: int, height: int, width: int) -> Image:
    """A scene with the product in it, as sharp as its size."""
    photo, mask = large_photo()
    scene = np.asarray(cv2.resize(table_scene(225, 338, seed), (width, height), interpolation=cv2.INTER_CUBIC))
    product = cv2.resize(photo, (width, height), interpolation=cv2.INTER_AREA)
    inside = cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST).astype(bool)
    scene[inside] = product[inside]
    return scene.astype(np.uint8)


@pytest.fixture
def revision(cast: Cast) -> ProductRevision:
    photo, mask = large_photo()
    product = create_product(
        cast.team, cast.operator, title="Bottle", category="bottle", external_id="", photo_type=None, mask_type=None,
        photo_bytes=encode_png(photo), mask_bytes=encode_mask(mask),
    )  # fmt: skip
    return product.revisions.get()


def screened(cast: Cast, revision: ProductRevision, *sizes: tuple[int, int]) -> GenerationRequest:
    images = [sent(scene_of(seed, *size)) for seed, size in enumerate(sizes)]
    request, _ = adopt(cast.operator, revision, images=images)
    assert screen_candidates(request, load_guard)
    request.refresh_from_db()
    return request


@pytest.mark.parametrize(
    "size",
    [(171, 256), (344, 512), (683, 1024), (681, 1023), (901, 1351), (HEIGHT, WIDTH), (1800, 2700)],
    ids=lambda size: f"{size[1]}x{size[0]}",
)
def test_an_honest_scene_of_any_size_is_cleared(cast: Cast, revision: ProductRevision, size: tuple[int, int]) -> None:
    request = screened(cast, revision, size)
    candidate = request.candidates.get()
    measures = dict(candidate.findings.values_list("measure", "value"))
    assert (request.state, candidate.state) == ("scoring", "cleared"), measures
    assert measures["changed_bytes"] == 0
    assert measures["raw_de2000_mean"] < 3
    assert measures["raw_ssim"] > 0.9
    assert candidate.composed is not None
    composed, source, mask = load_image(candidate.composed), load_image(revision.photo), mask_of(revision)
    assert composed.shape == source.shape
    np.testing.assert_array_equal(composed[mask], source[mask])


def test_one_scene_in_two_sizes_is_a_duplicate(cast: Cast, revision: ProductRevision) -> None:
    images = [sent(scene_of(0, 600, 900)), sent(scene_of(0, HEIGHT, WIDTH))]
    request, _ = adopt(cast.operator, revision, images=images)
    screen_candidates(request, load_guard)
    assert list(request.candidates.values_list("state", flat=True)) == ["cleared", "blocked"]


class Looking:
    """Keeps what a guard is shown."""

    def __init__(self) -> None:
        self.seen: list[GuardSubject] = []

    def load(self, key: str) -> Guard:
        return self if key == "seam" else load_guard(key)

    def measure(self, subject: GuardSubject) -> dict[str, float]:
        self.seen.append(subject)
        return dict(load_guard("seam").measure(subject))


def test_guards_look_at_a_bounded_size_and_know_the_painted_one(cast: Cast, revision: ProductRevision) -> None:
    looking = Looking()
    request, _ = adopt(cast.operator, revision, images=[sent(scene_of(0, HEIGHT, WIDTH))])
    screen_candidates(request, looking.load)
    (subject,) = looking.seen
    shapes = {view.shape[:2] for view in (subject.raw, subject.composed, subject.small_source, subject.small_mask)}
    assert shapes == {(round(HEIGHT * MEASURED_SIDE / WIDTH), MEASURED_SIDE)}
    assert subject.painted == (HEIGHT, WIDTH)


def test_the_seam_guard_goes_by_the_size_that_was_painted() -> None:
    subject = subject_for(table_scene(96, 128, 3))
    shape = (subject.mask.shape[0], subject.mask.shape[1])
    for painted, scale in ((None, 2), ((96, 128), 2), (shape, 1)):
        expected = seam_energy(subject.full, subject.mask, feather_width(shape) + 2.5 * scale)
        assert Seam().measure(replace(subject, painted=painted)) == {"seam_energy": expected}


def test_pasting_into_a_scene_as_large_as_the_photo_takes_a_few_copies_of_it() -> None:
    photo, mask = large_photo(2000, 3000)
    mask[:] = False
    mask[900:1100, 1400:1600] = True
    scene = np.full_like(photo, 180)
    tracemalloc.start()
    small, full = compose(photo, mask, scene)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert small.shape == full.shape == photo.shape
    assert peak < 6 * photo.nbytes
