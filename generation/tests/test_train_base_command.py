"""manage.py train_base: shows where it is, stops and goes on, and proposes what it made."""

import signal
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
import torch
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import OutputWrapper
from django.db import connections
from PIL import Image as PillowImage
from pytest_django import DjangoDbBlocker

from generation.engines.base_model.plan import PLANS
from generation.engines.base_model.progress import StageProgress, StopTraining
from generation.management.training_display import TrainingDisplay, stops_on_signals
from generation.modelfiles import folder_sha256
from generation.models import ModelVersion
from generation.tests.tiny_base import SHORT


@pytest.fixture(autouse=True)
def small_is_tiny(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(PLANS, "small", SHORT)
    monkeypatch.setattr("generation.management.commands.train_base._SAMPLED_SCENES", 1)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # on a busy machine many threads wait for each other longer than this work takes
    yield
    torch.set_num_threads(threads)


def run(*options: str) -> str:
    out = StringIO()
    call_command("train_base", "--plan", "small", *options, stdout=out)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)  # training takes longer than a transaction may idle
def test_it_trains_stage_by_stage_and_proposes_the_model_once(own_files: Path) -> None:
    assert "The stage scenes is done" in run("--until", "scenes")
    assert not ModelVersion.objects.exists()
    told = run("--samples", "--name", "Trained in a test")
    for stage in ("autoencoder: 5 of 5, loss", "latents: 10 of 10", "denoiser: 5 of 5, loss", "model: 1 of 1"):
        assert stage in told
    assert "images/s" in told and "scenes: " not in told, "what is there is not drawn again"
    version = ModelVersion.objects.get()
    assert (version.kind, version.state, version.name) == ("generator", "proposed", "Trained in a test")
    assert version.is_demonstration and version.engine == "diffusers-inpaint"
    kept = Path(settings.MODELS_DIR) / version.folder
    assert folder_sha256(kept) == version.sha256 == folder_sha256(own_files / "base" / "small" / "model")
    assert f"activate_version generator background_enhancement --number {version.number}" in told
    sheet = np.asarray(PillowImage.open(own_files / "base" / "small" / "samples.webp"))
    assert sheet.shape == (256, 8 * 256, 3)
    run()
    assert ModelVersion.objects.count() == 1


def test_it_stops_by_the_clock_and_goes_on(own_files: Path) -> None:
    told = run("--minutes", "0.000001")
    assert "Stopped; everything up to here is kept" in told and "scenes: 10 of 10" in told
    assert not (own_files / "base" / "small" / "autoencoder").exists()
    told = run("--minutes", "0.000001")
    assert "autoencoder: 1 of 5" in told and "scenes" not in told
    assert "autoencoder: 2 of 5" in run("--minutes", "0.000001")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_after_the_step_and_a_second_one_at_once(number: signal.Signals) -> None:
    display = TrainingDisplay(OutputWrapper(StringIO()), None)
    before = signal.getsignal(number)
    with stops_on_signals(display):
        display(StageProgress("denoiser", 1, 9, 16, 0.9))
        signal.raise_signal(number)
        assert signal.getsignal(number) == before, "the second one does what it always does"
        with pytest.raises(StopTraining):
            display(StageProgress("denoiser", 2, 9, 16, 0.9))
    assert signal.getsignal(number) == before


@pytest.fixture
def database_away(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The connection leads to a port at which nobody listens."""
    real, away = connections["default"], connections.create_connection("default")
    away.settings_dict = {**away.settings_dict, "HOST": "127.0.0.1", "PORT": "1", "OPTIONS": {"connect_timeout": 2}}
    with django_db_blocker.unblock():
        connections["default"] = away
        yield
        connections["default"] = real


@pytest.mark.usefixtures("database_away")
def test_without_a_database_it_says_how_to_propose_the_model_later(own_files: Path) -> None:
    told = run("--workspace", str(own_files / "mine"))
    assert f"fetch_model {own_files / 'mine' / 'model'} --name" in told
    assert (own_files / "mine" / "model" / "model_index.json").exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--start", "nowhere"), "missing or holds no weights"),
        (("--minutes", "0"), "--minutes must be more than 0"),
        (("--minutes", "nan"), "--minutes must be more than 0"),
        (("--workspace", "/dev/null/base"), "The workspace cannot be used"),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence(options: tuple[str, str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(*options)


def test_a_workspace_of_another_plan_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    run("--until", "scenes")
    monkeypatch.setitem(PLANS, "small", replace(SHORT, seed=9))
    with pytest.raises(CommandError, match="begun with another plan"):
        run()
