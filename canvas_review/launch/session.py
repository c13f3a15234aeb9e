"""One run of the installation, from the first server to the last goodbye."""

import http.client
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from canvas_review.embedded.processes import spawn, stop, tail
from canvas_review.embedded.services import Service, locked, running
from canvas_review.embedded.startup import StartError, free_port, port_is_free
from canvas_review.launch.orphans import MARK, end_orphans
from canvas_review.launch.programs import Program, all_programs
from canvas_review.launch.supervisor import Supervisor
from canvas_review.launch.terminal import say, step

WEB_SECONDS = 60.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Migrations may take longer than a request is allowed to.
PREPARATION_LIMITS = {"DATABASE_STATEMENT_TIMEOUT": "0", "DATABASE_LOCK_TIMEOUT": "30s"}


class WatchedService:
    """A server as a child: it may only come back at the address that everybody already knows."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.label, self.log = service.label, service.log

    def start(self) -> None:
        if not port_is_free(self.service.preferred_port):
            raise StartError(f"{self.label} needs port {self.service.preferred_port}, which is taken at the moment.")
        self.service.start()

    def is_alive(self) -> bool:
        return self.service.is_alive()


def url_file(data_dir: Path) -> Path:
    return data_dir / "run" / "url"


def run(base_dir: Path, data_dir: Path) -> None:
    """Run until a signal asks to stop. Raises DataFolderBusyError, StartError, KeyboardInterrupt (while starting)."""
    for number in STOP_SIGNALS:
        signal.signal(number, _interrupt)
    os.umask(0o077)
    with locked(data_dir):
        end_orphans(data_dir)
        os.environ |= {MARK: str(data_dir), "CANVAS_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"}
        with running(data_dir, start=_start_service) as services:
            _prepare(base_dir, data_dir)
            host = os.environ.get("CANVAS_HOST") or "127.0.0.1"
            port = free_port(int(os.environ.get("CANVAS_PORT") or 8000), host)
            programs = all_programs(base_dir, data_dir, host, port)
            with _stopped_at_the_end(programs, data_dir):
                web, *others = programs
                _start_web(web, host, port)
                for program in others:
                    program.start()
                _welcome(data_dir, f"http://{_visible(host)}:{port}/")
                supervisor = Supervisor([*map(WatchedService, services.values()), *programs])
                for number in STOP_SIGNALS:
                    signal.signal(number, lambda *_: supervisor.finished.set())
                supervisor.watch()


def _start_service(service: Service) -> None:
    with step(f"Starting {service.label}"):
        service.start()


def _prepare(base_dir: Path, data_dir: Path) -> None:
    log = data_dir / "log" / "prepare.log"
    process = spawn(
        [sys.executable, "-m", "canvas_review.launch.preparation", log],
        log=None,
        env=os.environ | PREPARATION_LIMITS,
        cwd=base_dir,
    )
    try:
        code = process.wait()
    finally:
        stop(process, signal.SIGTERM, seconds=10)
    if code != 0:
        raise StartError(f"The preparation failed. The end of {log}:\n{tail(log)}")


@contextmanager
def _stopped_at_the_end(programs: list[Program], data_dir: Path) -> Iterator[None]:
    def break_off(_number: int, _frame: FrameType | None) -> None:
        for program in programs:
            program.kill()

    try:
        yield
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, break_off)
        url_file(data_dir).unlink(missing_ok=True)
        _stop_all(programs)


def _stop_all(programs: list[Program]) -> None:
    """Nobody hands out work any more, then the workers, side by side, get the time to finish theirs."""
    say("\nStopping; press Ctrl-C again to break off running work.")
    started = [program for program in programs if program.process is not None]
    workers = [program for program in started if program.label.startswith("worker")]
    for group in ([program for program in started if program not in workers], workers):
        for program in group:
            program.ask_to_stop()
        for program in group:
            with step(f"Stopping {program.label}"):
                program.stop()


def _start_web(web: Program, host: str, port: int) -> None:
    with step("Starting the web server"):
        web.start()
        deadline = time.monotonic() + WEB_SECONDS
        while not _is_healthy(_visible(host), port):
            if not web.is_alive() or time.monotonic() > deadline:
                raise StartError(f"The web server does not answer. The end of {web.log}:\n{tail(web.log)}")
            time.sleep(0.1)


def _is_healthy(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _visible(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104 - compared, not bound


def _welcome(data_dir: Path, url: str) -> None:
    url_file(data_dir).write_text(url)
    say(f"\nCanvas Review is running at {url}")
    logins = data_dir / "demo-logins.json"
    if logins.exists():
        say("\nDemonstration logins:")
        for login in json.loads(logins.read_text()):
            say(f"  {login['username']:12}{login['password']}  ({login['role']})")
    say(f"\nLogs: {data_dir / 'log'}. Stop with Ctrl-C.\n")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
