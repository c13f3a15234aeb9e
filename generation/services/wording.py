"""Text from people, made fit for a database, a model and a page."""

import unicodedata

# Marks that make text read other than it is stored.
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_line(text: str) -> str:
    """Return `text` as one line: no control characters, lone surrogates or direction marks, single spaces.

    Normalised to NFC, so that the same words are the same bytes for a tokenizer and for a unique constraint.
    """
    kept = [" " if unicodedata.category(mark) == "Cc" else mark for mark in text if not _is_unwanted(mark)]
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


def _is_unwanted(mark: str) -> bool:
    return mark in _TURNING or unicodedata.category(mark) in ("Cs", "Cn", "Co")
