"""A line around the product where original and painted pixels meet."""

from collections.abc import Mapping, Sequence

from generation.contracts import GuardSubject, Region
from generation.imaging.compositing import feather_width
from generation.imaging.seams import seam_energy, seam_places

_SOFT_MODEL_PIXELS = 2.5
"""How far the product's own colour reaches after scaling up and decoding: half a model pixel for the one, two for the
other (measured: docs/decisions/0005-what-the-guardian-blocks.md)."""


class Seam:
    def measure(self, subject: GuardSubject) -> Mapping[str, float]:
        return {"seam_energy": seam_energy(subject.full, subject.mask, _skip(subject))}

    def locate(self, subject: GuardSubject, measure: str, threshold: float) -> Sequence[Region]:
        return seam_places(subject.full, subject.mask, _skip(subject), threshold)


def _skip(subject: GuardSubject) -> float:
    shape = (subject.mask.shape[0], subject.mask.shape[1])
    scale = max(shape) / max(subject.painted or subject.raw.shape[:2])
    return float(feather_width(shape) + _SOFT_MODEL_PIXELS * scale)
