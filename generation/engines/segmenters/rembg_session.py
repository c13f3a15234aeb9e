"""A model of the package rembg, which is an extra: it and its weights are installed by whoever wants them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image as Pillow

from generation.contracts import EngineError, Image, Mask, ModelFiles, Rectangle, Stroke
from generation.contracts import gettext_noop as _
from generation.engines.runtime import Runtime
from generation.engines.segmenters.products import keep_within, require_product

_SUFFIX = ".onnx"


class RembgSession:
    """Implements `contracts.Segmenter`. The folder holds one file, `NAME.onnx`, and NAME is what rembg calls it."""

    def __init__(self, files: ModelFiles | None, runtime: Runtime) -> None:
        """Open the session. Raises EngineError(permanent=True) when the package or its weights are missing."""
        if files is None:
            raise EngineError(_("Set SEGMENTER_MODEL to the folder with the weights of rembg."), permanent=True)
        weights = sorted(files.folder.glob(f"*{_SUFFIX}"))
        if len(weights) != 1:
            # Without this rembg would fetch them from the network, on a worker, unpinned.
            raise EngineError(
                _("The folder SEGMENTER_MODEL must hold the weights of rembg: exactly one .onnx file."), permanent=True
            )
        self._session = _session(weights[0].name.removesuffix(_SUFFIX), str(files.folder))

    def segment(self, photo: Image, rectangle: Rectangle | None, hints: Sequence[Stroke] = ()) -> Mask:
        """Return what the model takes for product, inside `rectangle` if there is one; `hints` are not used."""
        try:
            found = self._session.predict(Pillow.fromarray(photo))
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"rembg failed: {error}", permanent=isinstance(error, ValueError)) from error
        if not found or found[0].size != (photo.shape[1], photo.shape[0]):
            raise EngineError(_("rembg returned no proper mask."), permanent=True)
        mask: Mask = np.asarray(found[0].convert("L")) > 127
        return require_product(keep_within(mask, rectangle))


def _session(name: str, folder: str) -> Any:
    os.environ["U2NET_HOME"] = folder  # where rembg looks for weights
    try:
        from rembg import new_session
    except ImportError as error:
        raise EngineError(
            _("The package rembg is not installed on this worker. Install it, or take another SEGMENTER."),
            permanent=True,
        ) from error
    try:
        return new_session(name, providers=["CPUExecutionProvider"])
    except (OSError, RuntimeError, ValueError) as error:
        raise EngineError(f"rembg does not load {name}: {error}", permanent=True) from error
