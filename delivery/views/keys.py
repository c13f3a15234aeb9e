"""Reading a primary key that came in by an address or a form."""


def key_from(text: str | None) -> int:
    """0 for whatever is no key."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else 0
