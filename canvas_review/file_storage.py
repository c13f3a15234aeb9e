import os
import posixpath
from secrets import token_hex
from typing import Any

from django.core.files.storage import FileSystemStorage


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
        except BaseException:
            self.delete(draft)
            raise
        return name
