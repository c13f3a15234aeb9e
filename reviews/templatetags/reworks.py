"""What the pages of reworks say in words."""

from collections.abc import Callable, Mapping
from typing import Any

from django import template
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from generation.variants import VARIANTS
from generation.variants.defect_codes import DEFECT_CODES
from reviews.forms.rework import ReworkForm
from reviews.models import Rework, ReworkItem
from reviews.models.items import ItemState
from reviews.models.outcomes import OutcomeState
from reviews.models.rework import ReworkKind
from reviews.rework import WHY, Act
from reviews.services.reworks import Effect

register = template.Library()


@register.filter
def why_words(why: str) -> str:
    return _(WHY[why]) if why in WHY else why


@register.simple_tag
def choice_words(rework: Rework) -> list[tuple[str, str]]:
    """(label, value) of all that was asked of the items; nothing for a rework of one item from its page."""
    said = rework.said
    names = said.get("names", {})
    return [
        (str(ReworkForm.base_fields[name].label), _value(name, value, names))
        for name, value in said.get("choice", {}).items()
        if name in ReworkForm.base_fields
    ]


def _value(name: str, value: Any, names: Mapping[str, str]) -> str:
    if name == "handles":
        return ngettext("%(count)d named", "%(count)d named", len(value)) % {"count": len(value)}
    if name in ("since", "until") and (day := parse_date(value)):
        return date_format(day, "DATE_FORMAT")
    words: dict[str, Callable[[], Any]] = {
        "queue": lambda: names.get("queue", value), "variant": lambda: _(VARIANTS[value].label),
        "state": lambda: ItemState(value).label, "outcome": lambda: OutcomeState(value).label,
        "code": lambda: _(DEFECT_CODES[value].label),
    }  # fmt: skip
    return str(words.get(name, lambda: value)())


@register.simple_tag
def act_words(rework: Rework) -> str:
    """What was asked for beside the act's name; empty where there is nothing more to say."""
    if "act" not in rework.said:
        return ""
    act, names = Act.from_json(rework.said["act"]), rework.said.get("names", {})
    return _act_words(act, names.get("to_queue", ""))


@register.simple_tag
def effect_words(effect: Effect) -> str:
    """The same of what is not done yet."""
    return _act_words(effect.act, str(effect.target or ""))


def _act_words(act: Act, queue: str) -> str:
    if act.kind == ReworkKind.MOVE:
        return _("to %(queue)s") % {"queue": queue}
    if act.kind == ReworkKind.PRIORITISE:
        return _("priority %(number)s") % {"number": act.to_priority}
    return _("not by those who have judged it") if act.fresh_eyes else ""


@register.simple_tag
def before_words(entry: ReworkItem) -> str:
    """How the item was before, as far as the act changed it."""
    before = entry.before
    if "queue" in before:
        return _("in %(queue)s") % {"queue": before.get("queue_name", before["queue"])}
    if "priority" in before:
        return _("priority %(number)s") % {"number": before["priority"]}
    return str(ItemState(before["state"]).label) if "state" in before else "–"
