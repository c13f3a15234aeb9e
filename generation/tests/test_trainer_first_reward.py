"""The first reward model: damaged copies are made the same way every time, and the shipped head ranks them lower."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from generation.contracts import ModelFiles
from generation.engines.loading import load_generator, load_reward_model
from generation.engines.runtime import Runtime
from generation.engines.trainers.first_reward import (
    CLEAN,
    SPLITS,
    DamagedCopies,
    draw_prompt,
    measure_by_damage,
    paint,
)
from generation.imaging.defects import INJECTORS
from generation.management.commands.train_first_reward import read_photos
from generation.modelfiles import folder_sha256
from generation.variants import VARIANTS

APP = Path(__file__).parents[1]
VARIANT = VARIANTS["background_enhancement"]


def pinned(name: str) -> ModelFiles:
    folder = APP / "weights" / name
    return ModelFiles(name, folder, folder_sha256(folder))


@pytest.fixture(scope="module")
def examples() -> DamagedCopies:
    generator = load_generator("diffusers-inpaint", pinned("demo-inpaint"), Runtime())
    small = replace(VARIANT, default_steps=6, default_candidates=2)
    reports: list[tuple[int, int]] = []
    photos = read_photos(APP / "demo")[:5]
    painted = paint(photos, generator, small, 1, 77, lambda done, total: reports.append((done, total)))
    assert reports == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]
    return DamagedCopies(painted, seed=77)


def test_every_candidate_stands_beside_three_different_damaged_copies(examples: DamagedCopies) -> None:
    candidates = {candidate.key: candidate for candidate in examples.candidates()}
    assert len(candidates) == 5 * 2 * 4
    assert sum(candidate.approved for candidate in candidates.values()) == 10
    pairs = list(examples.pairs())
    assert len(pairs) == 30
    for pair in pairs:
        winner, loser = candidates[pair.winner], candidates[pair.loser]
        assert winner.approved and not loser.approved
        assert winner.product == loser.product
        assert winner.split == loser.split == pair.split
        assert loser.key.rsplit("/", 1)[1] in INJECTORS
        assert not np.array_equal(winner.subject.candidate, loser.subject.candidate)
        assert winner.subject.measures == loser.subject.measures == {}
    assert {candidate.split for candidate in candidates.values()} == set(SPLITS)


def test_reading_again_gives_the_same_pictures_and_another_seed_others(examples: DamagedCopies) -> None:
    first, again = ([c.subject.candidate.tobytes() for c in examples.candidates()] for _ in range(2))
    assert first == again
    other = replace(examples, seed=78)
    assert other.sha256 != examples.sha256
    assert [c.subject.candidate.tobytes() for c in other.candidates()] != first


def test_the_shipped_head_ranks_damage_below_the_undamaged_picture(examples: DamagedCopies) -> None:
    model = load_reward_model("efficientnet-head", pinned("reward-first"), Runtime())
    found = measure_by_damage(model, examples, "test")
    pairs = sum(one["pairs"] for one in found.values())
    rightly = sum(one["pairs"] * one["pair_accuracy"] for one in found.values() if one["pairs"])
    assert pairs == 6
    assert rightly / pairs >= 0.8


def test_the_shipped_head_is_small_and_carries_its_figures() -> None:
    folder = APP / "weights" / "reward-first"
    assert sum(path.stat().st_size for path in folder.iterdir()) < 1_000_000
    metrics = json.loads((folder / "config.json").read_text())["metrics"]
    assert metrics["evaluated_on"] == "test"
    assert metrics["candidate"]["pair_accuracy"] >= 0.8
    figure = f"| preferences ordered rightly | {metrics['candidate']['pair_accuracy']:.3f} |"
    assert figure in (folder / "README.md").read_text()


def test_prompts_are_made_of_the_variants_own_phrases() -> None:
    random = np.random.default_rng(0)
    known = {phrase for part in VARIANT.prompt_parts for phrase in part.phrases.values()}
    for _ in range(20):
        first, *rest = draw_prompt(VARIANT, random).removeprefix("a product ").split(", ")
        assert {first, *rest} <= known


def test_products_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("train_first_reward", products=tmp_path, out=tmp_path / "out")
    (tmp_path / "products.json").write_text('[{"key": "a", "photo": "a.webp", "mask": "a.png"}]')
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("train_first_reward", products=tmp_path, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert CLEAN not in INJECTORS
