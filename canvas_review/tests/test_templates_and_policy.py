"""The content security policy refuses inline code and styles, so no template may hold any; and icons must exist."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SYMBOLS = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static" / "icons.svg").read_text()))

FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*="),
    "a style element": re.compile(r"<style\b"),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "code in a script element": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*(?:application/json|importmap))[^>]*>", re.IGNORECASE
    ),
    "an address of somebody else's server": re.compile(r"(?:src|href)=[\"'](?:https?:)?//"),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_keeps_to_the_policy(path: Path) -> None:
    text = path.read_text()
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


def test_every_icon_that_is_asked_for_exists() -> None:
    asked = set()
    for path in TEMPLATES:
        text = path.read_text()
        asked |= set(re.findall(r'_icon\.html" with name="([^"]+)"', text))
        asked |= set(re.findall(r'_empty\.html" with icon="([^"]+)"', text))
    assert asked
    assert asked - SYMBOLS == set()


def test_the_icons_are_one_document() -> None:
    """A browser shows none of them where the file is not well-formed."""
    root = ElementTree.parse(ROOT / "static" / "icons.svg").getroot()  # noqa: S314 - our own file
    assert {symbol.get("id") for symbol in root} == SYMBOLS
