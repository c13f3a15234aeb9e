"""The promise to the merchant: not one byte of the product differs."""

from collections.abc import Mapping, Sequence

from generation.contracts import GuardSubject, Region
from generation.imaging.fidelity import changed_bytes, changed_places


class PasteBack:
    def measure(self, subject: GuardSubject) -> Mapping[str, float]:
        return {"changed_bytes": float(changed_bytes(subject.source, subject.mask, subject.full))}

    def locate(self, subject: GuardSubject, measure: str, threshold: float) -> Sequence[Region]:
        return changed_places(subject.source, subject.mask, subject.full)
