"""What a module says goes through gettext. Told by how a text looks and where it is put, so a text of one word that is
first kept in a variable is not found here; reviewers of a change look for those."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.jslexer import Token, tokenize
from django.conf import settings

JS = Path(settings.BASE_DIR) / "static" / "js"
MODULES = sorted(path.relative_to(JS).as_posix() for path in JS.rglob("*.js") if "tests" not in path.parts)
SPEAKING = {"gettext", "ngettext"}
# Where a text is put to be seen or read out.
SHOWN = {
    "textContent", "innerText", "title", "alt", "placeholder", "ariaLabel", "ariaDescription", "ariaValueText",
    "ariaRoleDescription",
}  # fmt: skip
SHOWN_ATTRIBUTES = {
    "aria-label",
    "aria-description",
    "aria-valuetext",
    "aria-roledescription",
    "title",
    "alt",
    "placeholder",
}
SHOWING_CALLS = {"alert", "confirm", "prompt", "toast", "announce"}
_SENTENCE = re.compile(r"[A-Z][a-z]+ (?:[\w’'%(]+[,;:]? )*[\w’'%()]+|[a-z]{2,} [a-z]{2,} [a-z]{2,}.*[.?]$")
_LETTERS = re.compile(r"[A-Za-z]{2,}")


def unspoken(source: str) -> list[str]:
    """The texts of a module that a person would see without gettext having been asked."""
    tokens = [
        token for token in tokenize(source, dotted=False) if token.type not in ("linecomment", "multilinecomment")
    ]
    return [_text(tokens[at]) for at in _texts(tokens) if not _is_asked(tokens, at) and _is_shown(tokens, at)]


def _texts(tokens: list[Token]) -> Iterator[int]:
    return (at for at, token in enumerate(tokens) if token.type in ("string", "template_string"))


def _text(token: Token) -> str:
    text = token.value[1:-1]
    return re.sub(r"\$\{[^}]*\}", "", text) if token.type == "template_string" else text


def _is_asked(tokens: list[Token], at: int) -> bool:
    """Whether the text stands among the arguments of gettext, also as the second half of a sum."""
    while at >= 2 and tokens[at - 1].value in ("+", ","):
        at -= 2
    return at >= 2 and tokens[at - 1].value == "(" and tokens[at - 2].value in SPEAKING


def _is_shown(tokens: list[Token], at: int) -> bool:
    text = _text(tokens[at])
    if _SENTENCE.search(text):
        return True
    if not _LETTERS.search(text):
        return False
    before = [token.value for token in tokens[max(0, at - 4) : at]]
    if before[-1:] in (["="], [":"]) and before[-2:-1] and before[-2] in SHOWN:
        return True
    if before[-1:] == [","] and before[-4:-1][:1] == ["setAttribute"] and before[-2].strip("\"'") in SHOWN_ATTRIBUTES:
        return True
    return before[-1:] == ["("] and len(before) > 1 and before[-2] in SHOWING_CALLS


@pytest.mark.parametrize("name", MODULES)
def test_no_module_speaks_by_itself(name: str) -> None:
    assert unspoken((JS / name).read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        'line.textContent = "Saved";',
        'line.textContent = `Saved ${count}`;',
        'button.setAttribute("aria-label", "Close");',
        'Object.assign(node, { title: "Close" });',
        'toast("Saved");',
        'const words = { done: "Everything is saved" };',
        'say("the network did not answer.");',
        'const text = gettext("Saved") + "Nothing is lost";',
    ],
)  # fmt: skip
def test_a_text_that_is_shown_is_found(source: str) -> None:
    assert len(unspoken(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        'line.textContent = gettext("Everything is saved");',
        'line.textContent = ngettext("One image", "%(count)s images of them", n);',
        'say(gettext("Everything is " + "saved by now"));',
        'node.className = "button button--quiet is-open";',
        'document.querySelector("details.menu[open] summary");',
        "line.textContent = `${x} / ${y}`;",
        'root.dataset.theme = "dark";',
        "// Everything is saved",
    ],
)
def test_what_nobody_sees_is_let_through(source: str) -> None:
    assert unspoken(source) == []
