"""A scene must have been painted at all."""

from collections.abc import Mapping

from generation.contracts import GuardSubject
from generation.imaging.scenery import scene_deviation


class Blank:
    def measure(self, subject: GuardSubject) -> Mapping[str, float]:
        return {"scene_deviation": scene_deviation(subject.composed, subject.small_mask)}
