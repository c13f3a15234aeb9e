"""The files of `locale/`: one for each language and domain, sorted, without anything that changes by itself."""

import io
import re
from collections.abc import Iterator
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

from canvas_review.words.extraction import DOMAINS, find_messages
from canvas_review.words.places import po_file

_HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""
_PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%|%[sd]")


def read_catalogue(language: str, domain: str) -> Catalog:
    """A catalogue as it lies in `locale/`; an empty one where there is none yet."""
    path = po_file(language, domain)
    if not path.is_file():
        return Catalog(locale=language, domain=domain)
    with path.open("rb") as source:
        return read_po(source, locale=language, domain=domain)


def update_catalogue(language: str, domain: str) -> None:
    """Bring a catalogue to what the sources say: new messages come in empty, those nobody asks for go."""
    catalog = read_catalogue(language, domain)
    catalog.update(find_messages(domain), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    lines = io.BytesIO()
    write_po(lines, catalog, width=110, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    path = po_file(language, domain)
    path.parent.mkdir(parents=True, exist_ok=True)
    header = _HEADER.format(language=language, plural=get_plural(language).plural_forms)
    path.write_text(header + lines.getvalue().decode().strip() + "\n", encoding="utf-8")


def problems(language: str) -> Iterator[str]:
    """What keeps a language from being complete: one line for each message that is missing, left over or wrong."""
    for domain in DOMAINS:
        catalog = read_catalogue(language, domain)
        asked = {_key(message) for message in find_messages(domain) if message.id}
        said = {_key(message): message for message in catalog if message.id}
        for key in sorted(asked - said.keys(), key=str):
            yield f"{domain}: not in the catalogue: {key}"
        for key in sorted(said.keys() - asked, key=str):
            yield f"{domain}: nobody asks for it: {key}"
        for name in catalog.obsolete:
            yield f"{domain}: left over: {name!r}"
        for key, message in said.items():
            yield from (f"{domain}: {fault}: {key}" for fault in _faults(message, catalog.num_plurals))


def _key(message: Message) -> tuple[str | None, tuple[str, ...]]:
    return message.context, _texts(message.id)


def _texts(value: Any) -> tuple[str, ...]:
    """One text, or one for each plural form; an untranslated message has empty ones."""
    return (value or "",) if isinstance(value, str | None) else tuple(text or "" for text in value)


def _faults(message: Message, plurals: int) -> Iterator[str]:
    asked, given = _texts(message.id), _texts(message.string)
    if len(given) != (1 if len(asked) == 1 else plurals) or not all(given):
        yield "not translated"
        return
    if message.fuzzy:
        yield "marked as doubtful"
    wanted = _places(asked[-1])
    for at, text in enumerate(given):
        # Of several forms the first may say "one" without its number.
        is_short = len(given) > 1 and at == 0 and _places(text) < wanted
        if _places(text) != wanted and not is_short:
            yield f"other places to fill in {text!r}"
        if _edges(text) != _edges(asked[-1]):
            yield f"begins or ends with other white space {text!r}"


def _places(text: str) -> set[str]:
    return set(_PLACE.findall(text))


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
