"""The words for what a snapshot counts."""

from typing import Any

from django import template
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from generation.models import DatasetSnapshot

register = template.Library()

_KINDS = {
    "sources": _("Photos"),
    "candidates": _("Judged candidates"),
    "approved": _("Approved of these"),
    "pairs": _("Preference pairs"),
    "decisions": _("Decisions"),
    "products": _("Products"),
}
_SPLITS = {
    "train": _("for training"),
    "validation": _("for validation"),
    "test": _("for the test"),
}


@register.simple_tag
def counted(snapshot: DatasetSnapshot) -> list[tuple[str, list[tuple[str, int]]]]:
    """(what is counted, [(share of it, number)]); what is not split has one share without a name."""
    return [(_word(_KINDS, kind), _shares(value)) for kind, value in snapshot.counts.items()]


def _shares(value: Any) -> list[tuple[str, int]]:
    if isinstance(value, dict):
        return [(_word(_SPLITS, split), number) for split, number in value.items()]
    return [("", value)]


def _word(words: dict[str, str], key: str) -> str:
    """A key that has no word yet is shown as it is."""
    return gettext(words[key]) if key in words else key
