"""A folder of this machine. Links are followed only where they stay inside."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from generation.contracts import gettext_noop as _
from generation.importfiles.names import is_system, safe_name
from generation.importfiles.places import MAX_FILE_BYTES, MAX_TABLE_BYTES
from generation.importfiles.refusals import RowRefused


class Folder:
    """A `Place` below `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def names(self) -> Iterator[str]:
        for folder, folders, files in os.walk(self._root):
            folders[:] = sorted(name for name in folders if not is_system(name))
            place = Path(folder).relative_to(self._root)
            for file in sorted(files):
                if not is_system(file):
                    yield (place / file).as_posix()

    def has(self, name: str) -> bool:
        try:
            self._path(name, MAX_TABLE_BYTES)
        except RowRefused:
            return False
        return True

    def read(self, name: str) -> bytes:
        with self._open(name, MAX_FILE_BYTES) as stream:
            return stream.read(MAX_FILE_BYTES)

    def open_table(self, name: str) -> BinaryIO:
        return self._open(name, MAX_TABLE_BYTES)

    def _open(self, name: str, most: int) -> BinaryIO:
        path = self._path(name, most)
        try:
            return path.open("rb")
        except OSError as error:
            raise RowRefused("file_unreadable", _("The file cannot be opened. Allow it to be read.")) from error

    def _path(self, name: str, most: int) -> Path:
        try:
            path = (self._root / safe_name(name)).resolve()
            # Not is_file alone: a pipe or a device would be opened and never end.
            size = path.stat().st_size if path.is_file() else None
        except OSError:
            size = None
        if size is None:
            raise RowRefused("file_missing", _("There is no such file. Check its name, and where it lies."))
        if not path.is_relative_to(self._root):
            raise RowRefused("name_outside", _("The file name leads out of the folder. Use a path inside it."))
        if size > most:
            raise too_large(most)
        return path


def too_large(most: int) -> RowRefused:
    return RowRefused(
        "too_large", _("The file is larger than %(limit)d MB. Save a smaller one."), limit=most // (1024 * 1024)
    )
