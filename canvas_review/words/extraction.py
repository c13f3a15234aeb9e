"""Finds every message of the application in its own sources."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.conf import settings

from canvas_review.words.templates import extract_template

DOMAINS = ("django", "djangojs")
"""The catalogue of the server's side, and that of the browser's."""

_APPS = ("accounts", "canvas_review", "delivery", "generation", "reviews")
_UNSPOKEN = {"tests", "migrations", "vendor"}
_KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "noop": None,
    "gettext_noop": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

# A text may stand in the braces of a JavaScript template: `✓ ${gettext("Good")}`.
_OPTIONS = {"parse_template_string": True}


def find_messages(domain: str) -> Catalog:
    """All messages of a domain as a catalogue without translations."""
    catalog = Catalog(domain=domain)
    for method, path in _sources(domain):
        with path.open("rb") as source:
            for _line, texts, _comments, context in extract(method, source, _KEYWORDS, options=_OPTIONS):
                catalog.add(texts, context=context)
    return catalog


def _sources(domain: str) -> Iterator[tuple[Any, Path]]:
    root = Path(settings.BASE_DIR)
    if domain == "djangojs":
        yield from (("javascript", path) for path in _spoken(root / "static" / "js", "*.js"))
        return
    yield from ((extract_template, path) for path in _spoken(root / "templates", "*.html"))
    for app in _APPS:
        yield from (("python", path) for path in _spoken(root / app, "*.py"))


def _spoken(folder: Path, pattern: str) -> list[Path]:
    return sorted(path for path in folder.rglob(pattern) if not _UNSPOKEN & set(path.relative_to(folder).parts))
