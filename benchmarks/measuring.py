"""What every measurement is made of: times, their percentiles, and the result with its baseline."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Result:
    """`ratio` holds what the run is for: figures divided by the baseline of the same run, or by a smaller case.

    A name says its unit where it has one (`_ms`, `per_second`); others are counts.
    """

    name: str
    figures: Mapping[str, float]
    baseline: Mapping[str, float]
    ratio: Mapping[str, float]

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    def as_text(self) -> str:
        lines = [self.name]
        for title in ("figures", "baseline", "ratio"):
            values: Mapping[str, float] = getattr(self, title)
            lines += [f"  {title:<9} {name:<28} {value:>12,}" for name, value in values.items()]
        return "\n".join(lines)


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Run `work` and return (milliseconds, what it returned)."""
    start = time.perf_counter()
    value = work()
    return (time.perf_counter() - start) * 1000, value


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest of `values` that at least `share` (0..1) of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def median(values: Sequence[float]) -> float:
    return percentile(values, 0.5)


def rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in values.items()}
