"""Which value a setting gets when several places offer one, and secrets that are made once."""

import multiprocessing
import os
import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from canvas_review.environment import load_environment, running_services, stored_secret

VARIABLES = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "CANVAS_FILE_NAME_SECRET", "CANVAS_DATA_DIR", "CANVAS_ENV")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A repository folder, and an environment without our variables (put back afterwards)."""
    for name in VARIABLES:
        monkeypatch.setenv(name, "")
    return tmp_path


def test_a_local_installation_gets_secrets_that_stay(bare: Path) -> None:
    load_environment(bare)
    first = os.environ["SECRET_KEY"]
    os.environ["SECRET_KEY"] = ""
    load_environment(bare)
    assert os.environ["SECRET_KEY"] == first
    assert len(first) >= 50
    assert os.environ["CANVAS_FILE_NAME_SECRET"] != first
    folder = bare / "var" / "secrets"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_the_environment_wins_over_dotenv_and_dotenv_over_the_services(bare: Path) -> None:
    (bare / ".env").write_text("SECRET_KEY=from-dotenv\nREDIS_URL=redis://dotenv/0\n")
    (bare / "var").mkdir()
    (bare / "var" / "services.env").write_text(
        f"REDIS_URL=redis://service/0\nDATABASE_URL=postgresql://service/x\nCANVAS_SERVICES_PID={os.getpid()}\n"
    )
    os.environ["SECRET_KEY"] = "from-environment"
    del os.environ["REDIS_URL"]
    load_environment(bare)
    assert os.environ["SECRET_KEY"] == "from-environment"
    assert os.environ["REDIS_URL"] == "redis://dotenv/0"
    assert os.environ["DATABASE_URL"] == "postgresql://service/x"


def test_a_relative_data_folder_starts_at_the_repository(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = bare / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("CANVAS_DATA_DIR", "kept")
    load_environment(bare)
    assert os.environ["CANVAS_DATA_DIR"] == str(bare / "kept")
    assert (bare / "kept" / "secrets").is_dir()


def test_addresses_of_a_dead_launcher_are_not_believed(tmp_path: Path) -> None:
    child = multiprocessing.get_context("spawn").Process(target=os.getpid)
    child.start()
    child.join()
    (tmp_path / "services.env").write_text(f"REDIS_URL=redis://gone/0\nCANVAS_SERVICES_PID={child.pid}\n")
    assert running_services(tmp_path) == {}


@pytest.mark.parametrize("missing", ["DATABASE_URL", "REDIS_URL", "SECRET_KEY", "CANVAS_FILE_NAME_SECRET"])
def test_production_says_what_is_missing(bare: Path, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, "given")
    monkeypatch.setenv("CANVAS_ENV", "production")
    monkeypatch.setenv("CANVAS_DATA_DIR", str(bare / "var"))
    monkeypatch.setenv(missing, "")
    with pytest.raises(ImproperlyConfigured, match=f"{missing} is not set"):
        load_environment(bare)
    assert not (bare / "var" / "secrets").exists()


def _ask(folder: str) -> str:
    return stored_secret(Path(folder), "SHARED")


def test_processes_that_start_together_share_one_secret(tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(8) as pool:
        answers = pool.map(_ask, [str(tmp_path)] * 64, chunksize=1)
    assert len(set(answers)) == 1
    assert len(answers[0]) == 64
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["SHARED"]
