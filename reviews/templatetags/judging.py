"""Verdicts and what belongs to them, in words and as drawings."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext

from generation.models import Candidate, Picture
from generation.variants.defect_codes import DEFECT_CODES
from reviews.models import Verdict

register = template.Library()

_ACROSS, _DOWN = {"x", "width"}, {"y", "height"}


@register.filter
def defect_label(code: str) -> str:
    """A defect's name in people's words; one that is no longer known keeps its key."""
    return gettext(DEFECT_CODES[code].label) if code in DEFECT_CODES else code


@register.filter
def defect_labels(verdict: Verdict) -> str:
    return ", ".join(defect_label(code) for code in verdict.codes)


@register.filter
def verdict_words(verdict: Verdict) -> str:
    """ "Approved", or "Rejected: Seam, Floating"."""
    if verdict.approved:
        return gettext("Approved")
    return gettext("Rejected: %(defects)s") % {"defects": defect_labels(verdict)}


@register.filter
def picture_of(candidate: Candidate) -> Picture:
    """What people see of it: the finished image, or the model's own output where there is none."""
    return candidate.composed or candidate.raw


@register.filter
def in_pixels(marks: Sequence[dict[str, float]], picture: Picture) -> list[dict[str, Any]]:
    """Marks in shares of a picture, in its pixels, as a drawing of its size takes them."""
    sides = dict.fromkeys(_ACROSS, picture.width) | dict.fromkeys(_DOWN, picture.height)
    return [{name: round(share * sides[name]) for name, share in mark.items()} for mark in marks]


@register.filter
def duration(milliseconds: int) -> str:
    """ "8 s", "2 min 5 s"."""
    seconds = round(milliseconds / 1000)
    if seconds < 60:
        return gettext("%(seconds)s s") % {"seconds": number_format(seconds)}
    return gettext("%(minutes)s min %(seconds)s s") % {
        "minutes": number_format(seconds // 60), "seconds": seconds % 60,
    }  # fmt: skip
