"""WCAG 2.2 contrast of tokens.css in both themes: 4.5 for text (1.4.3), 3 for what is not text (1.4.11)."""

import re
from itertools import product
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "static"
TOKENS = (STATIC / "css" / "tokens.css").read_text()
HEX = r"#[0-9a-f]{6}"

GROUNDS = ["ground", "panel", "raised", "sunken", "hover"]
READ_ON_GROUNDS = ["text", "text-quiet", "text-faint", "accent"]
TEXT_PAIRS = [
    *product(READ_ON_GROUNDS, GROUNDS),
    ("text", "pressed"),
    ("text-quiet", "pressed"),
    ("text", "accent-soft"),
    ("text-quiet", "accent-soft"),
    ("accent", "accent-soft"),
    *((word, f"{word}-soft") for word in ("approve", "reject", "warn")),
    *(("text", f"{word}-soft") for word in ("approve", "reject", "warn")),
    *product(["approve", "reject", "warn"], ["ground", "panel"]),
    *(("on-fill", f"{word}-fill") for word in ("approve", "reject", "warn")),
    ("on-accent", "accent-fill"),
    ("on-accent", "accent-fill-hover"),
    ("on-surround", "surround"),
    ("on-surround", "surround-shade"),
]
OTHER_PAIRS = [*product(["line-strong", "focus"], ["ground", "panel", "raised"]), ("accent", "pressed")]


def colours(theme: int) -> dict[str, str]:
    """Name to #rrggbb; theme 0 is light, 1 is dark. The first definition counts: later ones are for more contrast."""
    found: dict[str, str] = {}
    pattern = rf"--([a-z-]+): (?:light-dark\(({HEX}), ({HEX})\)|({HEX}));"
    for name, light, dark, both in re.findall(pattern, TOKENS):
        found.setdefault(name, both or (light, dark)[theme])
    return found


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2, 0..1."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_contrast_is_enough(theme: int) -> None:
    palette = colours(theme)
    wanted = [(pair, 4.5) for pair in TEXT_PAIRS] + [(pair, 3.0) for pair in OTHER_PAIRS]
    poor = {
        f"{front} on {back}": round(contrast(palette[front], palette[back]), 2)
        for (front, back), least in wanted
        if contrast(palette[front], palette[back]) < least
    }
    assert poor == {}


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_what_surrounds_a_picture_is_the_same_neutral_grey(theme: int) -> None:
    surround = colours(theme)["surround"]
    assert surround == colours(1 - theme)["surround"]
    assert len({surround[i : i + 2] for i in (1, 3, 5)}) == 1
    assert 0.16 < luminance(surround) < 0.21  # L* 47 to 53: mid grey to the eye


def test_colours_are_named_in_tokens_only() -> None:
    sheets = [path for path in (STATIC / "css").rglob("*.css") if path.name != "tokens.css"]
    assert sheets
    literal = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch|oklab)a?\(")
    assert {path.name: literal.findall(path.read_text()) for path in sheets if literal.search(path.read_text())} == {}


def test_nothing_moves_longer_than_120_ms() -> None:
    sheets = " ".join(path.read_text() for path in (STATIC / "css").rglob("*.css"))
    times = [float(number) * {"ms": 1, "s": 1000}[unit] for number, unit in re.findall(r"\b([\d.]+)(ms|s)\b", sheets)]
    assert times
    assert max(times) <= 120
