"""The words and the pictures of guidelines."""

from collections.abc import Mapping

from django import template
from django.utils.translation import gettext

from generation.models import Picture
from generation.variants.defect_codes import DEFECT_CODES

register = template.Library()


@register.simple_tag
def code_label(key: str) -> str:
    """A defect's name in people's words; a code that is gone keeps its key."""
    return gettext(DEFECT_CODES[key].label) if key in DEFECT_CODES else key


@register.simple_tag
def picture_of(pictures: Mapping[str, Picture], source: str) -> Picture | None:
    return pictures.get(source)
