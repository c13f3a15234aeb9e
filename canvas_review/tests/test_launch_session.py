"""`make run` from outside: one launcher, one address, and nothing left when it ends, however it ends."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from http.cookiejar import CookieJar
from pathlib import Path

import psutil
import pytest

from canvas_review.embedded.folders import DataLock, ephemeral_folder
from canvas_review.launch.orphans import MARK
from canvas_review.launch.session import _welcome, url_file

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.processes


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with ephemeral_folder() as folder:
        yield folder
        _launch(folder, "stop").wait(timeout=60)


def _launch(data_dir: Path, action: str) -> "subprocess.Popen[str]":
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    environment |= {"CANVAS_DATA_DIR": str(data_dir), "CANVAS_DEMO": "0", "CANVAS_PORT": "18000"}
    command = [sys.executable, "-m", "canvas_review.launch", action]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _start(data_dir: Path) -> "subprocess.Popen[str]":
    launcher = _launch(data_dir, "run")
    deadline = time.monotonic() + 180  # how long it takes is nothing this test is about
    while not url_file(data_dir).exists():
        assert launcher.poll() is None, launcher.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return launcher


def _children(data_dir: Path) -> list[str]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            is_launched = process.environ().get(MARK) == str(data_dir) and process.status() != psutil.STATUS_ZOMBIE
            in_data = str(data_dir) in process.cwd()
            if is_launched or in_data:
                found.append(process.name())
    return found


def test_a_launcher_runs_once_and_leaves_nothing_behind(data_dir: Path) -> None:
    launcher = _start(data_dir)
    with urllib.request.urlopen(url_file(data_dir).read_text() + "healthz") as answer:  # noqa: S310 - our own address
        assert answer.status == 200
    second = _launch(data_dir, "run")
    assert "already running at http://127.0.0.1:18" in second.communicate(timeout=30)[0]
    assert second.returncode == 0
    launcher.send_signal(signal.SIGTERM)
    assert "Your data is kept" in launcher.communicate(timeout=60)[0]
    assert launcher.returncode == 0
    assert _children(data_dir) == []

    launcher = _start(data_dir)
    launcher.send_signal(signal.SIGKILL)
    launcher.wait()
    stopping = _launch(data_dir, "stop")
    stopping.communicate(timeout=60)
    assert stopping.returncode == 0
    assert _children(data_dir) == []
    assert DataLock(data_dir).holder() is None


def test_two_side_by_side_do_not_disturb_each_other(data_dir: Path) -> None:
    with ephemeral_folder() as other_dir:
        try:
            launchers = [_start(folder) for folder in (data_dir, other_dir)]
            first, second = (url_file(folder).read_text() for folder in (data_dir, other_dir))
            assert first != second
            browser = CookieJar()
            _sign_in_page(browser, first)
            _sign_in_page(browser, second)
            assert len(list(browser)) == 2, "one installation's cookie replaced the other's"
            _launch(data_dir, "stop").wait(timeout=60)
            launchers[0].communicate(timeout=60)
            assert _children(data_dir) == []
            assert _sign_in_page(browser, second) == 200
        finally:
            _launch(other_dir, "stop").wait(timeout=60)


def _sign_in_page(browser: CookieJar, address: str) -> int:
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(browser))
    with opener.open(address + "account/login/") as answer:
        status: int = answer.status
    return status


def test_the_welcome_tells_who_can_sign_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "run").mkdir()
    login = {"username": "reviewer", "password": "amber-clay-0001", "role": "reviewer"}
    (tmp_path / "demo-logins.json").write_text(json.dumps([login]))
    _welcome(tmp_path, "http://127.0.0.1:8000/")
    said = capsys.readouterr().out
    assert "running at http://127.0.0.1:8000/" in said
    assert any("reviewer" in line and "amber-clay-0001" in line for line in said.splitlines())
