"""A fringe that hugs the product, nearer than `seam` looks: what a careless cut-out leaves."""

from collections.abc import Mapping, Sequence

from generation.contracts import GuardSubject, Region
from generation.imaging.compositing import feather_width
from generation.imaging.fringes import fringe_contrast, fringe_places

_SOFT_MODEL_PIXELS = 2.5
"""Where `seam` begins: as far as scaling up spreads the product's colour."""


class Halo:
    def measure(self, subject: GuardSubject) -> Mapping[str, float]:
        return {"fringe_contrast": fringe_contrast(subject.full, subject.mask, *_reach(subject))}

    def locate(self, subject: GuardSubject, measure: str, threshold: float) -> Sequence[Region]:
        return fringe_places(subject.full, subject.mask, *_reach(subject), threshold)


def _reach(subject: GuardSubject) -> tuple[float, float]:
    """The feather, and how far out a fringe is looked for, in pixels."""
    shape = (subject.mask.shape[0], subject.mask.shape[1])
    feather = feather_width(shape)
    return feather, feather + _SOFT_MODEL_PIXELS * max(shape) / max(subject.raw.shape[:2])
