"""The extra rembg: called as the package wants to be called, and clear about what is missing."""

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from generation.contracts import EngineError, ModelFiles, Rectangle
from generation.engines.loading import load_segmenter
from generation.engines.runtime import Runtime
from generation.tests.image_cast import product_photo


class Session:
    """What `rembg.new_session` returns: `predict(picture)` gives a list of grey pictures as large as it."""

    def predict(self, picture: Pillow.Image) -> list[Pillow.Image]:
        red, _green, blue = (np.asarray(band, np.int16) for band in picture.split())
        return [Pillow.fromarray(np.clip((red - blue) * 4, 0, 255).astype(np.uint8))]


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """A package of that name with the one function that is used (rembg 2.0.86: model_name, then keywords)."""
    called: list[tuple[str, Any]] = []

    def new_session(model_name: str = "u2net", *args: Any, sess_opts: Any = None, **kwargs: Any) -> Session:
        called.append((model_name, kwargs))
        return Session()

    module = ModuleType("rembg")
    module.new_session = new_session  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "rembg", module)
    monkeypatch.delenv("U2NET_HOME", raising=False)
    return called


def weights(folder: Path, *names: str) -> ModelFiles:
    for name in names:
        (folder / name).write_bytes(b"x")
    return ModelFiles(key="rembg", folder=folder, sha256="0" * 64)


def test_it_opens_the_model_that_lies_in_the_folder(
    tmp_path: Path, package: list[tuple[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    segmenter = load_segmenter("rembg", weights(tmp_path, "isnet-general-use.onnx"), Runtime())
    assert package == [("isnet-general-use", {"providers": ["CPUExecutionProvider"]})]
    photo, exact = product_photo()
    found = segmenter.segment(photo, None)
    assert (found & exact).sum() / (found | exact).sum() > 0.9
    assert not segmenter.segment(photo, Rectangle(0, 0, 0.5, 1))[:, 128:].any()


def test_what_is_missing_is_named(tmp_path: Path, package: list[tuple[str, Any]]) -> None:
    for files in (None, weights(tmp_path), weights(tmp_path, "a.onnx", "b.onnx")):
        with pytest.raises(EngineError, match="SEGMENTER_MODEL") as refused:
            load_segmenter("rembg", files, Runtime())
        assert refused.value.permanent
    assert package == []  # nothing was opened, so nothing was fetched from a network


def test_without_the_package_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rembg", None)
    monkeypatch.setenv("U2NET_HOME", "elsewhere")
    with pytest.raises(EngineError, match="not installed") as refused:
        load_segmenter("rembg", weights(tmp_path, "u2net.onnx"), Runtime())
    assert refused.value.permanent
