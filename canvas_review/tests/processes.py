"""Real workers, a relay and a beat beside the test, on its database, its broker and its files."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

_REPOSITORY = Path(settings.BASE_DIR)
_CELERY = [sys.executable, "-m", "celery", "-A", "canvas_review"]
_WORKER = ["worker", "-P", "prefork", "-c", "1", "--without-gossip", "--without-mingle", "-l", "INFO"]
_IMPORT = """
import math, time, django
django.setup()
from generation.models import BulkImport
from generation.services.imports import run_slice
for bulk in BulkImport.objects.filter(attempt_token=None, ended_at=None):
    run_slice(bulk, seconds=math.inf, watch=lambda counts: time.sleep(0.02))
"""
"""Runs what waits to its end in one slice, slowly enough to be hit in the middle on any machine."""

PROGRAMS: dict[str, list[str]] = {
    "gpu": [*_CELERY, *_WORKER, "-Q", "gpu", "-n", "gpu@%h"],
    "cpu": [*_CELERY, *_WORKER, "-Q", "cpu", "-n", "cpu@%h"],
    "relay": [sys.executable, "manage.py", "relay"],
    "import": [sys.executable, "-c", _IMPORT],
    "beat": [*_CELERY, "beat", "-l", "INFO"],
    "web": [
        sys.executable,
        "-m",
        "gunicorn",
        "canvas_review.wsgi",
        "--worker-class",
        "gthread",
        "--threads",
        "4",
        "--no-control-socket",
    ],
}


def _environment(data_dir: Path) -> dict[str, str]:
    database = settings.DATABASES["default"] | connection.settings_dict
    host, port = str(database["HOST"] or ""), database["PORT"]
    place = quote(host, safe="") if host.startswith("/") else f"{host}:{port}" if port else host
    login = f"{quote(str(database['USER']))}:{quote(str(database['PASSWORD']))}@"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "canvas_review.settings",
        "DATABASE_URL": f"postgres://{login}{place}/{database['NAME']}",
        "REDIS_URL": settings.REDIS_URL,
        "CANVAS_DATA_DIR": str(data_dir),
        "CANVAS_TORCH_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "DEBUG": "1",  # pages find their static files without a manifest
    }


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Program:
    """One running process with its children, in a group of its own so that a test can kill all of it."""

    def __init__(self, name: str, data_dir: Path) -> None:
        self.name, self.data_dir = name, data_dir
        self.port = _free_port() if name == "web" else 0
        self.log = data_dir / f"{name}.log"
        self.start()

    def start(self) -> None:
        arguments = PROGRAMS[self.name]
        if self.name == "web":
            arguments = [*arguments, "--bind", f"127.0.0.1:{self.port}"]
        if self.name == "beat":
            arguments = [*arguments, "-s", str(self.data_dir / "beat")]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                arguments,
                cwd=_REPOSITORY,
                env=_environment(self.data_dir),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def listens(self) -> bool:
        """Whether the web server takes connections."""
        with socket.socket() as caller:
            return caller.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        """SIGKILL for the process and everything it started, as when a machine loses power."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


@contextmanager
def running(*names: str, data_dir: Path) -> Iterator[dict[str, Program]]:
    """Start the named programs; stop them all in the end, and show their logs when the test failed."""
    programs = {name: Program(name, data_dir) for name in names}
    try:
        yield programs
    except BaseException:
        for program in programs.values():
            print(f"--- {program.name}", program.log.read_text()[-4000:], sep="\n")
        raise
    finally:
        for program in programs.values():
            program.stop()


def wait_until(happened: Callable[[], bool], seconds: float, what: str) -> float:
    """Look twice a second until it happened; returns the seconds it took. Raises AssertionError after `seconds`."""
    start = time.monotonic()
    while not happened():
        took = time.monotonic() - start
        assert took < seconds, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.5)
    return time.monotonic() - start
