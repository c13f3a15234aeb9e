"""The words and the pictures for what the guards measured."""

import math
from dataclasses import dataclass

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext

from generation.models import Candidate
from generation.services.dry_runs import Distribution
from generation.variants import VARIANTS, Limit

register = template.Library()

CHART_WIDTH = 480
CHART_HEIGHT = 96
_DIGITS = 3


@register.simple_tag
def measure_label(variant: str, measure: str) -> str:
    """A measure's name in people's words; a measure whose limit is gone keeps its key."""
    limit = _limit(variant, measure)
    return gettext(limit.label) if limit else measure


@register.simple_tag
def limit_reason(variant: str, measure: str) -> str:
    """Why there is a limit for this measure; empty where there is none."""
    limit = _limit(variant, measure)
    return gettext(limit.reason) if limit else ""


@register.simple_tag
def broken_findings(candidate: Candidate) -> int:
    return sum(finding.violated for finding in candidate.findings.all())


@register.filter
def figure(value: float | None) -> str:
    """Three digits that mean something: 0.0005, 4.2, 13.5, 64."""
    if value is None or not math.isfinite(value):
        return "–"
    size = math.floor(math.log10(abs(value))) if value else 0
    places = max(0, _DIGITS - 1 - size)
    text = f"{value:.{places}f}"
    shown = len(text.rstrip("0").partition(".")[2]) if "." in text else 0
    return str(number_format(text, decimal_pos=shown))


@register.simple_tag
def limit_words(limit: Limit, threshold: float | None = None) -> str:
    """ "at most 4.2"; another threshold takes the place of the limit's own."""
    shown = figure(limit.threshold if threshold is None else threshold)
    words = gettext("at most %(value)s") if limit.bound == "at_most" else gettext("at least %(value)s")
    return words % {"value": shown}


@dataclass(frozen=True)
class Bar:
    x: str
    y: str
    width: str
    height: str


@register.simple_tag
def histogram(distribution: Distribution) -> list[Bar]:
    """The bars of an SVG of CHART_WIDTH by CHART_HEIGHT. One candidate can always be seen."""
    tallest = max((count for _low, _high, count in distribution.bars), default=0)
    wide = CHART_WIDTH / max(1, len(distribution.bars))
    bars = []
    for place, (_low, _high, count) in enumerate(distribution.bars):
        tall = max(2.0, CHART_HEIGHT * count / tallest) if count else 0.0
        bars.append(Bar(f"{place * wide:.1f}", f"{CHART_HEIGHT - tall:.1f}", f"{wide - 1:.1f}", f"{tall:.1f}"))
    return bars


@register.simple_tag
def place_in_chart(distribution: Distribution, value: float) -> str:
    """Where a value stands in the histogram, from its left edge; outside it, at the edge."""
    if not distribution.bars:
        return "0"
    low, high = distribution.bars[0][0], distribution.bars[-1][1]
    share = (value - low) / ((high - low) or 1)
    return f"{min(1.0, max(0.0, share)) * CHART_WIDTH:.1f}"


@register.simple_tag
def quantile(distribution: Distribution, share: float) -> str:
    return figure(distribution.quantile(share))


def _limit(variant: str, measure: str) -> Limit | None:
    return next((limit for limit in VARIANTS[variant].limits if limit.measure == measure), None)
