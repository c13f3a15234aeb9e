"""A tiny base model learns a little, is exported, and is painted with by the engine of every other generator."""

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from generation.contracts import EngineError, GenerationJob, ModelFiles
from generation.engines.base_model.checkpoints import Checkpoints
from generation.engines.base_model.plan import AutoencoderPlan, DenoiserPlan
from generation.engines.base_model.progress import StageProgress, StopTraining
from generation.engines.base_model.samples import PROMPTS, sample_sheet
from generation.engines.base_model.scene_store import held_out_seed
from generation.engines.base_model.scenes.scene import draw_scene
from generation.engines.base_model.stages import Settings, train_base
from generation.engines.loading import load_generator
from generation.engines.runtime import Runtime
from generation.modelfiles import folder_sha256
from generation.tests.tiny_base import ALWAYS, SHORT, ignore

TINY = replace(
    SHORT,
    name="tiny",
    scenes=32,
    held_out=8,
    autoencoder=AutoencoderPlan(channels=8, steps=40, batch=4, crop=32, rate=2e-3),
    denoiser=DenoiserPlan(
        channels=(16, 32), width=32, text_layers=1, steps=30, batch=4, rate=1.5e-3, matrix_rate=3e-3
    ),
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """The same bits on every machine that has the same libraries, however many cores it has."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    assert train_base(Settings(TINY), folder, ignore) == folder / "model"
    return folder


def pinned(folder: Path) -> ModelFiles:
    return ModelFiles("trained", folder, folder_sha256(folder))


def losses(workspace: Path, stage: str) -> np.ndarray:
    found, damaged = Checkpoints(workspace / stage).latest()
    assert found is not None and damaged == []
    return found.tensors["losses"].numpy()


def figure(workspace: Path, name: str) -> float:
    rows = (workspace / "model" / "README.md").read_text().splitlines()
    row = next(row for row in rows if row.startswith(f"| {name} |"))
    return float(row.split("|")[2].split()[0])


def test_the_losses_fall(workspace: Path) -> None:
    autoencoder, denoiser = losses(workspace, "autoencoder"), losses(workspace, "denoiser")
    assert (len(autoencoder), len(denoiser)) == (40, 30)
    assert autoencoder[-10:].mean() < 0.85 * autoencoder[:10].mean()
    assert denoiser[0] > 0.9, "a denoiser that knows nothing predicts nothing"
    assert denoiser[-10:].mean() < 0.95 * denoiser[:10].mean()


def test_tiny_numbers_are_numbers_again_afterwards(workspace: Path) -> None:
    assert sys.float_info.min / 2 > 0.0


def test_the_readme_tells_what_was_measured_on_scenes_it_never_saw(workspace: Path) -> None:
    assert figure(workspace, "held-out: v-loss") < 0.97
    assert figure(workspace, "held-out: PSNR of the autoencoder") > 18
    assert figure(workspace, "denoiser: images") == 120


def test_the_folder_is_a_generator_like_any_other(workspace: Path) -> None:
    generator = load_generator("diffusers-inpaint", pinned(workspace / "model"), Runtime())
    scene = draw_scene(held_out_seed(TINY, 0))
    job = GenerationJob(scene.image, scene.mask, "a mug on a wooden table, teal wall", (4, 5), 2, 3.0)
    samples = generator.generate(job, lambda done, total: None)
    assert [sample.image.shape for sample in samples] == [(256, 256, 3)] * 2
    assert not np.array_equal(samples[0].image, samples[1].image)
    for path in (workspace / "model").rglob("*.json"):
        assert "_name_or_path" not in json.loads(path.read_text()), "no place on this machine is named"


def test_the_sheet_shows_source_input_and_six_prompts(workspace: Path) -> None:
    generator = load_generator("diffusers-inpaint", pinned(workspace / "model"), Runtime())
    scene = draw_scene(held_out_seed(TINY, 1))
    sheet = sample_sheet(generator, [scene], steps=1, guidance=1.0)
    assert sheet.shape == (256, 256 * (2 + len(PROMPTS)), 3)
    for number in range(2 + len(PROMPTS)):
        cell = sheet[:, 256 * number : 256 * (number + 1)]
        assert (cell[scene.mask] == scene.image[scene.mask]).all()
    assert (sheet[:, :256] == scene.image).all()
    assert (sheet[:, 256:512][~scene.mask] == 128).all()


def test_training_goes_on_from_a_finished_model(workspace: Path, tmp_path: Path) -> None:
    more = replace(TINY, denoiser=replace(TINY.denoiser, steps=4))
    settings = Settings(more, start=pinned(workspace / "model"), number_format="float16")
    assert train_base(settings, tmp_path, ignore) == tmp_path / "model"
    assert losses(tmp_path, "denoiser")[0] < losses(workspace, "denoiser")[0]
    assert not (tmp_path / "autoencoder").exists(), "the autoencoder stays as it is"
    sizes = [
        (folder / "model/unet/diffusion_pytorch_model.safetensors").stat().st_size for folder in (workspace, tmp_path)
    ]
    assert sizes[1] < 0.6 * sizes[0]
    load_generator("diffusers-inpaint", pinned(tmp_path / "model"), Runtime())


def test_a_damaged_checkpoint_is_noticed_and_the_one_before_it_used(tmp_path: Path) -> None:
    plan = replace(SHORT, name="damage")
    train_base(Settings(plan, seconds_between=ALWAYS), tmp_path, ignore)
    whole = folder_sha256(tmp_path / "model")
    newest = max((tmp_path / "denoiser").glob("step-*"))
    content = bytearray(newest.read_bytes())
    content[len(content) // 2] ^= 1
    newest.write_bytes(content)
    told: list[StageProgress] = []
    train_base(Settings(plan, seconds_between=ALWAYS), tmp_path, told.append)
    notes = [progress for progress in told if progress.note]
    assert [(note.stage, note.done) for note in notes] == [("denoiser", 4)]
    assert "is damaged; going on from step 4" in notes[0].note
    assert folder_sha256(tmp_path / "model") == whole


def test_a_stop_keeps_the_last_step(tmp_path: Path) -> None:
    def stop(progress: StageProgress) -> None:
        if (progress.stage, progress.done) == ("autoencoder", 3):
            raise StopTraining

    with pytest.raises(StopTraining):
        train_base(Settings(SHORT), tmp_path, stop)
    assert [path.name[:13] for path in (tmp_path / "autoencoder").glob("step-*")] == ["step-00000003"]
    steps: list[int] = []
    train_base(
        Settings(SHORT, until="autoencoder"), tmp_path,
        lambda progress: steps.append(progress.done) if progress.stage == "autoencoder" else None,
    )  # fmt: skip
    assert steps == [4, 5]
    assert not (tmp_path / "latents").exists()


def test_a_workspace_of_another_plan_is_refused(workspace: Path, tmp_path: Path) -> None:
    before = folder_sha256(workspace / "model")
    for other in (replace(TINY, seed=4), replace(TINY, denoiser=replace(TINY.denoiser, batch=5))):
        with pytest.raises(EngineError, match="begun with another plan"):
            train_base(Settings(other), workspace, ignore)
    with pytest.raises(EngineError, match="another model to start"):
        train_base(Settings(TINY, start=pinned(workspace / "model")), workspace, ignore)
    assert folder_sha256(workspace / "model") == before
    (tmp_path / "plan.json").write_text("{")
    with pytest.raises(EngineError, match="cannot be read"):
        train_base(Settings(TINY), tmp_path, ignore)


def test_two_trainings_never_share_a_workspace(tmp_path: Path) -> None:
    refused: list[str] = []

    def try_again(progress: StageProgress) -> None:
        with pytest.raises(EngineError, match="Another training works in") as caught:
            train_base(Settings(SHORT), tmp_path, ignore)
        refused.append(str(caught.value))

    train_base(Settings(SHORT, until="scenes"), tmp_path, try_again)
    assert len(refused) == 1


def test_a_model_of_another_build_cannot_be_trained_further(workspace: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(workspace / "model", tmp_path / "other")
    config = folder / "scheduler" / "scheduler_config.json"
    config.write_text(config.read_text().replace("v_prediction", "epsilon"))
    with pytest.raises(EngineError, match="only models that this command made"):
        train_base(Settings(SHORT, start=pinned(folder)), tmp_path / "work", ignore)
