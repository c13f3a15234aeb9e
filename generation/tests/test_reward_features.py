"""What the reward model sees of a candidate: always the same numbers for the same pixels, and none for nonsense."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from generation.contracts import EngineError, RewardSubject
from generation.engines.rewards.appearance import appearance
from generation.engines.rewards.backbone import load_backbone
from generation.engines.rewards.features import MEASURES, extract, prompt_words, width


def subject(scene: int = 120, seed: int = 0, measures: Mapping[str, float] | None = None) -> RewardSubject:
    random = np.random.default_rng(seed)
    source = random.integers(0, 255, (64, 96, 3), dtype=np.uint8)
    mask = np.zeros((64, 96), np.bool_)
    mask[20:50, 40:60] = True
    candidate = np.clip(random.normal(scene, 10, (64, 96, 3)), 0, 255).astype(np.uint8)
    candidate[mask] = source[mask]
    return RewardSubject(source, mask, candidate, "a mug on a wooden table", measures or {})


def test_a_candidate_has_the_same_features_alone_and_beside_others() -> None:
    backbone = load_backbone("cpu")
    several = [subject(60, 0), subject(200, 1), subject(60, 0)]
    together = extract(several, backbone)
    assert together.shape == (3, width())
    assert together[1].tobytes() == extract([several[1]], backbone)[0].tobytes()
    assert together[0].tobytes() == together[2].tobytes()
    assert together[0].tobytes() != together[1].tobytes()


def test_plain_numbers_mean_what_their_names_say() -> None:
    def look(change: RewardSubject) -> dict[str, float]:
        return appearance(change.source, change.mask, change.candidate)

    dark, bright = look(subject(60)), look(subject(200))
    assert list(dark) == list(bright)
    assert bright["scene_light"] > dark["scene_light"] + 30
    assert dark["product_change"] == 0
    assert dark["product_changed_share"] == 0
    damaged = subject(60)
    damaged.candidate[damaged.mask] = 255 - damaged.candidate[damaged.mask]
    assert look(damaged)["product_changed_share"] > 0.9
    warm = subject(60)
    warm.candidate[~warm.mask] = (200, 150, 90)
    assert look(warm)["scene_blue_yellow"] > dark["scene_blue_yellow"] + 20


def test_a_large_picture_looks_like_the_same_picture_small() -> None:
    small = subject(60)
    grown = [np.kron(image, np.ones((6, 6, 1), np.uint8)) for image in (small.source, small.candidate)]
    large = appearance(grown[0], np.kron(small.mask, np.ones((6, 6), np.bool_)), grown[1])
    for name, value in appearance(small.source, small.mask, small.candidate).items():
        if name in ("scene_light", "product_light", "contrast_scene", "product_share", "scene_blue_yellow"):
            assert large[name] == pytest.approx(value, abs=1.5), name


def test_a_missing_or_infinite_measure_is_flagged_not_guessed() -> None:
    measures = dict.fromkeys(MEASURES, 1.0)
    backbone = load_backbone("cpu")
    present, missing, broken = extract(
        [
            subject(measures=measures),
            subject(measures={name: 1.0 for name in MEASURES if name != "seam_energy"}),
            subject(measures={**measures, "seam_energy": float("inf")}),
        ],
        backbone,
    )
    place = width() - 2 * len(MEASURES) + MEASURES.index("seam_energy")
    flag = place + len(MEASURES)
    assert (present[flag], missing[flag], broken[flag]) == (0, 1, 1)
    assert present[place] == pytest.approx(np.log(2))
    assert missing[place] == broken[place] == 0


def test_words_fall_into_the_same_buckets_everywhere() -> None:
    assert np.array_equal(prompt_words("Marble table, plant"), prompt_words("plant TABLE marble"))
    assert not np.array_equal(prompt_words("marble"), prompt_words("wooden"))
    assert np.flatnonzero(prompt_words("marble")).tolist() == [4]
    assert prompt_words("").sum() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"mask": np.zeros((64, 96), np.bool_)},
        {"mask": np.ones((64, 96), np.bool_)},
        {"mask": np.ones((64, 96), np.uint8)},
        {"mask": np.zeros((32, 48), np.bool_)},
        {"candidate": np.zeros((32, 48, 3), np.uint8)},
        {"candidate": np.zeros((64, 96, 3), np.float32)},
        {"source": np.zeros((64, 96), np.uint8)},
    ],
)
def test_arrays_that_do_not_fit_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(EngineError) as caught:
        extract([replace(subject(), **change)], load_backbone("cpu"))  # type: ignore[arg-type]
    assert caught.value.permanent
