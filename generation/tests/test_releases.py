"""Model versions: pinned by their files, one active, and the way back."""

import json
import shutil
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from safetensors.numpy import save_file

from accounts.tests.factories import Cast
from generation.contracts import EngineError
from generation.lifecycle import IllegalMove
from generation.modelfiles import folder_sha256
from generation.models import ModelVersion
from generation.services import releases
from generation.services.releases import activate_version, model_files, register_version, roll_back
from generation.tests.factories import make_version

VARIANT = "background_enhancement"


def make_folder(name: str, value: float = 1.0) -> Path:
    folder = Path(settings.MODELS_DIR) / name
    folder.mkdir(parents=True)
    save_file({"w": np.full(4, value, np.float32)}, str(folder / "head.safetensors"))
    return folder


def register(folder: str, **values: str) -> ModelVersion:
    wanted: dict[str, Any] = {
        "kind": "reward",
        "variant": VARIANT,
        "engine": "efficientnet-head",
        "name": "Head",
    } | values
    return register_version(folder=folder, **wanted)


def test_a_version_is_numbered_and_pinned(db: None) -> None:
    folder = make_folder("first")
    version = register("first")
    assert (version.number, version.state, version.sha256) == (1, "proposed", folder_sha256(folder))
    assert register("first").number == 2
    assert model_files(version).folder == folder


@pytest.mark.parametrize("folder", ["nowhere", "..", ".", "../files", "/etc", ""])
def test_only_folders_of_ours_are_found(db: None, folder: str) -> None:
    Path(settings.MODELS_DIR).mkdir(parents=True, exist_ok=True)
    (settings.DATA_DIR / "files").mkdir()
    with pytest.raises(EngineError) as refusal:
        register(folder)
    assert refusal.value.permanent


def test_a_folder_with_code_is_refused(db: None) -> None:
    (make_folder("bad") / "model.py").write_text("import os")
    with pytest.raises(EngineError):
        register("bad")
    assert not ModelVersion.objects.exists()


@pytest.mark.parametrize("values", [{"engine": "diffusers-inpaint"}, {"variant": "nothing"}])
def test_an_engine_of_another_kind_is_refused(db: None, values: dict[str, str]) -> None:
    make_folder("first")
    with pytest.raises(releases.VersionRefused):
        register("first", **values)


def test_activating_retires_the_one_before(cast: Cast) -> None:
    first, second = make_version(), make_version()
    activate_version(first, cast.ml_engineer)
    activate_version(second, cast.ml_engineer)
    first.refresh_from_db()
    assert (first.state, second.state) == ("retired", "active")
    assert second.activated_at is not None
    with pytest.raises(IllegalMove):
        activate_version(second, cast.ml_engineer)
    second.refresh_from_db()
    assert second.state == "active"


def test_rolling_back_returns_to_the_one_before(cast: Cast) -> None:
    first, second, third, _never = make_version(), make_version(), make_version(), make_version()
    with pytest.raises(releases.VersionRefused):
        roll_back("reward", VARIANT, cast.ml_engineer)
    for version in (first, second, third):
        activate_version(version, None)
    assert roll_back("reward", VARIANT, cast.ml_engineer) == second
    assert ModelVersion.objects.active("reward", VARIANT) == second
    assert roll_back("reward", VARIANT, None) == third


@pytest.mark.django_db(transaction=True)
def test_of_two_activations_at_once_exactly_one_is_active(cast: Cast) -> None:
    versions = [make_version(), make_version()]
    start = Barrier(2)

    def activate(version: ModelVersion) -> None:
        start.wait()
        try:
            activate_version(version, None)
        except IllegalMove:
            pass
        finally:
            connection.close()

    threads = [Thread(target=activate, args=(version,)) for version in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ModelVersion.objects.filter(state="active").count() == 1


def test_shipped_models_are_registered_once_and_follow_an_update(
    db: None, tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SHIPPED_MODELS_DIR = tmp_path / "shipped"  # type: ignore[attr-defined]
    shipped = releases.Shipped("reward", VARIANT, "efficientnet-head", "First", "reward-first")
    monkeypatch.setattr(releases, "SHIPPED", (shipped,))
    folder = make_folder("built", 1.0)
    shutil.copytree(folder, tmp_path / "shipped" / "reward-first")
    first = releases.ensure_shipped_versions()[0]
    assert releases.ensure_shipped_versions() == []
    assert first.state == "active"
    (tmp_path / "shipped" / "reward-first" / "config.json").write_text(json.dumps({"updated": True}))
    second = releases.ensure_shipped_versions()[0]
    first.refresh_from_db()
    assert (first.state, second.state, second.number) == ("retired", "active", 2)


def test_shipped_models_do_not_push_out_a_trained_one(
    db: None, tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = make_version(state="active", folder="trained")
    settings.SHIPPED_MODELS_DIR = tmp_path / "models"  # type: ignore[attr-defined]
    shipped = releases.Shipped("reward", VARIANT, "efficientnet-head", "First", "reward-first")
    monkeypatch.setattr(releases, "SHIPPED", (shipped,))
    make_folder("reward-first")
    assert releases.ensure_shipped_versions()[0].state == "proposed"
    trained.refresh_from_db()
    assert trained.state == "active"


def test_the_command_activates_a_folder_a_number_and_the_one_before(db: None) -> None:
    make_folder("a")
    make_folder("b", 2.0)
    for folder in ("a", "b"):
        call_command("activate_version", "reward", VARIANT, folder=folder, engine="efficientnet-head", skip_checks=True)
    assert ModelVersion.objects.active("reward", VARIANT).folder == "b"
    call_command("activate_version", "reward", VARIANT, "--back", skip_checks=True)
    assert ModelVersion.objects.active("reward", VARIANT).folder == "a"
    call_command("activate_version", "reward", VARIANT, number=2, skip_checks=True)
    assert ModelVersion.objects.active("reward", VARIANT).folder == "b"
    with pytest.raises(CommandError):
        call_command("activate_version", "reward", VARIANT, number=9, skip_checks=True)
