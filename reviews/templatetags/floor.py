"""What the pages of the floor say in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.translation import gettext as _

from generation.contracts import gettext_noop
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


_REASONS = {
    "split": gettext_noop("Its reviewers did not agree, and somebody has to settle it."),
    "second_look": gettext_noop("Drawn by chance for a second, blind look."),
    "gold": gettext_noop("Its right answer is known: it is shown to see how it is judged."),
    "rework": gettext_noop("An admin wanted it judged again."),
    "moved": gettext_noop("An admin has moved it here."),
}


@register.simple_tag
def entry_words(because: Mapping[str, Any]) -> str:
    """Why an item is where it is (reviews.routing.Entry), and why so many judge it."""
    reason = _REASONS.get(because.get("reason", ""))
    matched = because.get("matched", [])
    said = [_(reason) if reason else _("The queue takes: %(conditions)s.") % {"conditions": conditions_words(matched)}]
    measured = [f"{_(FIELDS[one['field']].label)}: {one['was']}" for one in matched if one["field"] in FIELDS]
    if measured:
        said.append(_("It had %(values)s.") % {"values": ", ".join(measured)})
    if because.get("asked_by"):
        said.append(_("Asked for by %(name)s.") % {"name": because["asked_by"]})
    if because.get("drawn_for_more"):
        said.append(_("Drawn by chance to be judged by %(count)d people.") % {"count": because.get("overlap", 1)})
    return " ".join(said)
