"""Makes what the running application reads out of the catalogues: a `.mo` for the server, a script for the browser.

They are never committed. `compile_words` runs whenever Django starts, so a fresh clone, a test and an image have them
without a step of their own; where they are newer than what they are made of, it only looks at four dates.
"""

import io
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from canvas_review.words.places import mo_file, po_file, script_file, translated_languages

_SCRIPT = "globalThis.canvasWords = {{ plural: (n) => Number({plural}), texts: {texts} }};\n"


def compile_words() -> None:
    """Compile every catalogue that is newer than what was made of it. Raises OSError where that cannot be written."""
    for source, target, make in _works():
        if _is_stale(source, target):
            target.parent.mkdir(parents=True, exist_ok=True)
            _replace(target, make(source))


def stale_words() -> list[Path]:
    """What should have been compiled and was not."""
    return [target for source, target, _make in _works() if _is_stale(source, target)]


def _works() -> list[tuple[Path, Path, Callable[[Path], bytes]]]:
    works: list[tuple[Path, Path, Callable[[Path], bytes]]] = []
    for language in translated_languages():
        works.append((po_file(language, "django"), mo_file(language), _as_mo))
        works.append((po_file(language, "djangojs"), script_file(language), _as_script))
    return works


def _is_stale(source: Path, target: Path) -> bool:
    return not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns


def _as_mo(source: Path) -> bytes:
    from babel.messages.mofile import write_mo  # only who compiles waits for Babel
    from babel.messages.pofile import read_po

    with source.open("rb") as lines:
        catalog = read_po(lines)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    return compiled.getvalue()


def _as_script(source: Path) -> bytes:
    """The texts as data, and the rule for plurals as the expression that stands in the catalogue: no eval is needed."""
    from babel.messages.pofile import read_po

    with source.open("rb") as lines:
        catalog = read_po(lines)
    texts = {}
    for message in catalog:
        if message.id and message.string and not message.fuzzy:
            key = message.id if isinstance(message.id, str) else message.id[0]
            texts[key] = message.string
    body = json.dumps(texts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return _SCRIPT.format(plural=catalog.plural_expr, texts=body).encode()


def _replace(target: Path, content: bytes) -> None:
    """Several processes start at once: each writes beside, and the last one's file stands, whole."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(target)
