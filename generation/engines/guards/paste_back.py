"""The promise to the merchant: not one byte of the product differs."""

from collections.abc import Mapping

from generation.contracts import GuardSubject
from generation.imaging.fidelity import changed_bytes


class PasteBack:
    def measure(self, subject: GuardSubject) -> Mapping[str, float]:
        return {"changed_bytes": float(changed_bytes(subject.source, subject.mask, subject.full))}
