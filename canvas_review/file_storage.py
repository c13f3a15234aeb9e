import os
import posixpath
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.core.files.storage import FileSystemStorage

from accounts.files import Readable, StorageAway, StoredFile


class WholeFileStorage(FileSystemStorage):
    """A file appears under its name when it is whole, as in an object store.

    Django writes in place: whoever stores the same bytes in that moment finds a file that is too short, takes it for
    the rest of a crash, and deletes it under its writer's hands. Names here follow from the bytes or are random, so
    that two writers of one name write the same.
    """

    def _save(self, name: str, content: Any) -> str:
        draft = posixpath.join(posixpath.dirname(name), f".{token_hex(12)}")
        try:
            super()._save(draft, content)  # type: ignore[misc]
            os.replace(self.path(draft), self.path(name))  # noqa: PTH105  (both are Django's paths, as texts)
        except OSError as error:
            self.delete(draft)
            raise StorageAway(f"The file could not be written: {error}") from error
        except BaseException:
            self.delete(draft)
            raise
        return name

    def open_range(self, name: str, first: int, last: int) -> Readable:
        stream = Path(self.path(name)).open("rb")  # noqa: SIM115  (its reader closes it)
        stream.seek(first)
        return stream

    def refresh(self, name: str) -> None:
        os.utime(self.path(name))

    def walk(self) -> Iterator[StoredFile]:
        for folder, _folders, files in os.walk(self.location):
            for file in files:
                path = Path(folder, file)
                try:
                    stat = path.stat()
                except FileNotFoundError:
                    continue  # gone since the folder was read
                name = path.relative_to(self.location).as_posix()
                yield StoredFile(name, stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC))
