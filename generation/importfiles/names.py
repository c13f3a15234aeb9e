"""Names of files as other people's tables and archives give them."""

import unicodedata

from generation.contracts import gettext_noop as _
from generation.importfiles.refusals import RowRefused

LONGEST_NAME = 500
"""Characters; most file systems take 255 bytes a step and few people nest deeper."""

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"  # some scripts, and composed emoji, cannot be written without them
_SYSTEM = frozenset({"__macosx", "thumbs.db", "desktop.ini"})


def safe_name(text: str) -> str:
    """Return `text` as a relative path with single slashes, below the folder it starts in.

    Raises RowRefused for what leads out of it, and for marks that make a name read other than it is.
    """
    if any(_is_invisible(mark) for mark in text):
        raise RowRefused("name_marks", _("The file name holds invisible marks. Rename the file."))
    if len(text) > LONGEST_NAME:
        raise RowRefused("name_too_long", _("The file name is too long. Shorten it."))
    steps = [step for step in text.split("/") if step not in ("", ".")]
    # A drive or a backslash means something on other systems only; nobody needs either.
    if text.startswith("/") or ".." in steps or "\\" in text or ":" in text[:2] or not steps:
        raise RowRefused("name_outside", _("The file name leads out of the folder. Use a path inside it."))
    return "/".join(steps)


def printable(text: str) -> str:
    """Return `text` fit to be stored and shown, however it was meant."""
    return "".join("\ufffd" if _is_invisible(mark) else mark for mark in text)[:200]


def is_system(name: str) -> bool:
    """Whether an operating system left this file or folder, unasked."""
    return any(_is_hidden(step) or step.casefold() in _SYSTEM for step in name.split("/"))


def _is_hidden(step: str) -> bool:
    return step.startswith(".") and step != "." and not step.startswith("..")


def _is_invisible(mark: str) -> bool:
    return mark not in _JOINERS and unicodedata.category(mark) in _INVISIBLE
