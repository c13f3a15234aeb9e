"""What the person at the terminal sees."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

WIDTH = 44


def say(text: str = "") -> None:
    print(text, flush=True)


def complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """One line: what is being done, and how long it took. The line stays open until it is done."""
    print(f"  {title} ".ljust(WIDTH, "."), end=" ", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        say("failed")
        raise
    say(f"{time.monotonic() - began:.1f} s")
