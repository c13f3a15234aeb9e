"""Watching the children: one that ends is started again, later each time it ends soon."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from canvas_review.embedded.startup import StartError
from canvas_review.launch.terminal import say

LOOK_SECONDS = 0.5
FIRST_DELAY = 1.0
LONGEST_DELAY = 30.0
STABLE_SECONDS = 60.0


class Child(Protocol):
    @property
    def label(self) -> str: ...
    @property
    def log(self) -> Path: ...
    def start(self) -> None: ...
    def is_alive(self) -> bool: ...


@dataclass
class _Watched:
    child: Child
    started: float
    delay: float
    due: float | None = None  # when it is to be started again


class Supervisor:
    """Watches children that are already running, until `finished` is set."""

    def __init__(self, children: Sequence[Child]) -> None:
        now = time.monotonic()
        self.finished = threading.Event()
        self._watched = [_Watched(child, started=now, delay=FIRST_DELAY) for child in children]

    def watch(self) -> None:
        while not self.finished.wait(LOOK_SECONDS):
            for watched in self._watched:
                if self.finished.is_set():
                    return
                self._look(watched)

    def _look(self, watched: _Watched) -> None:
        now = time.monotonic()
        if watched.due is not None:
            if now >= watched.due:
                self._start_again(watched)
        elif not watched.child.is_alive():
            if now - watched.started > STABLE_SECONDS:
                watched.delay = FIRST_DELAY
            self._plan(watched, f"ended unexpectedly (see {watched.child.log})")

    def _start_again(self, watched: _Watched) -> None:
        try:
            watched.child.start()
        except StartError as problem:
            say(str(problem))
            self._plan(watched, "did not start")
        else:
            watched.started, watched.due = time.monotonic(), None
            say(f"  {watched.child.label} is running again")

    def _plan(self, watched: _Watched, what: str) -> None:
        say(f"  {watched.child.label} {what}; starting it again in {watched.delay:.0f} s")
        watched.due = time.monotonic() + watched.delay
        watched.delay = min(watched.delay * 2, LONGEST_DELAY)
