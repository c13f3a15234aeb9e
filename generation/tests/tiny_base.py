"""A base model small enough to be trained in a test, and a program that trains it and dies at a chosen point.

Run as `python -m generation.tests.tiny_base FOLDER`, it trains once unbroken and once killed at every point of DEATHS,
each time in a process of its own, and prints what happened as JSON.
"""

import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from generation.engines.base_model.plan import AutoencoderPlan, DenoiserPlan, Plan
from generation.engines.base_model.progress import Report, StageProgress
from generation.engines.base_model.stages import Settings, train_base
from generation.modelfiles import folder_sha256

SHORT = Plan(
    name="short",
    seed=3,
    scenes=8,
    held_out=2,
    autoencoder=AutoencoderPlan(channels=8, steps=5, batch=2, crop=32, rate=2e-3),
    denoiser=DenoiserPlan(channels=(16, 32), width=32, text_layers=1, steps=5, batch=2, rate=1e-3, matrix_rate=2e-3),
)

NEVER, ALWAYS = 1e9, 0.0
"""Seconds between checkpoints."""


def ignore(progress: StageProgress) -> None:
    return None


def die(*args: Any, **kwargs: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def at_step(stage: str, step: int) -> Report:
    return lambda progress: die() if (progress.stage, progress.done) == (stage, step) else None


def before_naming(stage: str, count: int) -> Report:
    """Die when the `count`th file of a stage has all its bytes, but still the name of a draft."""

    def arm() -> None:
        written = iter(range(1, 1000))
        real = os.fsync
        os.fsync = lambda file: die() if next(written) == count else real(file)  # type: ignore[assignment]

    return _once(stage, arm)


def half_written(stage: str) -> Report:
    """Die by the system's hand in the middle of writing the next large file of a stage."""

    def arm() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    return _once(stage, arm)


def before_deleting(stage: str) -> Report:
    """Die when a new checkpoint is there and the oldest is not yet deleted."""

    def arm() -> None:
        Path.unlink = die  # type: ignore[method-assign]

    return _once(stage, arm)


def before_publishing() -> Report:
    """Die when the model's folder is complete, but still has the name of a draft."""

    def arm() -> None:
        Path.rename = die  # type: ignore[method-assign,assignment]

    return _once("model", arm)


def _once(stage: str, arm: Callable[[], None]) -> Report:
    """Return a report that arms the trap at the first step of a stage."""
    armed: list[bool] = []

    def report(progress: StageProgress) -> None:
        if progress.stage == stage and not armed:
            armed.append(True)
            arm()

    return report


DEATHS: tuple[tuple[str, Callable[[], Report], float], ...] = (
    ("scenes are drawn", lambda: at_step("scenes", 10), ALWAYS),
    ("autoencoder, nothing saved", lambda: at_step("autoencoder", 3), NEVER),
    ("autoencoder, just saved", lambda: at_step("autoencoder", 2), ALWAYS),
    ("autoencoder, checkpoint half written", lambda: half_written("autoencoder"), ALWAYS),
    ("autoencoder, checkpoint not yet named", lambda: before_naming("autoencoder", 1), ALWAYS),
    ("latents are encoded", lambda: at_step("latents", 10), ALWAYS),
    ("denoiser, checkpoint half written", lambda: half_written("denoiser"), ALWAYS),
    ("denoiser, checkpoint not yet named", lambda: before_naming("denoiser", 1), ALWAYS),
    ("denoiser, old checkpoint not yet deleted", lambda: before_deleting("denoiser"), ALWAYS),
    ("denoiser, last step", lambda: at_step("denoiser", 5), ALWAYS),
    ("model not yet named", before_publishing, ALWAYS),
)


def in_a_child(workspace: Path, report: Report, seconds_between: float) -> int:
    """Train in a forked process; return the signal that killed it, or 0."""
    child = os.fork()
    if not child:
        try:
            train_base(Settings(SHORT, seconds_between=seconds_between), workspace, report)
        except BaseException as error:  # noqa: BLE001  # a child must never go on as if it were the parent
            print(repr(error), file=sys.stderr)
            os._exit(1)
        os._exit(0)
    _child, status = os.waitpid(child, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0, "the training failed by itself"
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def main(folder: Path) -> None:
    import torch
    from diffusers import AutoencoderTiny, StableDiffusionInpaintPipeline  # noqa: F401  # paid for once, not per child

    torch.set_num_threads(1)  # a pool of threads would not survive the fork
    story: dict[str, Any] = {"unbroken": in_a_child(folder / "unbroken", ignore, NEVER), "deaths": {}}
    for name, trap, seconds_between in DEATHS:
        killed_by = in_a_child(folder / "broken", trap(), seconds_between)
        story["deaths"][name] = {"signal": killed_by, "files": files_in(folder / "broken")}
    story["at last"] = in_a_child(folder / "broken", ignore, ALWAYS)
    story["models"] = [folder_sha256(folder / name / "model") for name in ("unbroken", "broken")]
    print(json.dumps(story))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
