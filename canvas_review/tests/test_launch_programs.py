"""Children of the launcher: they come back when they die, and go when they are told."""

import signal
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from canvas_review.launch import supervisor as supervision
from canvas_review.launch.orphans import MARK, end_orphans
from canvas_review.launch.programs import Program
from canvas_review.launch.supervisor import Supervisor


def _program(folder: Path, *command: str, stop_seconds: float = 5) -> Program:
    return Program("worker", command, folder, folder / "worker.log", signal.SIGTERM, stop_seconds)


def _wait_for_line(log: Path, line: str) -> None:
    deadline = time.monotonic() + 10
    while line not in (log.read_text() if log.exists() else ""):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_child_that_dies_is_started_again_each_time_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervision, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(supervision, "FIRST_DELAY", 0.05)
    program = _program(tmp_path, "sh", "-c", "echo begun; exit 1")
    program.start()
    supervisor = Supervisor([program])
    # The fork happens in this thread: the kernel would end the children with the thread that made them.
    threading.Timer(1.5, supervisor.finished.set).start()
    supervisor.watch()
    program.stop()
    # Starts at about 0, 0.05, 0.15, 0.35 and 0.75 s; without growing delays there would be dozens.
    assert 3 <= program.log.read_text().count("begun") <= 6
    assert "worker ended unexpectedly" in capsys.readouterr().out


def test_a_child_that_does_not_listen_is_killed_with_its_children(tmp_path: Path) -> None:
    program = _program(tmp_path, "sh", "-c", "trap '' TERM; sleep 300 & echo $! ready; wait", stop_seconds=0.3)
    program.start()
    _wait_for_line(program.log, "ready")
    grandchild = int(program.log.read_text().split()[0])
    program.ask_to_stop()
    program.stop()
    assert not program.is_alive()
    with pytest.raises(psutil.NoSuchProcess):
        psutil.Process(grandchild).wait(timeout=5)
        psutil.Process(grandchild)


def test_orphans_of_a_killed_launcher_are_found_by_their_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = _program(tmp_path, sys.executable, "-c", "import time; time.sleep(60)")
    stranger.start()
    monkeypatch.setenv(MARK, str(tmp_path))
    orphan = _program(tmp_path, sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)")
    orphan.start()
    _wait_for_line(orphan.log, "up")
    try:
        assert end_orphans(tmp_path) == 1
        assert not orphan.is_alive()
        assert stranger.is_alive()
    finally:
        stranger.ask_to_stop()
        stranger.stop()
        orphan.stop()
