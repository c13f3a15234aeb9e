"""A fringe that hugs the product, nearer than `seam` looks: what a careless cut-out leaves."""

from collections.abc import Mapping

from generation.contracts import GuardSubject
from generation.imaging.compositing import feather_width
from generation.imaging.fringes import fringe_contrast

_SOFT_MODEL_PIXELS = 2.5
"""Where `seam` begins: as far as scaling up spreads the product's colour."""


class Halo:
    def measure(self, subject: GuardSubject) -> Mapping[str, float]:
        shape = (subject.mask.shape[0], subject.mask.shape[1])
        feather = feather_width(shape)
        reach = feather + _SOFT_MODEL_PIXELS * max(shape) / max(subject.raw.shape[:2])
        return {"fringe_contrast": fringe_contrast(subject.full, subject.mask, feather, reach)}
