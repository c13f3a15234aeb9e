"""Where a guard says that something is: there, few boxes, and never nowhere if it can tell."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from generation.contracts import Guard, GuardSubject, Image, LocatingGuard, Region
from generation.engines.loading import load_guard
from generation.imaging.compositing import paste_product
from generation.imaging.defects import INJECTORS
from generation.imaging.regions import MOST
from generation.registries import GUARDS
from generation.tests.image_cast import product_photo, subject_for, table_scene
from generation.tests.test_guard_text import CORNER, written
from generation.tests.test_imaging_contrasts import MASK, camouflage, cloudy
from generation.tests.test_imaging_fringes import rimmed
from generation.variants import VARIANTS

LIMITS = {limit.measure: limit for limit in VARIANTS["background_enhancement"].limits}
PRODUCT = Region(0.29, 0.19, 0.42, 0.72)
"""The bottle of image_cast, with what the guards look at around it."""


def repainted() -> GuardSubject:
    """The model drew green over a corner of the bottle and was true to it elsewhere."""
    subject = subject_for(table_scene(seed=1))
    raw = subject.small_source.copy()
    raw[100:115, 120:140] = (20, 250, 20)
    return replace(subject, raw=raw)


def damaged(name: str) -> GuardSubject:
    subject = subject_for(table_scene(seed=2))
    full = INJECTORS[name](subject.source, subject.mask, subject.full, np.random.default_rng(1), 0.8)
    return replace(subject, full=full)


def hidden(product: Image, scene: Image) -> GuardSubject:
    subject = subject_for(table_scene(seed=1))
    return replace(subject, full=paste_product(product, MASK, scene, 1.0))


def lettered() -> GuardSubject:
    subject = subject_for(table_scene(seed=1))
    return replace(subject, composed=written(subject.composed, CORNER, 16, 150))


def one_byte() -> GuardSubject:
    subject = subject_for(table_scene(seed=1))
    full = subject.full.copy()
    full[210, 256] += 1
    return replace(subject, full=full)


BROKEN: dict[str, tuple[str, Callable[[], GuardSubject], Region]] = {
    "raw_de2000_mean": ("raw-fidelity", lambda: subject_for(table_scene(seed=1)), PRODUCT),
    "raw_de2000_p99": ("raw-fidelity", repainted, Region(0.45, 0.5, 0.12, 0.12)),
    "raw_ssim": ("raw-fidelity", lambda: subject_for(table_scene(seed=1)), PRODUCT),
    "changed_bytes": ("paste-back", one_byte, Region(0.48, 0.53, 0.04, 0.04)),
    "seam_energy": ("seam", lambda: damaged("halo"), PRODUCT),
    "fringe_contrast": ("halo", lambda: rimmed(subject_for(table_scene(seed=1)), (30, 60, 220), 6, 0.9), PRODUCT),
    "new_text_area": ("text", lettered, Region(0, 0, 0.5, 0.2)),
    "faint_outline": ("indistinct", lambda: hidden(cloudy((24, 24, 26), 1), cloudy((27, 26, 26), 2)), PRODUCT),
    "common_colours": ("indistinct", lambda: hidden(camouflage(1), camouflage(2)), PRODUCT),
}


def is_within(box: Region, frame: Region) -> bool:
    return (
        box.x >= frame.x and box.y >= frame.y
        and box.x + box.width <= frame.x + frame.width + 1e-9
        and box.y + box.height <= frame.y + frame.height + 1e-9
    )  # fmt: skip


def locating(key: str) -> tuple[Guard, LocatingGuard]:
    guard = load_guard(key)
    assert isinstance(guard, LocatingGuard)
    return guard, guard


@pytest.mark.parametrize("measure", BROKEN)
def test_it_is_where_it_was_put(measure: str) -> None:
    key, make, frame = BROKEN[measure]
    subject = make()
    guard, where = locating(key)
    assert LIMITS[measure].is_broken_by(guard.measure(subject)[measure])
    regions = where.locate(subject, measure, LIMITS[measure].threshold)
    assert 1 <= len(regions) <= MOST
    assert all(is_within(region, frame) for region in regions), regions


def test_every_guard_that_can_locate_is_tried_above() -> None:
    can = {key for key in GUARDS if isinstance(load_guard(key), LocatingGuard)}
    assert can == {key for key, _make, _frame in BROKEN.values()}


def test_a_band_around_the_whole_product_is_told_as_a_whole() -> None:
    key, make, _frame = BROKEN["seam_energy"]
    _guard, where = locating(key)
    _photo, mask = product_photo()
    rows = np.flatnonzero(mask.any(axis=1))
    boxes = where.locate(make(), "seam_energy", LIMITS["seam_energy"].threshold)
    assert min(box.y for box in boxes) < rows[0] / 192
    assert max(box.y + box.height for box in boxes) > rows[-1] / 192


def test_a_text_guard_that_has_not_measured_reads_by_itself() -> None:
    _guard, where = locating("text")
    assert where.locate(lettered(), "new_text_area", 0.0005)
