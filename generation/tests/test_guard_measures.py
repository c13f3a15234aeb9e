from dataclasses import replace
from importlib import import_module
from time import process_time

import numpy as np
import pytest

from generation.contracts import Guard, GuardSubject
from generation.imaging.defects import INJECTORS
from generation.imaging.hashing import scene_hash
from generation.registries import GUARDS
from generation.tests.image_cast import subject_for, table_scene
from generation.variants import VARIANTS


def guard(key: str) -> Guard:
    module, _, name = GUARDS[key][1].rpartition(".")
    made: Guard = getattr(import_module(module), name)()
    return made


def measures(subject: GuardSubject) -> dict[str, float]:
    found: dict[str, float] = {}
    for key in GUARDS:
        found |= guard(key).measure(subject)
    return found


def broken(subject: GuardSubject, *, blocking: bool = True) -> set[str]:
    values = measures(subject)
    limits = VARIANTS["background_enhancement"].limits
    return {limit.measure for limit in limits if limit.blocks == blocking and limit.is_broken_by(values[limit.measure])}


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=lambda variant: variant.key)
def test_every_limit_is_measured_by_one_of_the_variants_guards(variant: object) -> None:
    chosen = VARIANTS[variant.key]  # type: ignore[attr-defined]
    subject = subject_for(table_scene(seed=1))
    found = [name for key in chosen.guards for name in guard(key).measure(subject)]
    assert len(found) == len(set(found))
    assert {limit.measure for limit in chosen.limits} <= set(found)


@pytest.mark.parametrize("seed", range(6))
def test_an_honest_candidate_breaks_no_blocking_limit(seed: int) -> None:
    others = tuple(
        scene_hash((other := subject_for(table_scene(seed=seed + 10 + n))).composed, other.small_mask) for n in range(2)
    )
    assert broken(subject_for(table_scene(seed=seed), others)) == set()


def test_one_changed_byte_blocks() -> None:
    subject = subject_for(table_scene(seed=1))
    full = subject.full.copy()
    row, column = np.argwhere(subject.mask)[50]
    full[row, column, 0] ^= 1
    assert broken(replace(subject, full=full)) == {"changed_bytes"}


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_blank_scene_blocks_with_or_without_grain(level: int) -> None:
    flat = np.full((192, 256, 3), level, np.uint8)
    grainy = np.clip(flat + np.random.default_rng(1).normal(0, 10, flat.shape), 0, 255).astype(np.uint8)
    assert "scene_deviation" in broken(subject_for(flat))
    assert "scene_deviation" in broken(subject_for(grainy))


@pytest.mark.parametrize("name", ["halo", "seam"])
@pytest.mark.parametrize("seed", range(4))
def test_a_gross_edge_around_the_product_blocks(name: str, seed: int) -> None:
    subject = subject_for(table_scene(seed=seed))
    full = INJECTORS[name](subject.source, subject.mask, subject.full, np.random.default_rng(seed), 0.8)
    assert broken(replace(subject, full=full)) == {"seam_energy"}


def test_a_near_duplicate_blocks_and_a_lone_candidate_is_as_far_as_can_be() -> None:
    scene = table_scene(seed=4)
    first = subject_for(scene)
    assert measures(first)["sibling_distance"] == 64.0
    lighter = np.clip(scene * 1.03 + 2, 0, 255).astype(np.uint8)
    own_hash = scene_hash(first.composed, first.small_mask)
    assert broken(subject_for(lighter, (own_hash,))) == {"sibling_distance"}


def test_a_model_that_redraws_the_product_is_reported_and_not_blocked() -> None:
    # This raw output shows no bottle at all; the paste-back still saves the product.
    subject = subject_for(table_scene(seed=1))
    assert broken(subject) == set()
    assert broken(subject, blocking=False) == {"raw_de2000_mean", "raw_de2000_p99", "raw_ssim"}
    assert broken(replace(subject, raw=subject.small_source), blocking=False) == set()


def test_all_guards_together_stay_cheap_at_full_size() -> None:
    raw = np.asarray(np.kron(table_scene(128, 128), np.ones((8, 8, 1), np.uint8)), dtype=np.uint8)
    subject = subject_for(raw)
    assert subject.raw.shape == (1024, 1024, 3)
    started = process_time()
    measures(subject)
    assert process_time() - started < 1.5
