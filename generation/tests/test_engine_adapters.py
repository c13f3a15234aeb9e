"""Specialists are worn by one loaded base: put on, taken off without a trace, and refused when they do not belong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from generation.contracts import EngineError, GenerationJob, Generator, ModelFiles
from generation.engines.base_model.progress import StageProgress, StopTraining
from generation.engines.generators.adapters import WEIGHTS
from generation.engines.loading import load_generator, load_lessons
from generation.engines.runtime import Runtime
from generation.engines.specialists.finetune import finetune
from generation.engines.specialists.plan import SpecialistPlan
from generation.modelfiles import ADAPTER_NOTE, adapter_note, folder_sha256

DEMO = Path(__file__).parents[1] / "weights" / "demo-inpaint"
BASE = ModelFiles("demo", DEMO, folder_sha256(DEMO))
PLAN = SpecialistPlan("tiny", "outpainting", lessons=6, held_out=2, rank=2, steps=4, batch=2, rate=3e-2)


def _ignore(*_: Any) -> None:
    return None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return finetune(PLAN, load_lessons(PLAN.variant), BASE, tmp_path_factory.mktemp("specialist"), _ignore)


@pytest.fixture
def job() -> GenerationJob:
    source = np.full((128, 128, 3), 200, np.uint8)
    kept = np.zeros((128, 128), np.bool_)
    kept[:, 40:90] = True
    return GenerationJob(source, kept, "a box on a wooden table", (3,), 2, 3.0)


def _files(folder: Path, base: ModelFiles | None = BASE) -> ModelFiles:
    return ModelFiles("specialist", folder, folder_sha256(folder), base)


def _load(files: ModelFiles) -> Generator:
    return load_generator("diffusers-inpaint", files, Runtime())


def _paint(generator: Generator, job: GenerationJob) -> bytes:
    return generator.generate(job, _ignore)[0].image.tobytes()


def test_it_paints_otherwise_than_its_base_which_paints_as_before(folder: Path, job: GenerationJob) -> None:
    base = _load(BASE)
    before = _paint(base, job)
    specialist = _load(_files(folder))
    worn = _paint(specialist, job)
    assert worn != before
    assert _paint(base, job) == before
    assert _paint(specialist, job) == worn
    recipe = specialist.generate(job, _ignore)[0].recipe
    assert (recipe["model_sha256"], recipe["base_sha256"]) == (folder_sha256(folder), BASE.sha256)


def test_the_folder_names_its_base_and_is_small(folder: Path) -> None:
    note = adapter_note(folder)
    assert note is not None
    assert (note.base, note.strength) == (DEMO.name, PLAN.strength)
    assert adapter_note(DEMO) is None
    assert (folder / WEIGHTS).stat().st_size < 1_000_000
    figures = json.loads((folder / "config.json").read_text())["metrics"]
    assert figures["held_out_v_loss_base"] > 0
    assert "demo-inpaint" in (folder / "README.md").read_text()


def test_a_stopped_training_ends_at_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    def stop(progress: StageProgress) -> None:
        if (progress.stage, progress.done) == ("adapter", 2):
            raise StopTraining

    with pytest.raises(StopTraining):
        finetune(PLAN, load_lessons(PLAN.variant), BASE, tmp_path, stop)
    again = finetune(PLAN, load_lessons(PLAN.variant), BASE, tmp_path, _ignore)
    assert (again / WEIGHTS).read_bytes() == (folder / WEIGHTS).read_bytes()


def test_another_plan_in_the_same_workspace_is_refused(tmp_path: Path) -> None:
    def stop(progress: StageProgress) -> None:
        raise StopTraining

    with pytest.raises(StopTraining):
        finetune(PLAN, load_lessons(PLAN.variant), BASE, tmp_path, stop)
    with pytest.raises(EngineError, match="another plan"):
        finetune(SpecialistPlan("tiny", "outpainting", seed=2), load_lessons(PLAN.variant), BASE, tmp_path, _ignore)


def _with_a_nan(state: dict[str, Any]) -> None:
    next(iter(state.values())).view(-1)[0] = float("nan")


def _with_another_shape(state: dict[str, Any]) -> None:
    name = next(name for name in state if name.endswith("lora_A.weight"))
    state[name] = state[name][:, :-1].contiguous()


def _without_its_other_half(state: dict[str, Any]) -> None:
    del state[next(name for name in state if name.endswith("lora_B.weight"))]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_with_a_nan, "not finite"),
        (_with_another_shape, "does not fit"),
        (_without_its_other_half, "does not fit"),
        (dict.clear, "nothing in the adapter"),
    ],
)
def test_weights_that_do_not_belong_are_refused_for_good(
    folder: Path, tmp_path: Path, spoil: Callable[[dict[str, Any]], None], told: str
) -> None:
    from safetensors.torch import load_file, save_file

    state = load_file(folder / WEIGHTS)
    spoil(state)
    save_file(state, tmp_path / WEIGHTS)
    (tmp_path / ADAPTER_NOTE).write_text((folder / ADAPTER_NOTE).read_text())
    with pytest.raises(EngineError, match=told) as caught:
        _load(_files(tmp_path))
    assert caught.value.permanent


def test_an_adapter_of_another_base_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / WEIGHTS).write_bytes((folder / WEIGHTS).read_bytes())
    (tmp_path / ADAPTER_NOTE).write_text(json.dumps({"base": "demo-inpaint", "base_sha256": "0" * 64}))
    with pytest.raises(EngineError, match="another base"):
        _load(_files(tmp_path))


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("", "does not name a base"),
        ("[]", "does not name a base"),
        ("{}", "does not name a base"),
        ('{"base": 3, "base_sha256": "a"}', "does not name a base"),
        ('{"base": "a", "base_sha256": "a", "strength": 0}', "strength"),
        ('{"base": "a", "base_sha256": "a", "strength": NaN}', "strength"),
        ('{"base": "a", "base_sha256": "a", "strength": true}', "strength"),
    ],
)
def test_a_note_that_makes_no_sense_is_refused(tmp_path: Path, note: str, told: str) -> None:
    (tmp_path / ADAPTER_NOTE).write_text(note)
    with pytest.raises(EngineError, match=told):
        adapter_note(tmp_path)


def test_as_many_steps_are_done_as_were_asked_for(folder: Path, job: GenerationJob) -> None:
    steps: list[tuple[int, int]] = []
    samples = _load(_files(folder)).generate(job, lambda done, total: steps.append((done, total)))
    assert steps == [(1, 2), (2, 2)]
    assert samples[0].recipe["strength"] == PLAN.strength
