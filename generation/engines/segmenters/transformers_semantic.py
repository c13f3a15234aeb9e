"""Any semantic segmentation model of transformers in a local folder that tells a product from its background."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from generation.contracts import EngineError, Image, Mask, ModelFiles, Rectangle, Stroke
from generation.contracts import gettext_noop as _
from generation.engines.runtime import Runtime
from generation.engines.segmenters.products import keep_within, require_product
from generation.modelfiles import verify_folder

Floats = npt.NDArray[np.float32]

_SIDE = 512
_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet, where a folder does not say its own
_BACKGROUNDS = frozenset({"background", "bg"})


class TransformersSemantic:
    """Implements `contracts.Segmenter` with an `AutoModelForSemanticSegmentation`.

    The model has one label (product), two (scene, product), or any number of which one is called background. Pixels
    are prepared here, as the folder's `preprocessor_config.json` says: the image processors of transformers would
    bring another library along.
    """

    def __init__(self, files: ModelFiles | None, runtime: Runtime) -> None:
        """Load the model, or take the one this process holds. Raises EngineError when the folder is unfit."""
        if files is None:
            raise EngineError(_("Set SEGMENTER_MODEL to the folder of a segmentation model."), permanent=True)
        self._runtime = runtime
        self._model = runtime.keep_loaded(files, lambda: _load(files, runtime))
        self._background = _background(files.key, self._model.config)
        self._prepare = _Preparation(files.folder / "preprocessor_config.json")

    def segment(self, photo: Image, rectangle: Rectangle | None, hints: Sequence[Stroke] = ()) -> Mask:
        """Return what the model takes for product, inside `rectangle` if there is one; `hints` are not used.

        Raises EngineError when the model fails or finds nothing.
        """
        scores = self._scores(self._prepare(photo))
        height, width = photo.shape[:2]
        mask: Mask = cv2.resize(scores, (width, height), interpolation=cv2.INTER_CUBIC) > 0
        return require_product(keep_within(mask, rectangle))

    def _scores(self, pixels: Floats) -> Floats:
        """Return h x w: how much more probably product than background, as a logit."""
        import torch

        batch = torch.from_numpy(pixels).to(self._runtime.torch_device(), self._runtime.torch_dtype())
        try:
            with torch.inference_mode():
                logits = self._model(pixel_values=batch).logits[0].float()
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"The segmenter failed: {error}", permanent=isinstance(error, ValueError)) from error
        if self._background is None:
            found = logits[0]
        else:
            others = [label for label in range(len(logits)) if label != self._background]
            found = torch.logsumexp(logits[others], dim=0) - logits[self._background]
        scores: Floats = found.cpu().numpy()
        if not np.isfinite(scores).all():
            raise EngineError(_("The segmenter returned no proper mask."), permanent=True)
        return scores


class _Preparation:
    """From a photo to 1 x 3 x h x w numbers as the model was taught to see them."""

    def __init__(self, path: Path) -> None:
        settings = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        size = settings.get("size", _SIDE)
        if isinstance(size, dict):
            size = (size.get("height") or size.get("shortest_edge") or _SIDE,
                    size.get("width") or size.get("shortest_edge") or _SIDE)  # fmt: skip
        self._size = (int(size), int(size)) if isinstance(size, int) else (int(size[0]), int(size[1]))
        is_normal = settings.get("do_normalize", True)
        self._mean = np.array(settings.get("image_mean", _MEAN) if is_normal else (0, 0, 0), np.float32)
        self._deviation = np.array(settings.get("image_std", _DEVIATION) if is_normal else (1, 1, 1), np.float32)

    def __call__(self, photo: Image) -> Floats:
        height, width = self._size
        small = cv2.resize(photo, (width, height), interpolation=cv2.INTER_AREA)
        values = (small.astype(np.float32) / 255 - self._mean) / self._deviation
        return np.ascontiguousarray(values.transpose(2, 0, 1)[None])


def _load(files: ModelFiles, runtime: Runtime) -> Any:
    verify_folder(files)
    from transformers import AutoModelForSemanticSegmentation
    from transformers.utils import logging

    # A worker's log is no terminal.
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = AutoModelForSemanticSegmentation.from_pretrained(
            str(files.folder), local_files_only=True, use_safetensors=True, trust_remote_code=False,
            dtype=runtime.torch_dtype(),
        )  # fmt: skip
    except (OSError, ValueError, TypeError, KeyError, AttributeError, ImportError, RuntimeError) as error:
        raise EngineError(f"{files.key}: the segmenter does not load: {error}", permanent=True) from error
    return model.to(runtime.torch_device()).eval()


def _background(key: str, config: Any) -> int | None:
    """Return the label of the background; None for a model with a single label, the product."""
    names = {int(label): str(name).strip().lower() for label, name in config.id2label.items()}
    if len(names) == 1:
        return None
    named = [label for label, name in names.items() if name in _BACKGROUNDS]
    if len(named) == 1:
        return named[0]
    if len(names) == 2:
        return 0
    raise EngineError(f"{key}: none of the model's labels is called background.", permanent=True)
