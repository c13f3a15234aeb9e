"""Buttons and keys of the desk, from the one table of actions."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _

from generation.contracts import gettext_noop
from reviews.desk_actions import ACTIONS

register = template.Library()

_WORDS = {" ": gettext_noop("Space"), "enter": gettext_noop("Enter"), "escape": gettext_noop("Esc")}
_SIGNS = {"arrowleft": "←", "arrowright": "→", "arrowup": "↑", "arrowdown": "↓", "shift": "⇧"}
_WITH_PANEL = ("snooze", "mask_wrong", "unsuitable", "escalate")


def written(key: str) -> str:
    """A key as it stands on a button."""
    shift, _plus, bare = key.partition("+") if key.startswith("shift+") else ("", "", key)
    name = _(_WORDS[bare]) if bare in _WORDS else _SIGNS.get(bare, bare.upper())
    return f"{_SIGNS['shift']} {name}" if shift else name


@register.simple_tag
def key_label(keys: Mapping[str, str], name: str) -> str:
    return written(keys[name]) if keys[name] else ""


@register.inclusion_tag("reviews/desk/_action_button.html")
def action_button(keys: Mapping[str, str], name: str, classes: str) -> dict[str, Any]:
    action = ACTIONS[name]
    return {
        "name": name,
        "action": {"label": _(action.label), "icon": action.icon},
        "key": key_label(keys, name),
        "classes": classes,
        "opens": name in _WITH_PANEL,
    }
