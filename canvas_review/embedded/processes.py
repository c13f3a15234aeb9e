"""Child processes that never outlive their parent."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 10 * 1024 * 1024

# Loaded here because nothing may be imported between fork and exec.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path | None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    death_signal: int = signal.SIGTERM,
    account: tuple[int, int] | None = None,
    own_session: bool = True,
) -> "subprocess.Popen[bytes]":
    """Start a command that gets `death_signal` from the kernel when this process dies (Linux).

    Call it from the main thread: the kernel watches the thread that forked. With a log its output is appended there,
    otherwise it shares ours. `account` is a (uid, gid) to run as, for root only. With `own_session` a Ctrl-C in the
    terminal does not reach it.
    """
    uid, gid = account or (None, None)
    output = log.open("ab") if log else None
    try:
        return subprocess.Popen(  # noqa: S603 - the callers' commands are constants and paths of ours
            [str(part) for part in command],
            stdin=subprocess.DEVNULL if log else None,
            stdout=output,
            stderr=subprocess.STDOUT if log else None,
            env=env,
            cwd=cwd,
            user=uid,
            group=gid,
            extra_groups=[] if account else None,
            start_new_session=own_session,
            preexec_fn=_die_with_parent(death_signal),  # it runs after the change of user, which would undo it
        )
    finally:
        if output:
            output.close()


def _die_with_parent(death_signal: int) -> Callable[[], None] | None:
    libc, parent = _libc, os.getpid()
    if libc is None:
        return None

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # the parent died before the request
            os._exit(1)

    return ask_kernel


def stop(process: "subprocess.Popen[bytes]", first_signal: int, seconds: float) -> bool:
    """Ask with a signal, wait, then kill the whole group. True if it went by itself within `seconds`."""
    willing = True
    if process.poll() is None:
        process.send_signal(first_signal)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            willing = False
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return willing


def processes_in(folder: Path, name: str) -> list[psutil.Process]:
    """Processes of that name working in that folder, whoever started them (servers change into their data folder)."""
    found = []
    for process in psutil.process_iter(["name"]):
        with suppress(psutil.Error, OSError):
            if (process.info["name"] or "").startswith(name) and Path(process.cwd()) == folder:
                found.append(process)
    return found


def end_leftovers(leftovers: list[psutil.Process], first_signal: int, seconds: float = 10) -> None:
    """End processes that a killed parent left behind, kindly at first."""
    for process in leftovers:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(first_signal)
    _, stubborn = psutil.wait_procs(leftovers, timeout=seconds)
    for process in stubborn:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(stubborn, timeout=5)


def turn_over(log: Path) -> None:
    """Begin a new log when the old one is large; one old one is kept."""
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))


def tail(log: Path, lines: int = 12) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
