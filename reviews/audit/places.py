"""A place in the audit as a text that travels in addresses. It says nothing that who reads it has not seen."""

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta

from reviews.audit.entries import Place

_LONGEST = 200
_WRITTEN = re.compile(r"(-?\d{1,18})/([a-z_]{1,40}\.[a-z_]{1,60})/(\d{1,18})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NoPlace(ValueError):
    """It was not written here."""


def write_place(place: Place) -> str:
    microseconds = (place.at - _EPOCH) // timedelta(microseconds=1)
    text = f"{microseconds}/{place.source}/{place.key}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_place(text: str) -> Place:
    """Raises NoPlace."""
    if len(text) > _LONGEST or not text.isascii():
        raise NoPlace
    try:
        found = _WRITTEN.fullmatch(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii"))
        if found is None:
            raise NoPlace
        return Place(_EPOCH + timedelta(microseconds=int(found[1])), found[2], int(found[3]))
    except (binascii.Error, UnicodeDecodeError, OverflowError) as error:
        raise NoPlace from error
