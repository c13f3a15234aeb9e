"""From a registry key to a working engine: the only place that follows the dotted paths."""

from importlib import import_module
from typing import Any, cast

from generation.contracts import EngineError, Generator, Guard, ModelFiles, RewardModel, Segmenter, Trainer
from generation.engines.runtime import Runtime
from generation.engines.specialists.lesson import Lessons
from generation.registries import GENERATORS, GUARDS, LESSONS, REWARD_MODELS, SEGMENTERS, TRAINERS, Entry


def load_generator(key: str, files: ModelFiles, runtime: Runtime) -> Generator:
    """Return the generator `key` with the weights in `files`. Raises EngineError."""
    return cast(Generator, _engine(GENERATORS, key)(files, runtime))


def load_reward_model(key: str, files: ModelFiles, runtime: Runtime) -> RewardModel:
    """Return the reward model `key` with the weights in `files`. Raises EngineError."""
    return cast(RewardModel, _engine(REWARD_MODELS, key)(files, runtime))


def load_guard(key: str) -> Guard:
    """Return the guard `key`. Raises EngineError."""
    return cast(Guard, _engine(GUARDS, key)())


def load_trainer(key: str, runtime: Runtime) -> Trainer:
    """Return the trainer `key`. Raises EngineError."""
    return cast(Trainer, _engine(TRAINERS, key)(runtime))


def load_segmenter(key: str, files: ModelFiles | None, runtime: Runtime) -> Segmenter:
    """Return the segmenter `key`; `files` are None for one without weights. Raises EngineError."""
    return cast(Segmenter, _engine(SEGMENTERS, key)(files, runtime))


def load_lessons(variant: str) -> Lessons:
    """Return what a specialist for `variant` is taught. Raises EngineError for a variant that has no specialist."""
    return cast(Lessons, _engine(LESSONS, variant)())


def _engine(registry: dict[str, Entry], key: str) -> Any:
    if key not in registry:
        raise EngineError(f"There is no engine {key}.", permanent=True)
    module, _dot, name = registry[key][1].rpartition(".")
    return getattr(import_module(module), name)
