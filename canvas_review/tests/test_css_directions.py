"""The styles know start and end, not left and right: a page that reads from right to left is its mirror image."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

CSS = Path(settings.BASE_DIR) / "static" / "css"
FILES = sorted(path.relative_to(CSS).as_posix() for path in CSS.rglob("*.css"))
_SIDE = r"(left|right)"
_SIDED_NAME = re.compile(rf"^(?:[a-z-]+-)?{_SIDE}(?:-[a-z]+)?$")
_SIDED_VALUE = re.compile(rf"\b{_SIDE}\b")
_ONE_VALUE_A_SIDE = re.compile(r"(?:[^\s(]|\([^()]*(?:\([^()]*\)[^()]*)*\))+")

# selector, property: why left and right are meant. Places on a picture stay where they are in every language.
MEANT: dict[tuple[str, str], str] = {
    (".slider-line", "left"): "a share of the picture",
    (".slider-line", "transform"): "its middle stands on that share",
    (".slider-line::before", "left"): "the middle of the line",
    (".slider-line::after", "left"): "the middle of the line",
    (".crosshair", "margin"): "its middle stands on a place of the picture",
}


def declarations(text: str) -> Iterator[tuple[str, str, str]]:
    """(selector, property, value) of every declaration; nested rules give their own selector."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    for selector, block in re.findall(r"([^{};]+)\{([^{}]*)\}", text):
        for name, value in re.findall(r"([\w-]+)\s*:\s*([^;]+)", block):
            yield " ".join(selector.split()), name, " ".join(value.split())


def is_physical(name: str, value: str) -> bool:
    if name.startswith("--"):
        return False
    if _SIDED_NAME.match(name):
        return True
    if name in ("text-align", "float", "clear", "transform-origin", "background-position", "object-position"):
        return bool(_SIDED_VALUE.search(value))
    if name in ("margin", "padding", "inset", "border-width", "border-color", "border-style", "scroll-margin"):
        sides = _ONE_VALUE_A_SIDE.findall(value)
        return len(sides) == 4 and sides[1] != sides[3]
    if name in ("transform", "translate"):
        return bool(re.search(r"translateX\(|translate3d\(", value))
    return bool(re.search(rf"\bto {_SIDE}\b", value))


@pytest.mark.parametrize("name", FILES)
def test_no_style_prefers_a_side(name: str) -> None:
    found = [
        (selector, prop, value)
        for selector, prop, value in declarations((CSS / name).read_text())
        if is_physical(prop, value) and (selector, prop) not in MEANT
    ]
    assert found == [], "write inline-start and inline-end, or say in MEANT why a side is meant"


def test_no_exception_outlives_its_style() -> None:
    known = {(selector, prop) for name in FILES for selector, prop, _value in declarations((CSS / name).read_text())}
    assert set(MEANT) <= known


@pytest.mark.parametrize(
    "style",
    [
        "margin-left: 1px", "padding-right: 0", "left: 0", "right: auto", "text-align: right", "float: left",
        "border-left: 1px solid", "border-left-color: red", "border-top-left-radius: 2px", "margin: 0 1px 0 2px",
        "inset: 0 auto 0 0", "transform: translateX(50%)", "background: linear-gradient(to right, red, blue)",
        "scroll-margin-left: 1px", "padding: 0 var(--a) 0 calc(var(--a) + 1px)",
    ],
)  # fmt: skip
def test_what_has_a_side_is_found(style: str) -> None:
    ((_selector, name, value),) = declarations(f"@media print {{ .x {{ {style}; }} }}")
    assert is_physical(name, value)


@pytest.mark.parametrize(
    "style",
    ["margin-inline-start: 1px", "inset: 0", "text-align: start", "margin: 0 1px 0 1px", "padding: 0 1px 2px",
     "justify-content: flex-end", "--left: 3px", "inset-inline-start: 0", "background: url(left.svg)"],
)  # fmt: skip
def test_what_has_none_is_let_through(style: str) -> None:
    ((_selector, name, value),) = declarations(f".x {{ {style}; }}")
    assert not is_physical(name, value)
