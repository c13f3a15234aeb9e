"""What the model did to the product before it was pasted back: how far it can be trusted with this one."""

from collections.abc import Mapping, Sequence

from generation.contracts import GuardSubject, Region
from generation.imaging.fidelity import raw_fidelity, strayed_places, unlike_places


class RawFidelity:
    def measure(self, subject: GuardSubject) -> Mapping[str, float]:
        mean, high, similarity = raw_fidelity(subject.small_source, subject.small_mask, subject.raw)
        return {"raw_de2000_mean": mean, "raw_de2000_p99": high, "raw_ssim": similarity}

    def locate(self, subject: GuardSubject, measure: str, threshold: float) -> Sequence[Region]:
        places = unlike_places if measure == "raw_ssim" else strayed_places
        return places(subject.small_source, subject.small_mask, subject.raw, threshold)
