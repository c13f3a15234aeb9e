"""A model folder is plain data with a pinned hash, or it is refused."""

import json
import shutil
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save, save_file

from generation.contracts import EngineError, ModelFiles
from generation.modelfiles import check_folder, check_safetensors, folder_sha256, verify_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    (folder / "unet").mkdir(parents=True)
    save_file({"a": np.arange(6, dtype=np.float32), "b": np.zeros((2, 3), np.int64)}, folder / "unet" / "w.safetensors")
    index = {"_class_name": "Pipeline", "unet": ["diffusers", "UNet2DConditionModel"], "vae": [None, None]}
    (folder / "model_index.json").write_text(json.dumps(index))
    return folder


def refusal(folder: Path) -> str:
    with pytest.raises(EngineError) as caught:
        check_folder(folder)
    assert caught.value.permanent
    return str(caught.value)


def test_a_sound_folder_passes_and_its_hash_is_stable(folder: Path, tmp_path: Path) -> None:
    sha256 = folder_sha256(folder)
    verify_folder(ModelFiles("m", folder, sha256))
    copy = tmp_path / "elsewhere"
    shutil.copytree(folder, copy)
    assert folder_sha256(copy) == sha256


def test_the_hash_covers_content_names_and_places_but_no_readme(folder: Path) -> None:
    sha256 = folder_sha256(folder)
    (folder / "README.md").write_text("words")
    assert folder_sha256(folder) == sha256
    (folder / "notes.txt").write_text("words")
    with_notes = folder_sha256(folder)
    (folder / "notes.txt").rename(folder / "notez.txt")
    renamed = folder_sha256(folder)
    (folder / "notez.txt").rename(folder / "unet" / "notes.txt")
    moved = folder_sha256(folder)
    (folder / "unet" / "notes.txt").write_text("wordy")
    assert len({sha256, with_notes, renamed, moved, folder_sha256(folder)}) == 5


def test_other_files_than_the_registered_ones_are_refused(folder: Path) -> None:
    files = ModelFiles("m", folder, folder_sha256(folder))
    save_file({"a": np.ones(6, dtype=np.float32)}, folder / "unet" / "w.safetensors")
    with pytest.raises(EngineError, match="not the ones that were registered"):
        verify_folder(files)


@pytest.mark.parametrize("name", ["w.bin", "unet/w.ckpt", "w.pt", "w.pth", "w.pkl", "text/w.pickle"])
def test_pickled_weights_are_refused(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"\x80\x04.")
    assert "pickled" in refusal(folder)


def test_code_is_refused(folder: Path) -> None:
    (folder / "unet" / "modeling.py").write_text("print('run')")
    assert "code" in refusal(folder)


def test_a_link_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_text("{}")
    (folder / "linked.json").symlink_to(tmp_path / "outside.json")
    assert "links" in refusal(folder)


@pytest.mark.parametrize("folder_name", ["absent", "empty"])
def test_a_missing_or_empty_folder_is_refused(tmp_path: Path, folder_name: str) -> None:
    (tmp_path / "empty").mkdir()
    assert "missing" in refusal(tmp_path / folder_name)
    with pytest.raises(EngineError):
        folder_sha256(tmp_path / folder_name)


@pytest.mark.parametrize(
    "index",
    [
        {"_class_name": ["pipeline_mine", "Mine"]},
        {"_class_name": "Pipeline", "_module": "mine"},
        {"_class_name": "Pipeline", "unet": ["os", "system"]},
        ["not", "a", "mapping"],
    ],
)
def test_a_pipeline_of_its_own_is_refused(folder: Path, index: object) -> None:
    (folder / "model_index.json").write_text(json.dumps(index))
    assert "model_index.json" in refusal(folder)


@pytest.mark.parametrize("text", ["{", '{"_class_name": "A", "_class_name": "B"}', "[" * 100_000])
def test_a_broken_index_is_refused(folder: Path, text: str) -> None:
    (folder / "model_index.json").write_text(text)
    assert "model_index.json" in refusal(folder)


def _file(header: object, values: bytes) -> bytes:
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + values


def _tensor(begin: int, end: int, shape: object = (2,), dtype: str = "F32") -> dict[str, object]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"short",
        (2**62).to_bytes(8, "little") + b"{}",
        _file({"a": _tensor(0, 8)}, b"12345678")[:-1],
        _file({"a": _tensor(0, 8)}, b"123456789"),
        _file({"a": _tensor(0, 8), "b": _tensor(4, 12)}, b"123456789012"),
        _file({"a": _tensor(0, 8), "b": _tensor(12, 20)}, b"x" * 20),
        _file({"a": _tensor(0, 8, shape=(3,))}, b"12345678"),
        _file({"a": _tensor(0, 8, shape=(-1, -2))}, b"12345678"),
        _file({"a": _tensor(0, 8, dtype="OBJECT")}, b"12345678"),
        _file({"a": {"dtype": "F32"}}, b""),
        _file({"a": 7}, b""),
        _file([1, 2], b""),
        (8).to_bytes(8, "little") + b"not json",
    ],
)
def test_a_bad_safetensors_header_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "w.safetensors"
    path.write_bytes(content)
    with pytest.raises(EngineError):
        check_safetensors(path)


@given(st.binary(max_size=200))
def test_no_bytes_make_the_header_check_fall_over(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("st") / "w.safetensors"
    path.write_bytes(content)
    with suppress(EngineError):
        check_safetensors(path)


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=5).filter(lambda name: name != "__metadata__"),
        st.lists(st.integers(0, 3), max_size=3),
        max_size=4,
    )
)
def test_every_file_the_library_writes_passes(
    tmp_path_factory: pytest.TempPathFactory, shapes: dict[str, list[int]]
) -> None:
    path = tmp_path_factory.mktemp("st") / "w.safetensors"
    path.write_bytes(save({name: np.zeros(shape, np.float16) for name, shape in shapes.items()}, metadata={"a": "b"}))
    check_safetensors(path)
