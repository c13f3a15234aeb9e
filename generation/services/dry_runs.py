"""What another limit would have done to the last candidates, told from what the guards found in them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Team
from generation.models import Candidate, Finding
from generation.services.limits import LimitInForce
from generation.variants import Limit, Variant

SAMPLE = 1000
SHOWN = 12
BINS = 24

_Z = 1.959964
_C = Candidate.State


@dataclass(frozen=True)
class Share:
    """`count` of `n`, with the 95 % interval of its share: E. B. Wilson, JASA 22(158), 1927."""

    count: int
    n: int

    @property
    def rate(self) -> float:
        return self.count / self.n if self.n else 0.0

    @property
    def low(self) -> float:
        return max(0.0, min(self.rate, self._middle - self._spread)) if self.n else 0.0

    @property
    def high(self) -> float:
        return min(1.0, max(self.rate, self._middle + self._spread)) if self.n else 1.0

    @property
    def _middle(self) -> float:
        return (self.rate + _Z**2 / (2 * self.n)) / (1 + _Z**2 / self.n)

    @property
    def _spread(self) -> float:
        variance = self.rate * (1 - self.rate) / self.n + _Z**2 / (4 * self.n**2)
        return _Z * math.sqrt(variance) / (1 + _Z**2 / self.n)


@dataclass(frozen=True)
class DryRun:
    """`blocked_now` and `blocked_then` are what the limits in force, and those with the change, would stop.

    The candidates are the first SHOWN of each kind, the newest first, with their pictures.
    """

    blocked_now: Share
    blocked_then: Share
    newly_blocked: Share
    newly_passed: Share
    blocked_candidates: Sequence[Candidate]
    passed_candidates: Sequence[Candidate]


@dataclass(frozen=True)
class Distribution:
    """The measure's values in the same candidates: `bars` are (from, to, count), over what is a number."""

    values: Sequence[float]
    bars: Sequence[tuple[float, float, int]]

    def quantile(self, share: float) -> float | None:
        return self.values[min(len(self.values) - 1, int(share * len(self.values)))] if self.values else None


def dry_run(team: Team, variant: Variant, in_force: Sequence[LimitInForce], wanted: Limit) -> DryRun:
    """Hold the last SAMPLE candidates' findings against the limits in force, once as they are, once with `wanted`.

    Only candidates in which the measure was taken count. Findings are taken as they were measured: how far a
    candidate is from its siblings is not measured anew where the change would let another sibling stand.
    """
    now = [entry.limit for entry in in_force]
    then = [wanted if limit.measure == wanted.measure else limit for limit in now]
    rows = _recent(team, variant, wanted.measure).annotate(now=_stopped_by(now), then=_stopped_by(then))
    verdicts = list(rows.values_list("pk", "now", "then"))
    blocked = [pk for pk, before, after in verdicts if after and not before]
    passed = [pk for pk, before, after in verdicts if before and not after]
    n = len(verdicts)
    pictures = _with_pictures(blocked[:SHOWN] + passed[:SHOWN])
    return DryRun(
        blocked_now=Share(sum(before for _pk, before, _after in verdicts), n),
        blocked_then=Share(sum(after for _pk, _before, after in verdicts), n),
        newly_blocked=Share(len(blocked), n),
        newly_passed=Share(len(passed), n),
        blocked_candidates=[pictures[pk] for pk in blocked[:SHOWN]],
        passed_candidates=[pictures[pk] for pk in passed[:SHOWN]],
    )


def distribution(team: Team, variant: Variant, limit: Limit) -> Distribution:
    """Return how a measure's values lie in the same candidates, in bars that reach as far as the threshold."""
    found = Finding.objects.filter(
        candidate__in=_recent(team, variant, limit.measure).values("pk"), measure=limit.measure
    )
    values = sorted(value for value in found.values_list("value", flat=True) if math.isfinite(value))
    return Distribution(values, _bars(values, limit.threshold) if values else ())


def _recent(team: Team, variant: Variant, measure: str) -> QuerySet[Candidate]:
    taken = Finding.objects.filter(candidate=OuterRef("pk"), measure=measure)
    judged = Candidate.objects.filter(request__team=team, request__variant=variant.key).exclude(state=_C.GENERATED)
    return judged.filter(Exists(taken)).order_by("-pk")[:SAMPLE]


def _stopped_by(limits: Sequence[Limit]) -> Exists:
    broken = Q(pk__in=())
    for limit in limits:
        if limit.blocks:
            broken |= Q(measure=limit.measure) & _is_broken(limit)
    return Exists(Finding.objects.filter(broken, candidate=OuterRef("pk")))


def _is_broken(limit: Limit) -> Q:
    """`Limit.is_broken_by` in SQL. PostgreSQL takes NaN for the largest number, so it is asked for by itself."""
    beyond = Q(value__gt=limit.threshold) if limit.bound == "at_most" else Q(value__lt=limit.threshold)
    return beyond | Q(value=float("nan"))


def _bars(values: Sequence[float], threshold: float) -> list[tuple[float, float, int]]:
    low, high = min(values[0], threshold), max(values[-1], threshold)
    width = (high - low) / BINS or 1 / BINS
    counts = [0] * BINS
    for value in values:
        counts[min(BINS - 1, int((value - low) / width))] += 1
    return [(low + i * width, low + (i + 1) * width, count) for i, count in enumerate(counts)]


def _with_pictures(pks: Sequence[int]) -> dict[int, Candidate]:
    return Candidate.objects.select_related("composed", "request").in_bulk(pks)
