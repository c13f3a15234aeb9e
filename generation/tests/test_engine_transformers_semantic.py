"""An automatic segmenter from a folder of transformers: a tiny model, made here, that sees bright as product."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from generation.contracts import EngineError, Image, ModelFiles, Rectangle
from generation.engines.loading import load_segmenter
from generation.engines.runtime import Runtime
from generation.modelfiles import folder_sha256

SIDE = 64


def files(folder: Path) -> ModelFiles:
    return ModelFiles(key="tiny", folder=folder, sha256=folder_sha256(folder))


def make_model(folder: Path, labels: dict[int, str]) -> Path:
    """A Segformer of the library's own class with random weights, small enough for a test."""
    import torch
    from transformers import SegformerConfig, SegformerForSemanticSegmentation

    torch.manual_seed(0)
    config = SegformerConfig(
        num_encoder_blocks=1, depths=[1], sr_ratios=[1], hidden_sizes=[16], patch_sizes=[3], strides=[2],
        num_attention_heads=[1], mlp_ratios=[1], decoder_hidden_size=16, id2label=labels,
        label2id={name: label for label, name in labels.items()},
    )  # fmt: skip
    SegformerForSemanticSegmentation(config).save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps({"size": {"height": SIDE, "width": SIDE}}))
    return folder


def spot() -> Image:
    photo = np.full((150, 200, 3), 20, np.uint8)
    photo[40:110, 60:140] = 240
    return photo


class Logits:
    """Stands in for the network alone: what the engine makes of its answer is told apart from random weights."""

    def __init__(self, model: Any, answer: Any) -> None:
        self.config, self._answer = model.config, answer

    def __call__(self, pixel_values: Any) -> Any:
        return type("Output", (), {"logits": self._answer(pixel_values)})()


def loaded(folder: Path, labels: dict[int, str]) -> Any:
    return load_segmenter("transformers", files(make_model(folder, labels)), Runtime())


def test_a_real_model_answers_at_full_resolution_and_needs_no_torchvision(tmp_path: Path) -> None:
    segmenter = loaded(tmp_path, {0: "background", 1: "product"})
    scores = segmenter._scores(segmenter._prepare(spot()))
    assert scores.shape == (SIDE // 2, SIDE // 2)
    assert np.isfinite(scores).all()
    try:
        assert segmenter.segment(spot(), None).shape == (150, 200)
    except EngineError as error:  # random weights may see nothing or everything
        assert error.permanent
    assert "torchvision" not in sys.modules


@pytest.mark.parametrize(
    ("labels", "background", "bright"),
    [({0: "product"}, 0, 0), ({0: "scene", 1: "product"}, 0, 1), ({0: "cup", 1: "Background", 2: "vase"}, 1, 2)],
)
def test_what_is_not_background_is_product(
    tmp_path: Path, labels: dict[int, str], background: int, bright: int
) -> None:
    import torch

    segmenter = loaded(tmp_path, labels)

    def answer(pixels: Any) -> Any:
        brightness = pixels.mean(dim=1)
        logits = torch.full((1, len(labels), SIDE, SIDE), -50.0)
        if len(labels) > 1:
            logits[:, background] = -brightness
        logits[:, bright] = brightness
        return logits

    segmenter._model = Logits(segmenter._model, answer)
    mask = segmenter.segment(spot(), None)
    assert mask[75, 100]
    assert not mask[10, 10]
    half = segmenter.segment(spot(), Rectangle(0, 0, 0.5, 1))
    assert half[75, 90]
    assert not half[75, 110]


def test_a_model_that_knows_no_background_and_one_that_finds_nothing_say_so(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="background") as refused:
        loaded(tmp_path / "many", {0: "cup", 1: "vase", 2: "shoe"})
    assert refused.value.permanent
    segmenter = loaded(tmp_path / "one", {0: "product"})
    segmenter._model = Logits(segmenter._model, lambda pixels: pixels[:, :1] * 0 - 1)
    with pytest.raises(EngineError, match="No product was found"):
        segmenter.segment(spot(), None)


def test_a_pickle_a_changed_file_and_no_folder_are_refused(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "model", {0: "thing"})
    pinned = files(folder)
    (folder / "preprocessor_config.json").write_text("{}")
    with pytest.raises(EngineError, match="not the ones"):
        load_segmenter("transformers", pinned, Runtime(dtype="float32", device="cpu"))
    (folder / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(EngineError, match="pickled"):
        load_segmenter("transformers", files(folder), Runtime())
    with pytest.raises(EngineError, match="SEGMENTER_MODEL"):
        load_segmenter("transformers", None, Runtime())
