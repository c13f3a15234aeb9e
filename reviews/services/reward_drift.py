"""Tells admins when a reward model scores what comes in now otherwise than what came before.

People's approval rates have an alarm of their own (reviews.services.alarms). Scores move first: before anybody has
judged, after a change of the generator, the products or the prompts.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean

from django.db.models import Avg, F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team
from delivery.services import alarms
from generation.models import ModelVersion, Score
from generation.variants import VARIANTS
from reviews.statistics import rank_sum_p

KIND = "reward.drift"
RECENT_DAYS, EARLIER_DAYS = 7, 28
FEWEST_PRODUCTS = 20
LEAST_CHANGE = 0.05
ALPHA = 0.01


@dataclass(frozen=True)
class RewardDrift:
    """The mean scores of one reward version for a team's variant, one a product, in the last days and in those before;
    `p` of the two-sided test."""

    team: int
    variant: str
    version: int
    recent: list[float]
    earlier: list[float]

    @property
    def change(self) -> float:
        return fmean(self.recent) - fmean(self.earlier)

    @property
    def p(self) -> float:
        return rank_sum_p(self.recent, self.earlier)

    @property
    def about(self) -> str:
        return f"{self.variant}:{self.version}"


def watch_reward_drift(now: datetime | None = None) -> int:
    """Raise and clear the alarms of changed scores; returns how many were raised.

    Images of a product resemble each other, so a product counts once a side, by its mean. Mann and Whitney's test at
    ALPHA over the number of comparisons (Bonferroni), and a change of at least LEAST_CHANGE: with enough products any
    difference is significant.
    """
    found = list(measure_reward_drift(now or timezone.now()))
    teams = Team.objects.in_bulk({drift.team for drift in found})
    versions = ModelVersion.objects.in_bulk({drift.version for drift in found})
    raised = 0
    for drift in found:
        team = teams[drift.team]
        if abs(drift.change) < LEAST_CHANGE:
            alarms.clear_alarm(team, KIND, drift.about)
        elif drift.p < ALPHA / len(found):
            values = {
                "variant": str(VARIANTS[drift.variant].label), "version": str(versions[drift.version]),
                "recent": _hundredths(drift.recent), "before": _hundredths(drift.earlier),
            }  # fmt: skip
            raised += alarms.raise_alarm(team, KIND, drift.about, values, reverse("generation:models"))
    return raised


def measure_reward_drift(now: datetime) -> Iterator[RewardDrift]:
    """Every team's variant and reward version with enough products on both sides, in one statement."""
    since = now - timedelta(days=RECENT_DAYS)
    scores = Score.objects.filter(
        created_at__gte=since - timedelta(days=EARLIER_DAYS), created_at__lt=now,
        version=F("candidate__request__reward_version"),
    )  # fmt: skip
    request = "candidate__request"
    rows = scores.values_list(
        f"{request}__team", f"{request}__variant", "version", f"{request}__request_products__revision__product"
    ).annotate(
        recent=Avg("value", filter=Q(created_at__gte=since)), earlier=Avg("value", filter=Q(created_at__lt=since))
    )
    told: dict[tuple[int, str, int], tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for team, variant, version, _product, *means in rows.order_by():
        for side, mean in zip(told[team, variant, version], means, strict=True):
            if mean is not None:
                side.append(mean)
    for (team, variant, version), (recent, earlier) in sorted(told.items()):
        if variant in VARIANTS and min(len(recent), len(earlier)) >= FEWEST_PRODUCTS:
            yield RewardDrift(team, variant, version, recent, earlier)


def _hundredths(means: list[float]) -> int:
    return round(100 * fmean(means))
