"""`python -m canvas_review.embedded exec [--ephemeral] -- COMMAND...`: run a command with the services it needs."""

import argparse
import os
import shutil
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import NoReturn

from canvas_review.embedded.folders import ephemeral_folder
from canvas_review.embedded.processes import spawn
from canvas_review.embedded.services import DataFolderBusyError, locked, running
from canvas_review.embedded.startup import StartError
from canvas_review.environment import data_folder, load_dotenv, running_services

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m canvas_review.embedded", description=__doc__)
    parser.add_argument("action", choices=["exec"])
    parser.add_argument("--ephemeral", action="store_true", help="throw-away data; .env is not read")
    border = arguments.index("--") if "--" in arguments else len(arguments)
    options, command = parser.parse_args(arguments[:border]), arguments[border + 1 :]
    if not command:
        parser.error("name a command after --")
    signal.signal(signal.SIGTERM, _leave)
    try:
        with ExitStack() as stack:
            _provide_services(stack, ephemeral=options.ephemeral)
            return _run(command)
    except (StartError, DataFolderBusyError) as problem:
        print(problem, file=sys.stderr)
        return 1


def _provide_services(stack: ExitStack, *, ephemeral: bool) -> None:
    if ephemeral:
        # Neither .env nor a running launcher: what is thrown away must never be somebody's real data.
        data_dir = stack.enter_context(ephemeral_folder())
        os.environ["CANVAS_DATA_DIR"] = str(data_dir)
    else:
        load_dotenv(BASE_DIR)
        data_dir = data_folder(BASE_DIR)
        for name, address in running_services(data_dir).items():
            os.environ.setdefault(name, address)
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return
    stack.enter_context(locked(data_dir))
    stack.enter_context(running(data_dir, ephemeral=ephemeral))


def _run(command: list[str]) -> int:
    """Run it in the foreground. Ctrl-C is for the command (the terminal sends it to both), SIGTERM is passed on."""
    if shutil.which(command[0]) is None:
        raise StartError(f"There is no command {command[0]}.")
    process = spawn(command, log=None, own_session=False)
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    code = process.wait()
    return 128 - code if code < 0 else code


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
