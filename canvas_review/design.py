"""The design page: every token in both themes, every component in its states, every icon. Read from the style sheet."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reviews.charts import Chart, Series, draw

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


def _charts() -> list[Chart]:
    """Samples of what reviews.charts draws."""
    days = [str(day) for day in range(1, 15)]
    waiting: list[int | None] = [412, 398, 371, 380, 350, 322, 301, 283, None, None, None, None, None, None]
    ahead: list[int | None] = [None] * 7 + [283, 262, 240, 221, 199, 178, 160]
    low: list[int | None] = [None] * 7 + [283, 250, 221, 196, 168, 140, 117]
    high: list[int | None] = [None] * 7 + [283, 275, 262, 248, 232, 218, 205]
    tones = [
        Series(_("Approved"), [31, 28, 40, 22, 35, 12, 4, 30, 33, 38, 27, 36, 10, 6], "bar", tone=3),
        Series(_("Rejected"), [12, 9, 14, 8, 11, 4, 1, 9, 12, 13, 7, 12, 3, 2], "bar", tone=4),
        Series(_("Arrived"), [40, 35, 52, 30, 44, 20, 8, 36, 41, 47, 33, 40, 18, 9], tone=5),
    ]
    backlog = [Series(_("Waiting"), waiting), Series(_("Forecast"), ahead, tone=2, low=low, high=high)]
    return [
        draw("sample-backlog", _("Images waiting"), days, backlog, axis=_("Day")),
        draw("sample-work", _("Images judged"), days, tones, axis=_("Day")),
        draw("sample-none", _("Images judged"), [], [], axis=_("Day")),
    ]


@require_safe
def design(request: HttpRequest) -> HttpResponse:
    context = {"tokens": tokens(), "icons": icons(), "schemes": ("light", "dark"), "charts": _charts()}
    return render(request, "design/design.html", context)
