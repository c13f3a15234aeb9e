"""Specialists: small adapters (LoRA) that one loaded base model puts on and takes off, job by job."""

from __future__ import annotations

from typing import Any

from generation.contracts import EngineError, ModelFiles
from generation.modelfiles import adapter_note, verify_folder

WEIGHTS = "pytorch_lora_weights.safetensors"
"""The name under which every diffusers program looks for an adapter."""


def hold_adapter(pipeline: Any, files: ModelFiles) -> float:
    """Load an adapter beside those that the pipeline holds already, without putting it on; return its strength.

    Raises EngineError(permanent=True) for one of another base, with other shapes, or with numbers that are none.
    """
    verify_folder(files)
    strength = _strength(files)
    if _name(files) in _held(pipeline):
        return strength
    state = _finite_tensors(files)
    _check_shapes(pipeline, state, files)
    try:
        pipeline.load_lora_weights(state, adapter_name=_name(files))
    except (ValueError, KeyError, TypeError, RuntimeError) as error:
        raise EngineError(f"{files.key}: the adapter does not load: {error}", permanent=True) from error
    if _name(files) not in _held(pipeline):
        raise EngineError(f"{files.key}: nothing in the adapter belongs to this base.", permanent=True)
    pipeline.disable_lora()
    return strength


def wear_adapter(pipeline: Any, files: ModelFiles | None) -> None:
    """Put on this adapter and no other; None takes off whatever is worn, and leaves the base as it was."""
    if files is not None:
        pipeline.enable_lora()
        pipeline.set_adapters([_name(files)])
    elif _held(pipeline):
        pipeline.disable_lora()


def _name(files: ModelFiles) -> str:
    """By content: two versions with the same weights are one adapter."""
    return f"adapter_{files.sha256[:16]}"


def _held(pipeline: Any) -> set[str]:
    if not hasattr(pipeline, "get_list_adapters"):
        return set()
    return {name for names in pipeline.get_list_adapters().values() for name in names}


def _strength(files: ModelFiles) -> float:
    note = adapter_note(files.folder)
    if note is None or files.base is None or note.base_sha256 != files.base.sha256:
        raise EngineError(f"{files.key}: it was trained on another base model.", permanent=True)
    return note.strength


def _finite_tensors(files: ModelFiles) -> dict[str, Any]:
    from safetensors.torch import load_file

    path = files.folder / WEIGHTS
    if not path.is_file():
        raise EngineError(f"{files.key}: the folder holds no {WEIGHTS}.", permanent=True)
    state: dict[str, Any] = load_file(path)
    broken = next((name for name, tensor in state.items() if not bool(tensor.isfinite().all())), None)
    if broken:
        raise EngineError(f"{files.key}: {broken} holds numbers that are not finite.", permanent=True)
    return state


def _check_shapes(pipeline: Any, state: dict[str, Any], files: ModelFiles) -> None:
    """Compare every pair of matrices with the layer that it changes: a loader would only warn, or fail half-way."""
    denoiser = pipeline.unet if hasattr(pipeline, "unet") else pipeline.transformer
    layers = dict(denoiser.named_modules())
    for name, down in state.items():
        if not name.endswith(".lora_A.weight"):
            continue
        up = state.get(name.replace(".lora_A.", ".lora_B."))
        path = name.removeprefix("unet.").removeprefix("transformer.").removesuffix(".lora_A.weight")
        layer = getattr(layers.get(path), "base_layer", layers.get(path))
        weight = getattr(layer, "weight", None)
        if up is None or weight is None or down.shape[1] != weight.shape[1] or up.shape[0] != weight.shape[0]:
            raise EngineError(f"{files.key}: {path} does not fit the base model.", permanent=True)
