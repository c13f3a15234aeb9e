from dataclasses import replace

import cv2
import numpy as np
import pytest

from generation.contracts import GuardSubject, Image
from generation.engines.guards.halo import Halo
from generation.imaging.compositing import compose
from generation.imaging.defects import INJECTORS
from generation.imaging.fringes import fringe_contrast
from generation.tests.image_cast import product_photo, subject_for, table_scene
from generation.variants import VARIANTS

LIMIT = next(x for x in VARIANTS["background_enhancement"].limits if x.measure == "fringe_contrast")


def measured(subject: GuardSubject) -> float:
    return Halo().measure(subject)["fringe_contrast"]


def rimmed(subject: GuardSubject, colour: tuple[int, int, int], width: float, opacity: float) -> GuardSubject:
    """A rim of one colour, `width` pixels wide, all around the product."""
    away = cv2.distanceTransform((~subject.mask).astype(np.uint8), cv2.DIST_L2, 5)
    alpha = np.clip(width - away + 0.5, 0, 1)[..., None] * opacity
    full: Image = np.rint(subject.full * (1 - alpha) + np.array(colour) * alpha).astype(np.uint8)
    full[subject.mask] = subject.full[subject.mask]
    return replace(subject, full=full)


@pytest.mark.parametrize("seed", range(8))
def test_an_honest_composite_is_well_below_the_limit(seed: int) -> None:
    assert measured(subject_for(table_scene(seed=seed))) < LIMIT.threshold / 2


@pytest.mark.parametrize("colour", [(15, 15, 20), (60, 200, 60), (30, 60, 220)], ids=["dark", "green", "blue"])
@pytest.mark.parametrize(("width", "opacity"), [(4, 0.7), (6, 0.7), (6, 0.95)])
@pytest.mark.parametrize("seed", range(3))
def test_a_rim_breaks_the_limit(seed: int, width: float, opacity: float, colour: tuple[int, int, int]) -> None:
    subject = subject_for(table_scene(seed=seed))
    assert LIMIT.blocks
    assert LIMIT.is_broken_by(measured(rimmed(subject, colour, width, opacity)))


@pytest.mark.parametrize("seed", range(6))
def test_the_mildest_halo_of_a_small_picture_is_seen_where_the_seam_is_too_far_away(seed: int) -> None:
    source, mask = product_photo(192, 256)
    small, full = compose(source, mask, table_scene(seed=seed))
    damaged = INJECTORS["halo"](source, mask, full, np.random.default_rng(seed), 0.0)
    subject = replace(subject_for(table_scene(seed=seed)), source=source, mask=mask, full=damaged, composed=small)
    assert LIMIT.is_broken_by(measured(subject))


def test_a_stronger_rim_measures_more() -> None:
    subject = subject_for(table_scene(seed=1))
    values = [measured(rimmed(subject, (15, 15, 20), 6, opacity)) for opacity in (0, 0.3, 0.6, 0.9)]
    assert values == sorted(values)
    assert values[0] < values[-1] / 3


def test_what_touches_the_product_on_one_side_is_no_rim() -> None:
    subject = subject_for(table_scene(seed=1))
    shaded = rimmed(subject, (10, 10, 10), 12, 0.9).full
    rows = np.flatnonzero(subject.mask.any(axis=1))
    contact = int(rows[0] + 0.75 * len(rows))
    full = subject.full.copy()
    full[contact:] = shaded[contact:]
    assert not LIMIT.is_broken_by(measured(replace(subject, full=full)))


@pytest.mark.parametrize("value", [False, True])
def test_without_an_outline_there_is_no_rim(value: bool) -> None:
    image = np.full((64, 64, 3), 90, np.uint8)
    assert fringe_contrast(image, np.full((64, 64), value), 1.0, 4.0) == 0
