"""What the model did to the product before it was pasted back: how far it can be trusted with this one."""

from collections.abc import Mapping

from generation.contracts import GuardSubject
from generation.imaging.fidelity import raw_fidelity


class RawFidelity:
    def measure(self, subject: GuardSubject) -> Mapping[str, float]:
        mean, high, similarity = raw_fidelity(subject.small_source, subject.small_mask, subject.raw)
        return {"raw_de2000_mean": mean, "raw_de2000_p99": high, "raw_ssim": similarity}
