"""Bringing a server up on a port of its own, and knowing when it answers."""

import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from canvas_review.embedded.processes import stop, tail

HOST = "127.0.0.1"
PORTS_TRIED = 50
READY_SECONDS = 60.0
POLL_SECONDS = 0.03


class StartError(RuntimeError):
    """A service did not come up; the text is for the person at the terminal."""


def port_is_free(port: int, host: str = HOST) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the servers do it: connections that linger after a stop don't count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free_port(preferred: int, host: str = HOST) -> int:
    """The preferred port or the next free one after it; any free one for 0."""
    if preferred == 0:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind((host, 0))
            return int(probe.getsockname()[1])
    for port in range(preferred, min(preferred + PORTS_TRIED, 65536)):
        if port_is_free(port, host):
            return port
    raise StartError(f"No free port on {host} between {preferred} and {preferred + PORTS_TRIED - 1}.")


def start_on_free_port(
    name: str,
    launch: Callable[[int], "subprocess.Popen[bytes]"],
    is_ready: Callable[[int], bool],
    *,
    preferred: int,
    log: Path,
    stop_signal: int,
) -> tuple["subprocess.Popen[bytes]", int]:
    """Launch, moving on to another port when somebody else takes ours between the look and the start.

    Returns the process, which answers, and its port. Raises StartError with the end of the log.
    """
    for _ in range(5):
        port = free_port(preferred)
        process = launch(port)
        if _wait_until_ready(process, lambda port=port: is_ready(port)):  # type: ignore[misc]
            return process, port
        died = process.poll() is not None
        stop(process, stop_signal, seconds=5)
        if not died or port_is_free(port):
            break
    raise StartError(f"{name} did not start. The end of {log}:\n{tail(log)}")


def _wait_until_ready(process: "subprocess.Popen[bytes]", is_ready: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return False
        if is_ready():
            return True
        time.sleep(POLL_SECONDS)
    return False
