"""The words for what the guards measured."""

from django import template
from django.utils.translation import gettext

from generation.models import Candidate
from generation.variants import VARIANTS

register = template.Library()


@register.simple_tag
def measure_label(variant: str, measure: str) -> str:
    """A measure's name in people's words; a measure whose limit is gone keeps its key."""
    labels = {limit.measure: limit.label for limit in VARIANTS[variant].limits}
    return gettext(labels[measure]) if measure in labels else measure


@register.simple_tag
def broken_findings(candidate: Candidate) -> int:
    return sum(finding.violated for finding in candidate.findings.all())
