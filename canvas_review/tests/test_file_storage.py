"""A stored file is whole from the first moment at which anybody can find it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

PARTS = [b"first", b"second", b"third"]


class Slow(ContentFile[bytes]):
    """Hands itself over part by part, and looks meanwhile what others see."""

    def __init__(self, *, breaks: bool = False) -> None:
        super().__init__(b"".join(PARTS))
        self.seen: list[bool] = []
        self._breaks = breaks

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        for part in PARTS:
            self.seen.append(default_storage.exists("ab/name"))
            yield part
            if self._breaks:
                raise OSError("the disk is full")


def _files(own_files: Path) -> list[str]:
    return sorted(path.name for path in (own_files / "files").rglob("*") if path.is_file())


def test_nobody_finds_a_file_that_is_still_written(own_files: Path) -> None:
    content = Slow()
    assert default_storage.save("ab/name", content) == "ab/name"
    assert content.seen == [False, False, False]
    with default_storage.open("ab/name") as file:
        assert file.read() == b"".join(PARTS)
    assert _files(own_files) == ["name"]


def test_a_name_that_is_taken_stays_what_it_was(own_files: Path) -> None:
    default_storage.save("ab/name", ContentFile(b"old"))
    other = default_storage.save("ab/name", ContentFile(b"new"))
    assert other != "ab/name"
    with default_storage.open("ab/name") as file:
        assert file.read() == b"old"


def test_what_broke_off_leaves_nothing(own_files: Path) -> None:
    with pytest.raises(OSError, match="the disk is full"):
        default_storage.save("ab/name", Slow(breaks=True))
    assert _files(own_files) == []
