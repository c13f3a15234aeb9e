"""Lengths of time in words."""

from datetime import timedelta

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def spent(length: timedelta) -> str:
    """Whole minutes; under one, seconds."""
    seconds = round(length.total_seconds())
    if seconds < 60:
        return _("%(n)s s") % {"n": seconds}
    hours, minutes = divmod(seconds // 60, 60)
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    return _("%(n)s min") % {"n": minutes}


@register.filter
def pace(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    return _("%(n)s s") % {"n": number_format(round(seconds, 1 if seconds < 10 else 0))}
