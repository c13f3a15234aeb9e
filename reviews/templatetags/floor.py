"""What the pages of the floor say in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.translation import gettext as _

from reviews.routing import FIELDS, OPERATORS

register = template.Library()


@register.simple_tag
def conditions_words(conditions: Sequence[Mapping[str, Any]]) -> str:
    """Conditions as a sentence: "best score is at least 0.8 and category is mug"."""
    if not conditions:
        return _("whatever no queue before it took")
    return _(" and ").join(_condition(condition) for condition in conditions)


def _condition(condition: Mapping[str, Any]) -> str:
    field, value = FIELDS[condition["field"]], condition["value"]
    said = {True: _("yes"), False: _("no")}[value] if isinstance(value, bool) else value
    return f"{_(field.label)} {_(OPERATORS[field.kind][condition['op']])} {said}"
