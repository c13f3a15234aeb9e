"""A product that nobody can tell from its background sells nothing."""

from collections.abc import Mapping, Sequence

from generation.contracts import GuardSubject, Region
from generation.imaging.compositing import feather_width
from generation.imaging.contrasts import common_places, faint_places, outline_contrast


class Indistinct:
    def measure(self, subject: GuardSubject) -> Mapping[str, float]:
        faint, common = outline_contrast(subject.full, subject.mask, _feather(subject))
        return {"faint_outline": faint, "common_colours": common}

    def locate(self, subject: GuardSubject, measure: str, threshold: float) -> Sequence[Region]:
        if measure == "faint_outline":
            return faint_places(subject.full, subject.mask, _feather(subject))
        return common_places(subject.full, subject.mask, _feather(subject), threshold)


def _feather(subject: GuardSubject) -> float:
    return feather_width((subject.mask.shape[0], subject.mask.shape[1]))
