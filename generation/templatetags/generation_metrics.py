"""Figures of model versions and curves of training runs."""

from django import template
from django.utils.formats import number_format

from generation.models import ModelVersion, TrainingRun

register = template.Library()

CHART_WIDTH = 320
CHART_HEIGHT = 120


@register.simple_tag
def metric(version: ModelVersion, whose: str, name: str, digits: int = 2) -> str:
    """One measured figure of a version, or a dash where nothing was measured."""
    figures = version.metrics.get(whose) or {}
    value = figures.get(name)
    return "–" if value is None else str(number_format(value, decimal_pos=digits))


@register.simple_tag
def curve_points(run: TrainingRun) -> str:
    """The loss curve as points of an SVG polyline, the largest loss at the top."""
    points = [(float(step), float(loss)) for step, loss in run.curve]
    if len(points) < 2:
        return ""
    first, last = points[0][0], points[-1][0]
    losses = [loss for _step, loss in points]
    low, high = min(losses), max(losses)
    across = CHART_WIDTH / ((last - first) or 1)
    down = CHART_HEIGHT / ((high - low) or 1)
    return " ".join(f"{(step - first) * across:.1f},{(high - loss) * down:.1f}" for step, loss in points)
