"""The processes of a running installation, each with its command line and the way it is asked to stop."""

import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from canvas_review.embedded.processes import spawn, stop, turn_over

CELERY = (sys.executable, "-m", "celery", "-A", "canvas_review")
# Longer than CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT, the time a running task gets to finish.
WORKER_STOP_SECONDS = 40.0


@dataclass
class Program:
    label: str
    command: tuple[str, ...]
    folder: Path
    log: Path
    stop_signal: int = signal.SIGTERM
    stop_seconds: float = 10.0
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def start(self) -> None:
        self.stop()  # children of one that was killed may still hold its port
        turn_over(self.log)
        self.process = spawn(self.command, log=self.log, cwd=self.folder, death_signal=self.stop_signal)

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        if self.process is not None:
            # A worker that was already asked takes a second SIGQUIT as "at once", so 0 only looks whether it is there.
            stop(self.process, 0, self.stop_seconds)
            self.process = None

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


def all_programs(base_dir: Path, data_dir: Path, host: str, port: int) -> list[Program]:
    """In the order of their start, the web first."""
    celery_worker = (*CELERY, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle")
    pool = ("--pool", "prefork", "--concurrency", "1")
    schedule = str(data_dir / "run" / "celerybeat-schedule")

    def program(label: str, *command: str, **ending: float) -> Program:
        return Program(
            label=label,
            command=command,
            folder=base_dir,
            log=data_dir / "log" / f"{label}.log",
            stop_signal=int(ending.get("stop_signal", signal.SIGTERM)),
            stop_seconds=ending.get("stop_seconds", 10.0),
        )

    workers = [
        program(
            f"worker-{queue}",
            *(*celery_worker, *pool, "--queues", queue, "--hostname", f"worker-{queue}@%h"),
            stop_signal=signal.SIGQUIT,
            stop_seconds=WORKER_STOP_SECONDS,
        )
        for queue in ("gpu", "cpu")
    ]
    relay = program("relay", sys.executable, str(base_dir / "manage.py"), "relay")
    beat = program("beat", *CELERY, "beat", "--loglevel", "INFO", "--schedule", schedule, "--pidfile=")
    web = program(
        "web",
        *(sys.executable, "-m", "gunicorn", "canvas_review.wsgi", "--bind", f"{host}:{port}"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"),
        *("--timeout", "60", "--graceful-timeout", "5", "--keep-alive", "15", "--access-logfile", "-"),
    )
    return [web, *workers, relay, beat]
