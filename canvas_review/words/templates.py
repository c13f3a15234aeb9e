"""Finds the messages of Django templates; the file takes the form of one of Babel's extractors."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from django.template.base import Lexer, Token, TokenType
from django.utils.translation import trim_whitespace

Message = str | tuple[str, ...]
Found = tuple[int, str, Message, list[str]]
"""Line, name of the function, its texts, comments: what Babel's extractors yield."""

_QUOTED = re.compile(r"""(["'])(.*?)\1""")
_MARKED = re.compile(r"""\b_\(\s*(?:"([^"]*)"|'([^']*)')\s*\)""")


@dataclass
class _Block:
    """A blocktranslate that is still open."""

    line: int
    context: str | None
    is_trimmed: bool
    singular: list[str] = field(default_factory=list)
    plural: list[str] | None = None

    def add(self, text: str) -> None:
        (self.singular if self.plural is None else self.plural).append(text)

    def close(self) -> Found:
        texts = ["".join(part) for part in (self.singular, self.plural) if part is not None]
        if self.is_trimmed:
            texts = [trim_whitespace(text) for text in texts]
        return _found(self.line, self.context, texts)


def extract_template(
    source: BinaryIO, keywords: object, comment_tags: Sequence[str], options: object
) -> Iterator[Found]:
    """What `translate`, `blocktranslate` and `_("…")` of a template ask gettext for, letter by letter.

    Raises ValueError for a block that Django would not translate either.
    """
    block: _Block | None = None
    for token in Lexer(source.read().decode()).tokenize():
        name = token.split_contents()[0] if token.token_type == TokenType.BLOCK else ""
        if block is not None:
            if name in ("endblocktranslate", "endblocktrans"):
                yield block.close()
                block = None
            else:
                _add(block, token)
        elif name in ("blocktranslate", "blocktrans"):
            bits = token.split_contents()
            block = _Block(token.lineno or 0, _after(bits, "context"), "trimmed" in bits)
            yield from _constants(token)
        elif name in ("translate", "trans"):
            yield from _translate(token)
        elif token.token_type in (TokenType.BLOCK, TokenType.VAR):
            yield from _constants(token)
    if block is not None:
        raise ValueError(f"line {block.line}: blocktranslate without its end")


def _add(block: _Block, token: Token) -> None:
    if token.token_type == TokenType.TEXT:
        block.add(token.contents.replace("%", "%%"))
    elif token.token_type == TokenType.VAR:
        block.add(f"%({token.contents})s")
    elif token.token_type == TokenType.BLOCK and token.contents.strip() == "plural":
        block.plural = []
    elif token.token_type == TokenType.BLOCK:
        raise ValueError(f"line {token.lineno}: {token.contents!r} inside of blocktranslate")


def _translate(token: Token) -> Iterator[Found]:
    bits = token.split_contents()
    text = _literal(bits[1])
    if text is not None:
        yield _found(token.lineno or 0, _after(bits, "context"), [text.replace("%", "%%")])
    yield from _constants(token)


def _constants(token: Token) -> Iterator[Found]:
    for double, single in _MARKED.findall(token.contents):
        yield _found(token.lineno or 0, None, [(double or single).replace("%", "%%")])


def _after(bits: list[str], word: str) -> str | None:
    return _literal(bits[bits.index(word) + 1]) if word in bits else None


def _literal(bit: str) -> str | None:
    """The text of a quoted constant, whatever filter stands behind it; None for a variable."""
    quoted = _QUOTED.match(bit)
    return quoted[2] if quoted else None


def _found(line: int, context: str | None, texts: list[str]) -> Found:
    name = ("n" if len(texts) > 1 else "") + ("p" if context is not None else "") + "gettext"
    parts = ([context] if context is not None else []) + texts
    return line, name, parts[0] if len(parts) == 1 else tuple(parts), []
