"""Lettering that a model made up: a shopper would read it as a word about the product.

Read with PP-OCRv6 as the package `rapidocr` brings it; the weights lie in the package and are loaded once per
process, by the first candidate that is measured.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from generation.contracts import EngineError, GuardSubject, Image, Mask, Region
from generation.imaging.framing import shrink, shrink_mask
from generation.imaging.lettering import Reading, new_text_area, new_text_places, scene_lettering

_LONGEST = 512
_THREADS = 1  # the machine's other cores have other work


class Text:
    """Serves the candidates of one request: the photo they share is read once, and only if it matters."""

    def __init__(self) -> None:
        self._source: Image | None = None
        self._known: list[Reading] = []
        self._measured: Image | None = None
        self._last: tuple[list[Reading], list[Reading], Mask] | None = None

    def measure(self, subject: GuardSubject) -> Mapping[str, float]:
        self._measured, self._last = subject.composed, self._read(subject)
        return {"new_text_area": new_text_area(*self._last)}

    def locate(self, subject: GuardSubject, measure: str, threshold: float) -> Sequence[Region]:
        known = self._last if self._measured is subject.composed else None
        return new_text_places(*(known or self._read(subject)))

    def _read(self, subject: GuardSubject) -> tuple[list[Reading], list[Reading], Mask]:
        """What was read in the candidate's scene and in the photo, and the mask at the size that was read."""
        height, width = subject.composed.shape[:2]
        scale = min(1.0, _LONGEST / max(height, width))
        shape = max(1, round(height * scale)), max(1, round(width * scale))
        mask = shrink_mask(subject.small_mask, shape)
        found = scene_lettering(read(shrink(subject.composed, shape)), mask)
        if found and self._source is not subject.source:
            self._source, self._known = subject.source, read(shrink(subject.small_source, shape))
        return found, self._known, mask


def read(image: Image) -> list[Reading]:
    """Return all lettering in a picture. Raises EngineError where the package is missing."""
    result = load_reader()(np.ascontiguousarray(image[..., ::-1]))  # it takes blue first
    if result.boxes is None or result.txts is None:
        return []
    readings = zip(result.boxes, result.txts, result.scores, strict=True)
    return [Reading(np.asarray(corners, np.float32), words, float(score)) for corners, words, score in readings]


@cache
def load_reader() -> Any:
    """Return the reader on the processor. Raises EngineError where the package or its weights are missing.

    The paths are given, so that nothing is ever downloaded.
    """
    try:
        from rapidocr import RapidOCR

        weights = files("rapidocr") / "models"
        settings = {
            "Global.log_level": "error",
            "Global.use_cls": False,  # of no use here: it only turns lines that stand on their head
            "Global.max_side_len": _LONGEST,
            "Det.limit_type": "max",
            "Det.limit_side_len": _LONGEST,
            "Det.model_path": str(weights / "PP-OCRv6_det_small.onnx"),
            "Rec.model_path": str(weights / "PP-OCRv6_rec_small.onnx"),
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": _THREADS,
        }
        return RapidOCR(params=settings)
    except (ImportError, FileNotFoundError) as error:
        raise EngineError(f"The guard against made-up lettering cannot work: {error}", permanent=True) from error
