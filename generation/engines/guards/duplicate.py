"""Two candidates that look the same cost a reviewer's time twice and teach nothing."""

from collections.abc import Mapping

from generation.contracts import GuardSubject
from generation.imaging.hashing import BITS, hamming, scene_hash


class Duplicate:
    """Compares `scene_hash(composed, small_mask)`; without a sibling the distance is the largest there is."""

    def measure(self, subject: GuardSubject) -> Mapping[str, float]:
        own = scene_hash(subject.composed, subject.small_mask)
        return {"sibling_distance": float(min((hamming(own, other) for other in subject.sibling_hashes), default=BITS))}
