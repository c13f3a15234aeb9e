"""Model folders: what may lie in one, and the hash that pins it.

Only plain data is accepted: tensors in safetensors, configuration in JSON and text. Pickles and Python files can run
code when they are opened, so a folder that holds one is refused before any library looks at it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generation.contracts import EngineError, ModelFiles
from generation.contracts import gettext_noop as _

PINNED_SUFFIXES = frozenset({".safetensors", ".json", ".txt", ".model"})
"""What a loader reads (`.model` is a sentencepiece vocabulary); the hash covers exactly these."""

PICKLED_SUFFIXES = frozenset({".bin", ".ckpt", ".pt", ".pth", ".pkl", ".pickle", ".joblib", ".npz", ".npy"})
CODE_SUFFIXES = frozenset({".py", ".pyc", ".so", ".pyd", ".dll"})
KNOWN_LIBRARIES = frozenset({"diffusers", "transformers", "stable_diffusion"})
"""What a pipeline's parts may be loaded from; `stable_diffusion` is diffusers' own name for its safety checker."""

ADAPTER_NOTE = "adapter.json"
"""The file of an adapter's folder that says what it belongs to, and how it likes to begin."""

_CHUNK = 1 << 20
_LONGEST_HEADER = 100_000_000
_BYTES_PER_VALUE = {
    "F64": 8, "I64": 8, "U64": 8, "C64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2, "U16": 2,
    "I8": 1, "U8": 1, "BOOL": 1, "F8_E4M3": 1, "F8_E5M2": 1, "F8_E8M0": 1, "F8_E4M3FNUZ": 1, "F8_E5M2FNUZ": 1,
}  # fmt: skip


def folder_sha256(folder: Path) -> str:
    """Return the hex digest of what a loader reads in `folder`: paths, sizes and bytes in the order of their paths.

    A README beside the weights may change without changing the model. Raises EngineError when there is nothing to
    hash.
    """
    digest = hashlib.sha256()
    paths = [path for path in _files(folder) if path.suffix in PINNED_SUFFIXES]
    if not paths:
        raise EngineError(_("The model folder is missing or holds no weights."), permanent=True)
    for path in paths:
        name = path.relative_to(folder).as_posix()
        digest.update(f"{len(name)}:{name}:{path.stat().st_size}:".encode())
        with path.open("rb") as stream:
            while block := stream.read(_CHUNK):
                digest.update(block)
    return digest.hexdigest()


def check_folder(folder: Path) -> None:
    """Refuse a folder that is unsafe or broken: pickles, code, links, odd pipeline parts, bad safetensors headers."""
    paths = list(_files(folder))
    if not any(path.suffix == ".safetensors" for path in paths):
        raise EngineError(_("The model folder is missing or holds no safetensors weights."), permanent=True)
    for path in paths:
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise EngineError(f"{name}: links are refused, the file they lead to is not pinned.", permanent=True)
        if path.suffix in PICKLED_SUFFIXES:
            raise EngineError(f"{name}: pickled weights are refused, only safetensors are loaded.", permanent=True)
        if path.suffix in CODE_SUFFIXES:
            raise EngineError(f"{name}: code in a model folder is refused.", permanent=True)
        if path.suffix == ".safetensors":
            check_safetensors(path)
    _check_model_index(folder / "model_index.json")


def verify_folder(files: ModelFiles) -> None:
    """Check the folder and that its content is the one pinned by `files.sha256`.

    Raises EngineError(permanent=True).
    """
    check_folder(files.folder)
    if folder_sha256(files.folder) != files.sha256:
        raise EngineError(f"{files.key}: the files are not the ones that were registered.", permanent=True)


@dataclass(frozen=True)
class AdapterNote:
    """`base` names the folder of the model that an adapter was trained on, `base_sha256` pins it.

    `strength` is how much noise painting begins with, over what is given carried on to the canvas's edge: 1 is noise
    alone, and near 0 nothing new.
    """

    base: str
    base_sha256: str
    strength: float = 1.0


def adapter_note(folder: Path) -> AdapterNote | None:
    """Return what an adapter says of itself; None for a folder that is a whole model.

    Raises EngineError for a note that cannot be read.
    """
    path = folder / ADAPTER_NOTE
    if not path.exists():
        return None
    try:
        said = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_without_duplicates)
        note = AdapterNote(said["base"], said["base_sha256"], said.get("strength", 1.0))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _broken(path, "it does not name a base model") from error
    if not isinstance(note.base, str) or not isinstance(note.base_sha256, str):
        raise _broken(path, "it does not name a base model")
    if isinstance(note.strength, bool) or not isinstance(note.strength, int | float) or not 0 < note.strength <= 1:
        raise _broken(path, "its strength is not a number above 0 and up to 1")
    return note


def check_safetensors(path: Path) -> None:
    """Check the header of one safetensors file: tensors known, in bounds, without gaps or overlaps.

    The layout is eight bytes of little-endian header length, a JSON header, then the values.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        if size < 8 or length > min(size - 8, _LONGEST_HEADER):
            raise _broken(path, "the header is cut off")
        raw = stream.read(length)
    try:
        header = json.loads(raw, object_pairs_hook=_without_duplicates)
        tensors = [_extent(entry) for name, entry in header.items() if name != "__metadata__"]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _broken(path, "the header cannot be read") from error
    position = 0
    for begin, end in sorted(tensors):
        if begin != position or end < begin:
            raise _broken(path, "tensors overlap or leave gaps")
        position = end
    if position != size - 8 - length:
        raise _broken(path, "tensors do not fill the file")


def _extent(entry: dict[str, Any]) -> tuple[int, int]:
    """Return a tensor's (begin, end) after checking it against dtype and shape."""
    begin, end = entry["data_offsets"]
    values = 1
    for side in entry["shape"]:
        if not isinstance(side, int) or side < 0:
            raise ValueError("shape")
        values *= side
    if (
        not isinstance(begin, int)
        or not isinstance(end, int)
        or end - begin != values * _BYTES_PER_VALUE[entry["dtype"]]
    ):
        raise ValueError("extent")
    return begin, end


def _check_model_index(path: Path) -> None:
    if not path.exists():
        return
    try:
        index = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError) as error:
        raise _broken(path, "it is not valid JSON") from error
    if not isinstance(index, dict) or not isinstance(index.get("_class_name"), str) or "_module" in index:
        raise _broken(path, "it names a pipeline of its own")
    for name, part in index.items():
        if isinstance(part, list) and part and part[0] is not None and part[0] not in KNOWN_LIBRARIES:
            raise _broken(path, f"{name} comes from the unknown library {part[0]}")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _value in pairs}) != len(pairs):
        raise ValueError("duplicate key")
    return dict(pairs)


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below `folder` in the order of their relative posix paths."""
    found = [path for path in folder.rglob("*") if path.is_symlink() or path.is_file()]
    yield from sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def _broken(path: Path, why: str) -> EngineError:
    return EngineError(f"{path.name}: {why}.", permanent=True)
