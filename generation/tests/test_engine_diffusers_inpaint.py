"""The demonstration model paints around the product: same job, same bytes; nonsense is refused."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from generation.contracts import EngineError, GenerationJob, Generator, ModelFiles
from generation.engines.loading import load_generator
from generation.engines.runtime import Runtime
from generation.modelfiles import folder_sha256

DEMO = Path(__file__).parents[1] / "weights" / "demo-inpaint"


def _ignore(done: int, total: int) -> None:
    return None


def _load(folder: Path) -> Generator:
    return load_generator("diffusers-inpaint", ModelFiles("demo", folder, folder_sha256(folder)), Runtime())


@pytest.fixture(scope="module")
def generator() -> Generator:
    return _load(DEMO)


@pytest.fixture(scope="module")
def job() -> GenerationJob:
    source = np.full((300, 400, 3), 200, np.uint8)
    mask = np.zeros((300, 400), np.bool_)
    mask[120:260, 160:240] = True
    source[mask] = (180, 30, 40)
    return GenerationJob(source, mask, "a box on a wooden table, teal wall, soft light", (3, 9), 3, 3.0)


def test_one_sample_per_seed_at_the_models_own_size_with_its_recipe(generator: Generator, job: GenerationJob) -> None:
    steps: list[tuple[int, int]] = []
    samples = generator.generate(job, lambda done, total: steps.append((done, total)))
    assert steps == [(1, 3), (2, 3), (3, 3)]
    assert [sample.image.shape for sample in samples] == [(192, 256, 3)] * 2
    assert not np.array_equal(samples[0].image, samples[1].image)
    recipe = samples[1].recipe
    expected = {"seed": 9, "batch_size": 2, "batch_position": 1, "steps": 3, "guidance": 3.0, "device": "cpu"}
    assert {name: recipe[name] for name in expected} == expected
    assert recipe["model_sha256"] == folder_sha256(DEMO)
    assert {"scheduler", "dtype", "threads", "torch", "diffusers", "transformers", "numpy"} <= set(recipe)
    json.dumps(recipe)


def test_making_a_request_again_gives_the_same_bytes(generator: Generator, job: GenerationJob) -> None:
    first = generator.generate(job, _ignore)
    again = _load(DEMO).generate(job, _ignore)
    assert [sample.image.tobytes() for sample in first] == [sample.image.tobytes() for sample in again]


def test_the_prompt_reaches_the_picture(generator: Generator, job: GenerationJob) -> None:
    walls = {}
    for colour in ("blue", "yellow"):
        prompt = f"a box on a plain table, {colour} wall, soft light"
        samples = generator.generate(replace(job, prompt=prompt, steps=8), _ignore)
        walls[colour] = np.mean([sample.image[:40].reshape(-1, 3).mean(axis=0) for sample in samples], axis=0)
    assert walls["blue"][2] - walls["blue"][0] > walls["yellow"][2] - walls["yellow"][0] + 40


@pytest.mark.parametrize("error", [RuntimeError("stop"), KeyboardInterrupt(), EngineError("late", permanent=False)])
def test_what_the_step_report_raises_comes_through(
    generator: Generator, job: GenerationJob, error: BaseException
) -> None:
    def stop(done: int, total: int) -> None:
        if done == 2:
            raise error

    with pytest.raises(type(error)) as caught:
        generator.generate(job, stop)
    assert caught.value is error


@pytest.mark.parametrize(
    "change",
    [
        {"seeds": ()},
        {"seeds": (-1,)},
        {"steps": 0},
        {"steps": 10_000},
        {"guidance": float("nan")},
        {"guidance": -1.0},
        {"mask": np.zeros((300, 400), np.bool_)},
        {"mask": np.ones((300, 400), np.bool_)},
        {"mask": np.ones((40, 30), np.bool_)},
        {"source": np.zeros((300, 400), np.uint8)},
        {"source": np.zeros((300, 400, 4), np.uint8)},
        {"source": np.zeros((300, 400, 3), np.float32)},
    ],
)
def test_a_job_that_cannot_work_is_refused_for_good(
    generator: Generator, job: GenerationJob, change: dict[str, Any]
) -> None:
    with pytest.raises(EngineError) as caught:
        generator.generate(replace(job, **change), _ignore)
    assert caught.value.permanent


def test_a_folder_that_changed_is_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(DEMO, tmp_path / "demo")
    config = folder / "scheduler" / "scheduler_config.json"
    (folder / "notes.txt").write_text("a model that no process holds yet")
    files = ModelFiles("demo", folder, folder_sha256(folder))
    config.write_text(config.read_text().replace("v_prediction", "epsilon"))
    with pytest.raises(EngineError) as caught:
        load_generator("diffusers-inpaint", files, Runtime())
    assert caught.value.permanent


def test_a_pipeline_that_does_not_inpaint_is_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(DEMO, tmp_path / "demo")
    index = json.loads((folder / "model_index.json").read_text())
    (folder / "model_index.json").write_text(json.dumps({**index, "_class_name": "StableDiffusionPipeline"}))
    with pytest.raises(EngineError, match="not an inpainting pipeline"):
        _load(folder)


def test_a_folder_without_its_weights_is_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(DEMO, tmp_path / "demo")
    (folder / "unet" / "diffusion_pytorch_model.safetensors").unlink()
    with pytest.raises(EngineError) as caught:
        _load(folder)
    assert caught.value.permanent
