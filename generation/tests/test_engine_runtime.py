"""A runtime says where to compute, makes seeds mean the same everywhere, and holds one base model."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from generation.contracts import EngineError, ModelFiles
from generation.engines.loading import load_generator, load_guard, load_reward_model, load_trainer
from generation.engines.runtime import Runtime


def _files(sha256: str) -> ModelFiles:
    return ModelFiles("some", Path("/nowhere"), sha256)


def test_device_and_number_format_are_what_was_asked_for() -> None:
    assert Runtime("cpu", "bfloat16").torch_dtype() is torch.bfloat16
    assert Runtime("cpu").torch_device() == torch.device("cpu")


@pytest.mark.parametrize("runtime", [Runtime(device="abacus"), Runtime(device="cuda:99")])
def test_a_device_that_is_not_there_is_an_engine_error(runtime: Runtime) -> None:
    if runtime.device == "cuda:99" and torch.cuda.is_available():
        pytest.skip("this machine has CUDA")
    with pytest.raises(EngineError):
        runtime.torch_device()


def test_an_unknown_number_format_is_an_engine_error() -> None:
    with pytest.raises(EngineError):
        Runtime(dtype="float8").torch_dtype()


def test_a_seed_gives_its_own_noise_whatever_stands_beside_it() -> None:
    alone = torch.rand(3, generator=Runtime().generators([7])[0])
    beside = torch.rand(3, generator=Runtime().generators([5, 7])[1])
    assert torch.equal(alone, beside)


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_outside_the_range_is_an_engine_error(seed: int) -> None:
    with pytest.raises(EngineError):
        Runtime().generators([seed])


def test_a_process_keeps_one_base_model_per_device() -> None:
    loads: list[str] = []

    def load(name: str) -> str:
        loads.append(name)
        return name

    runtime = Runtime()
    assert runtime.keep_loaded(_files("aa"), lambda: load("first")) == "first"
    assert runtime.keep_loaded(_files("aa"), lambda: load("again")) == "first"
    assert runtime.keep_loaded(_files("bb"), lambda: load("second")) == "second"
    assert runtime.keep_loaded(_files("aa"), lambda: load("third")) == "third"
    assert Runtime(dtype="bfloat16").keep_loaded(_files("aa"), lambda: load("half")) == "half"
    assert runtime.keep_loaded(_files("aa"), lambda: load("fourth")) == "fourth"
    assert loads == ["first", "second", "third", "half", "fourth"]


def test_a_load_that_fails_leaves_nothing_behind() -> None:
    def fail() -> str:
        raise EngineError("broken", permanent=True)

    with pytest.raises(EngineError):
        Runtime().keep_loaded(_files("cc"), fail)
    assert Runtime().keep_loaded(_files("cc"), lambda: "sound") == "sound"


def test_an_unknown_key_is_an_engine_error(tmp_path: Path) -> None:
    files = ModelFiles("none", tmp_path, "")
    for load in (
        lambda: load_generator("none", files, Runtime()),
        lambda: load_reward_model("none", files, Runtime()),
        lambda: load_guard("none"),
        lambda: load_trainer("none", Runtime()),
    ):
        with pytest.raises(EngineError):
            load()


def test_naming_every_engine_loads_no_gpu_library_and_no_django() -> None:
    script = """
import sys
from importlib import import_module
from generation import registries
for registry in (registries.GENERATORS, registries.REWARD_MODELS, registries.TRAINERS):
    for _label, path in registry.values():
        module, _dot, name = path.rpartition(".")
        getattr(import_module(module), name)
import generation.engines.loading
print(sorted({"torch", "diffusers", "transformers", "django"} & set(sys.modules)))
"""
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
