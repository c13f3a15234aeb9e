"""Guidelines are written in Markdown; this makes it HTML that may stand in a page of ours.

No tag of the writer's gets through, no address that runs something, and no picture but those of the examples. Nothing
here knows Django.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

_EXAMPLE = re.compile(r"example:(\d{1,3})", re.ASCII)
_SCHEMES = {"", "http", "https", "mailto"}
_LOWER = {f"h{level}": f"h{min(6, level + 2)}" for level in range(1, 7)}
"""A page has its h1, and what holds the text its h2."""


class _Renderer(RendererHTML):
    """Draws a picture only where it is an example: `![what it shows](example:2)`."""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        found = _EXAMPLE.fullmatch(str(token.attrGet("src") or ""))
        address = env["pictures"].get(int(found[1])) if found else None
        if address is None:
            return str(self.renderInlineAsText(token.children, options, env)).translate(_SAFE)
        token.attrSet("src", address)
        token.attrSet("loading", "lazy")
        token.attrSet("decoding", "async")
        return str(super().image(tokens, idx, options, env))


_SAFE = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def render(text: str, pictures: Mapping[int, str] | None = None) -> str:
    """Return `text` as HTML. `pictures` are the addresses of the examples, by their number from 1."""
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")
    parser.validateLink = _is_plain  # type: ignore[assignment, method-assign]
    tokens = parser.parse(text)
    _tame(tokens, pictures or {})
    return str(parser.renderer.render(tokens, parser.options, {"pictures": pictures or {}}))


def _is_plain(address: str) -> bool:
    """Whether a link may lead there; an example is its picture."""
    try:
        return urlsplit(address).scheme in _SCHEMES or _EXAMPLE.fullmatch(address) is not None
    except ValueError:
        return False


def _tame(tokens: Sequence[Token], pictures: Mapping[int, str]) -> None:
    """Lower the headings, open links beside the desk, and put classes where styles would break the policy."""
    for token in tokens:
        token.tag = _LOWER.get(token.tag, token.tag)
        if token.type in ("th_open", "td_open"):
            style = token.attrs.pop("style", "")
            if style == "text-align:right":
                token.attrSet("class", "num")
        if token.type == "link_open":
            _point_outside(token, pictures)
        _tame(token.children or (), pictures)


def _point_outside(token: Token, pictures: Mapping[int, str]) -> None:
    if found := _EXAMPLE.fullmatch(str(token.attrGet("href") or "")):
        token.attrSet("href", pictures.get(int(found[1]), "#"))
    marks: dict[str, Any] = {"target": "_blank", "rel": "noopener noreferrer"}
    for name, value in marks.items():
        token.attrSet(name, value)
