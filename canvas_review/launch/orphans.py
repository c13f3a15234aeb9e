"""Processes that outlived a launcher which was killed."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import psutil

from canvas_review.embedded.postgres_home import moved_folder
from canvas_review.embedded.processes import end_leftovers, processes_in
from canvas_review.embedded.valkey import PROGRAM

# Every child has this variable, and its children too; its value is the data folder.
MARK = "CANVAS_LAUNCHED_FOR"


def end_orphans(data_dir: Path) -> int:
    """End them, the servers last, and say how many they were. The caller knows that no launcher is running."""
    marked = _marked(data_dir)
    end_leftovers(marked, signal.SIGTERM, seconds=3)
    valkeys = processes_in(data_dir / "valkey", PROGRAM)
    end_leftovers(valkeys, signal.SIGTERM)
    servers = [
        server
        for folder in (data_dir / "postgres", moved_folder(data_dir))
        for server in processes_in(folder / "cluster", "postgres")
    ]
    end_leftovers(servers, signal.SIGINT)
    return len(marked) + len(valkeys) + len(servers)


def _marked(data_dir: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["name"]):
        with suppress(psutil.Error, OSError):
            is_server = (process.info["name"] or "").startswith((PROGRAM, "postgres"))
            if not is_server and process.pid != os.getpid() and process.environ().get(MARK) == str(data_dir):
                found.append(process)
    return found
