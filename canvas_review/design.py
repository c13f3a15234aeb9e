"""The design page: every token in both themes, every component in its states, every icon. Read from the style sheet."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

STATIC = Path(settings.BASE_DIR) / "static"
_TOKEN = re.compile(r"^  --([a-z0-9-]+): (.+);$", re.MULTILINE)
_COLOUR = re.compile(r"^(?:light-dark\((.+?), (.+)\)|(#[0-9a-f]{6}))$")
_PREFIXES = {"space": "space", "radius": "radius", "text": "type"}


@dataclass(frozen=True)
class Colour:
    """A colour's name and its values; `dark` is empty where both themes share one."""

    name: str
    light: str
    dark: str = ""


@dataclass
class Tokens:
    """What tokens.css defines at its top, in its order; sizes are (name, value)."""

    colours: list[Colour] = field(default_factory=list)
    sizes: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


@cache
def tokens() -> Tokens:
    """The tokens as they ship: the first definition counts, later ones are for fingers, motion and contrast."""
    found, seen = Tokens(), set()
    for name, value in _TOKEN.findall((STATIC / "css" / "tokens.css").read_text()):
        if name in seen:
            continue
        seen.add(name)
        colour = _COLOUR.match(value)
        if colour:
            light, dark, both = colour.groups()
            found.colours.append(Colour(name, light or both, dark or ""))
        elif kind := _PREFIXES.get(name.partition("-")[0]):
            found.sizes.setdefault(kind, []).append((name, value))
    return found


@cache
def icons() -> list[str]:
    return re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text())


@require_safe
def design(request: HttpRequest) -> HttpResponse:
    context = {"tokens": tokens(), "icons": icons(), "schemes": ("light", "dark")}
    return render(request, "design/design.html", context)
