"""`python -m canvas_review.launch [run|stop|reset]`: what `make run`, `make stop` and `make reset` do."""

import argparse
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from canvas_review.embedded.folders import DataLock, delete_data
from canvas_review.embedded.services import DataFolderBusyError
from canvas_review.embedded.startup import StartError
from canvas_review.environment import data_folder, load_dotenv
from canvas_review.launch.orphans import end_orphans
from canvas_review.launch.session import run, url_file
from canvas_review.launch.terminal import complain, say

BASE_DIR = Path(__file__).resolve().parent.parent.parent
STOP_SECONDS = 90.0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m canvas_review.launch", description=__doc__)
    parser.add_argument("action", nargs="?", default="run", choices=["run", "stop", "reset"])
    parser.add_argument("--force", action="store_true", help="reset: do not ask")
    options = parser.parse_args(arguments)
    load_dotenv(BASE_DIR)
    data_dir = data_folder(BASE_DIR)
    if options.action == "stop":
        return _stop(data_dir)
    if options.action == "reset":
        return _reset(data_dir, force=options.force)
    return _run(data_dir)


def _run(data_dir: Path) -> int:
    try:
        run(BASE_DIR, data_dir)
    except DataFolderBusyError:
        address = url_file(data_dir)
        known = f"running at {address.read_text()}" if address.exists() else "starting or in use by a command"
        say(f"Canvas Review is already {known} (data in {data_dir}). `make stop` stops it.")
        return 0
    except StartError as problem:
        complain(f"\n{problem}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped before everything was running.")
        return 130
    say("Stopped. Your data is kept.")
    return 0


def _stop(data_dir: Path) -> int:
    lock = DataLock(data_dir)
    launcher = lock.holder()
    if launcher is not None:
        say("Stopping Canvas Review; running work gets time to finish.")
        _end(launcher, lock)
    orphans = end_orphans(data_dir)
    url_file(data_dir).unlink(missing_ok=True)
    if orphans:
        say(f"Ended {orphans} processes that a killed launcher had left.")
    say("Stopped." if launcher or orphans else "Canvas Review is not running.")
    return 0


def _end(launcher: int, lock: DataLock) -> None:
    os.kill(launcher, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while lock.holder() == launcher:
        if time.monotonic() > deadline:
            with suppress(ProcessLookupError):
                os.kill(launcher, signal.SIGKILL)
        time.sleep(0.2)


def _reset(data_dir: Path, *, force: bool) -> int:
    if not data_dir.exists():
        say(f"There is no data in {data_dir}.")
        return 0
    if not force and input(f"Delete everything in {data_dir}, for good? Type yes: ").strip().lower() != "yes":
        say("Nothing was deleted.")
        return 1
    _stop(data_dir)
    try:
        delete_data(data_dir)
    except ValueError as problem:
        complain(str(problem))
        return 1
    say(f"Deleted {data_dir}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
