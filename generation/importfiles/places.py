"""Where an import's files lie: what a folder and an archive have in common."""

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from generation.imaging.uploads import MAX_BYTES

MAX_FILE_BYTES = MAX_BYTES
"""A picture; what is larger is refused before it is read, as it is in an upload."""

MAX_TABLE_BYTES = 256 * 1024 * 1024
"""100,000 rows of 2.5 KB each: a table that is larger is none."""


class Place(Protocol):
    """Files by relative names. A method raises RowRefused where a name, or what lies under it, is not to be had."""

    def names(self) -> Iterator[str]:
        """Every file but those of an operating system, in an order that is always the same."""

    def has(self, name: str) -> bool: ...

    def read(self, name: str) -> bytes:
        """Return a file of at most MAX_FILE_BYTES."""

    def open_table(self, name: str) -> BinaryIO:
        """Open a file of at most MAX_TABLE_BYTES."""
