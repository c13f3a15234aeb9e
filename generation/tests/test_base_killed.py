"""A training of the base model that is killed again and again ends at the same bytes as one that never was."""

import json
import signal
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from generation.tests.tiny_base import DEATHS


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("killed")
    command = [sys.executable, "-m", "generation.tests.tiny_base", str(folder)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_every_death_was_a_death(story: dict[str, Any]) -> None:
    assert story["unbroken"] == story["at last"] == 0
    assert list(story["deaths"]) == [name for name, _trap, _seconds in DEATHS]
    for name, death in story["deaths"].items():
        expected = signal.SIGXFSZ if "half written" in name else signal.SIGKILL
        assert death["signal"] == expected, name


def test_the_files_show_where_it_died(story: dict[str, Any]) -> None:
    def left(name: str, part: str) -> list[str]:
        return [path for path in story["deaths"][name]["files"] if part in path]

    assert left("autoencoder, nothing saved", "autoencoder/") == []
    assert len(left("autoencoder, just saved", "autoencoder/step-")) == 2
    for name in ("autoencoder, checkpoint half written", "autoencoder, checkpoint not yet named"):
        assert len(left(name, "autoencoder/.step-")) == 1, "a draft, and none of an earlier death"
    assert len(left("denoiser, old checkpoint not yet deleted", "denoiser/step-")) == 3
    assert len(left("denoiser, last step", "denoiser/step-")) == 2
    assert all(path.startswith(".model.draft/") for path in left("model not yet named", "unet/"))


def test_the_weights_are_the_same_to_the_bit(story: dict[str, Any]) -> None:
    unbroken, broken = story["models"]
    assert broken == unbroken
