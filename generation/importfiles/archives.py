"""A ZIP archive: entries are read where they lie, bounded, and never written to disk under the names they claim."""

import errno
import io
import stat
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from generation.contracts import gettext_noop as _
from generation.importfiles.folders import too_large
from generation.importfiles.names import is_system, safe_name
from generation.importfiles.places import MAX_FILE_BYTES, MAX_TABLE_BYTES
from generation.importfiles.refusals import RowRefused, SourceRefused

MAX_ENTRIES = 300_000
"""100,000 rows with a photo, a mask and a candidate each. An entry costs about 1 KB of memory while it is listed."""

MAX_RATIO = 100
"""How often the packed bytes may fit into the unpacked ones. Pictures are packed already; a table reaches 20."""

_RATIO_FROM = 1024 * 1024
"""Below this size a ratio says nothing: an empty mask packs well, and cannot do harm."""

_DIRECTORY_BYTES = MAX_ENTRIES * 256
_ENTRY_MARK = b"PK\x01\x02"
_ENCRYPTED = 0x1
_METHODS = (ZIP_STORED, ZIP_DEFLATED)  # the others may ask for gigabytes of memory before their first byte
_BROKEN = (BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, struct.error, zlib.error, IndexError)


class Archive:
    """A `Place` inside the archive `stream`, which must stay open. Raises SourceRefused."""

    def __init__(self, stream: BinaryIO) -> None:
        try:
            self._zip = ZipFile(_Watched(stream))
        except _BROKEN as error:
            raise _no_archive() from error
        except OSError as error:
            if error.errno != errno.EINVAL:  # anything else is the storage's trouble, not the archive's
                raise
            raise _no_archive() from error
        self._entries: dict[str, ZipInfo] = {}
        self._twice: set[str] = set()
        for info in self._zip.infolist():
            name = _key(info)
            if not info.is_dir() and not is_system(name):
                if name in self._entries:
                    self._twice.add(name)
                self._entries[name] = info

    def names(self) -> Iterator[str]:
        yield from sorted(self._entries)

    def has(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str) -> bytes:
        info = self._checked(name, MAX_FILE_BYTES)
        try:
            with self._zip.open(info) as stream:
                return stream.read(MAX_FILE_BYTES)
        except _BROKEN as error:
            raise _damaged() from error

    def open_table(self, name: str) -> BinaryIO:
        info = self._checked(name, MAX_TABLE_BYTES)
        try:
            return io.BufferedReader(cast(io.RawIOBase, self._zip.open(info)), 64 * 1024)
        except _BROKEN as error:
            raise _damaged() from error

    def _checked(self, name: str, most: int) -> ZipInfo:
        """The entry, or RowRefused for what it claims to be, before a byte of it is read."""
        safe_name(name)
        info = self._entries.get(name)
        if info is None:
            raise RowRefused("file_missing", _("There is no such file. Check its name, and where it lies."))
        if name in self._twice:
            raise RowRefused("archive_twice", _("The archive holds two files of this name. Keep one of them."))
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            raise RowRefused("archive_link", _("This is a link, not a file. Put the file itself into the archive."))
        if info.flag_bits & _ENCRYPTED:
            raise RowRefused("archive_encrypted", _("The file is encrypted. Pack it without a password."))
        if info.compress_type not in _METHODS:
            raise RowRefused("archive_method", _("The file is packed in an unusual way. Pack it as a normal ZIP."))
        if info.file_size > most:
            raise too_large(most)
        if info.file_size > _RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise RowRefused("archive_bomb", _("The file unpacks to far more than it is. It was not opened."))
        return info


class _Watched:
    """The archive's bytes. Refuses a directory of more entries than an import may have, before they become objects."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.seek, self.tell, self.seekable = stream.seek, stream.tell, stream.seekable

    def read(self, size: int = -1, /) -> bytes:
        if size > _DIRECTORY_BYTES:
            raise _too_many()
        data = self._stream.read(size)
        if data.count(_ENTRY_MARK) > MAX_ENTRIES:
            raise _too_many()
        return data

    def close(self) -> None:
        """Whoever opened the stream closes it."""


def _key(info: ZipInfo) -> str:
    """The name as it is asked for; one that is not safe stays as it is, to be refused under it."""
    try:
        return safe_name(info.orig_filename)
    except RowRefused:
        return info.orig_filename


def _no_archive() -> SourceRefused:
    return SourceRefused("archive_unreadable", _("This is not a whole ZIP archive. Pack it again and send it anew."))


def _too_many() -> SourceRefused:
    return SourceRefused("archive_too_many", _("The archive holds more than 300,000 files. Split it into several."))


def _damaged() -> RowRefused:
    return RowRefused("archive_damaged", _("The file is damaged inside the archive. Pack it again."))
