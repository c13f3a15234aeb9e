"""Shows a long training on a terminal or in a log, and stops it when asked: by Ctrl-C, a signal, or the clock."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from django.core.management.base import OutputWrapper

from generation.engines.base_model.progress import StageProgress, StopTraining

_LOG_EVERY = 15.0
_RECENT = 0.9
"""How much of the shown loss is what was shown before: single batches differ too much to be read."""


class TrainingDisplay:
    """A report for `train_base`: one line, rewritten on a terminal, or a line every 15 s in a log."""

    def __init__(self, out: OutputWrapper, minutes: float | None) -> None:
        self._out = out
        self._deadline = time.monotonic() + 60 * minutes if minutes is not None else float("inf")
        self.is_asked_to_stop = False
        self._stage, self._began, self._from, self._loss = "", 0.0, 0, 0.0
        self._shown = 0.0

    def __call__(self, progress: StageProgress) -> None:
        """Show where the training is. Raises StopTraining when it was asked to stop or its time is over."""
        now = time.monotonic()
        if progress.stage != self._stage:
            self._stage, self._began, self._from = progress.stage, now, progress.done
            self._loss = progress.loss or 0.0
            self._shown = 0.0
        if progress.loss is not None:
            self._loss = _RECENT * self._loss + (1 - _RECENT) * progress.loss
        is_over = progress.done == progress.total
        if progress.note:
            self._out.write(("\n" if self._out.isatty() else "") + progress.note)
        if self._out.isatty():
            self._out.write(f"\r\x1b[K{self._line(progress, now)}", ending="\n" if is_over else "")
            self._out.flush()
        elif is_over or now - self._shown >= _LOG_EVERY:
            self._out.write(self._line(progress, now))
            self._shown = now
        if self.is_asked_to_stop or now >= self._deadline:
            raise StopTraining

    def _line(self, progress: StageProgress, now: float) -> str:
        line = f"{progress.stage}: {progress.done} of {progress.total}"
        if progress.loss is not None:
            line += f", loss {self._loss:.4f}"
        steps, seconds = progress.done - self._from, now - self._began
        if steps > 0 and seconds > 0 and progress.total > 1:
            line += f", {steps * progress.images / seconds:.1f} images/s"
            line += f", {_duration((progress.total - progress.done) * seconds / steps)} left"
        return line


@contextmanager
def stops_on_signals(display: TrainingDisplay) -> Iterator[None]:
    """Let the first Ctrl-C or SIGTERM stop after the step that runs; a second one ends the process at once."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def ask(number: int, frame: FrameType | None) -> None:
        display.is_asked_to_stop = True
        signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, ask)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min" if minutes else "< 1 min"
