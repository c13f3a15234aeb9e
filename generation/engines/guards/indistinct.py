"""A product that nobody can tell from its background sells nothing."""

from collections.abc import Mapping

from generation.contracts import GuardSubject
from generation.imaging.compositing import feather_width
from generation.imaging.contrasts import outline_contrast


class Indistinct:
    def measure(self, subject: GuardSubject) -> Mapping[str, float]:
        shape = (subject.mask.shape[0], subject.mask.shape[1])
        faint, common = outline_contrast(subject.full, subject.mask, feather_width(shape))
        return {"faint_outline": faint, "common_colours": common}
