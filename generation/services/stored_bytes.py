"""A stored file that can be read from anywhere in it, in blocks, without being fetched as a whole."""

import errno
import io
import os

from accounts.files import file_store

_BLOCK = 128 * 1024
"""Pictures of an archive mostly lie in the order in which they are read, so a block serves several small ones."""


def open_stored(name: str) -> io.BufferedReader:
    """Open a stored file for reading and seeking. Raises FileNotFoundError, StorageAway."""
    return io.BufferedReader(_StoredBytes(name), _BLOCK)


class _StoredBytes(io.RawIOBase):
    def __init__(self, name: str) -> None:
        self._name = name
        self._size = file_store().size(name)
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if at < 0:
            raise OSError(errno.EINVAL, "before the first byte")
        self._at = at
        return at

    def readinto(self, buffer, /) -> int:  # type: ignore[no-untyped-def]
        wanted = min(len(buffer), self._size - self._at)
        if wanted <= 0:
            return 0
        stream = file_store().open_range(self._name, self._at, self._at + wanted - 1)
        try:
            data = stream.read(wanted)
        finally:
            stream.close()
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
