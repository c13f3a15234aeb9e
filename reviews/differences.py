"""What has changed between two texts, line by line and word by word. Nothing here knows Django."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed", "gap"]

_CONTEXT = 2
_ALIKE = 0.5


@dataclass(frozen=True)
class Part:
    text: str
    changed: bool


@dataclass(frozen=True)
class Line:
    """`parts` make the line; those that are `changed` are what differs in a line that was only reworded. A gap stands
    for lines that are the same in both and are left out."""

    kind: Kind
    parts: tuple[Part, ...] = ()


def compare(before: str, after: str) -> list[Line]:
    """Return the lines of both texts, with two lines that are the same around each change; none where nothing is."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    blocks = SequenceMatcher(a=old, b=new, autojunk=False).get_grouped_opcodes(_CONTEXT)
    for number, block in enumerate(blocks):
        if number or block[0][1] > 0:
            lines.append(Line("gap"))
        for tag, i1, i2, j1, j2 in block:
            lines += _same(old[i1:i2]) if tag == "equal" else _changed(old[i1:i2], new[j1:j2])
    return lines


def _same(lines: Sequence[str]) -> Iterator[Line]:
    return (Line("same", (Part(line, False),)) for line in lines)


def _changed(old: Sequence[str], new: Sequence[str]) -> list[Line]:
    """The removed lines, then the added ones; where they pair up, the words that differ are marked."""
    pairs = [_words(*pair) for pair in zip(old, new, strict=False)]
    removed = [Line("removed", pair[0]) for pair in pairs] + [_whole("removed", line) for line in old[len(pairs) :]]
    added = [Line("added", pair[1]) for pair in pairs] + [_whole("added", line) for line in new[len(pairs) :]]
    return removed + added


def _whole(kind: Kind, line: str) -> Line:
    return Line(kind, (Part(line, False),))


def _words(old: str, new: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    first, second = (re.findall(r"\s+|\w+|[^\w\s]", line) for line in (old, new))
    matcher = SequenceMatcher(a=first, b=second, autojunk=False)
    if matcher.ratio() < _ALIKE:  # two lines that have nothing to do with one another
        return (Part(old, False),), (Part(new, False),)
    steps = matcher.get_opcodes()
    return (
        tuple(Part("".join(first[i1:i2]), tag != "equal") for tag, i1, i2, _j1, _j2 in steps if i2 > i1),
        tuple(Part("".join(second[j1:j2]), tag != "equal") for tag, _i1, _i2, j1, j2 in steps if j2 > j1),
    )
