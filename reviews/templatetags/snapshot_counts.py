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
    kinds = _in_order(_KINDS, snapshot.counts)
    return [(_word(_KINDS, kind), _shares(snapshot.counts[kind])) for kind in kinds]


def _shares(value: Any) -> list[tuple[str, int]]:
    if isinstance(value, dict):
        return [(_word(_SPLITS, split), value[split]) for split in _in_order(_SPLITS, value)]
    return [("", value)]


def _in_order(words: dict[str, str], counts: dict[str, Any]) -> list[str]:
    """The keys as people read them; the database keeps them in an order of its own. Keys without a word come last."""
    return [key for key in words if key in counts] + [key for key in counts if key not in words]


def _word(words: dict[str, str], key: str) -> str:
    """A key that has no word yet is shown as it is."""
    return gettext(words[key]) if key in words else key
