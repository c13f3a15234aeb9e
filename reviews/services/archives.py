"""Approved originals as one ZIP archive, written while it is read: nothing of it is ever held whole."""

import csv
import io
from collections.abc import Generator, Iterator, Sequence
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.utils import timezone

from accounts.files import file_store
from generation.models import Candidate, Picture

LIST = "images.csv"
_BLOCK = 256 * 1024
_COLUMNS = ("file", "product", "external_id", "request", "prompt", "width", "height", "sha256", "included")


class _Passing:
    """A file that can only be written to; `take` gives what was written since, and forgets it."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


def file_name(candidate: Candidate, picture: Picture) -> str:
    """What an original is called outside: its request and its place there."""
    return f"request-{candidate.request_id}-{candidate.position + 1}.{picture.media_type.rpartition('/')[2]}"


def zip_originals(candidates: Sequence[Candidate]) -> Iterator[bytes]:
    """The originals, stored as they are (images do not get smaller), and a table of them, LIST.

    An original whose file is gone is left out, and the table says so. Never iterate it inside a transaction.
    """
    passing = _Passing()
    rows = []
    with ZipFile(passing, "w", ZIP_STORED) as archive:  # type: ignore[call-overload]  # needs no more than write
        for candidate in candidates:
            picture = candidate.composed
            if picture is None:
                continue
            name = file_name(candidate, picture)
            included = yield from _copy(archive, passing, picture, name)
            rows.append(_row(candidate, picture, name, included))
        archive.writestr(_entry(LIST), _table(rows))
    yield passing.take()


def _copy(archive: ZipFile, passing: _Passing, picture: Picture, name: str) -> Generator[bytes, None, bool]:
    """Yields the archive as it grows; returns whether there was a file."""
    store = file_store()
    try:
        size = store.size(picture.name)
        stream = store.open_range(picture.name, 0, size - 1)
    except FileNotFoundError:
        return False
    try:
        with archive.open(_entry(name), "w") as target:
            while block := stream.read(_BLOCK):
                target.write(block)
                yield passing.take()
    finally:
        stream.close()
    return True


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, timezone.localtime().timetuple()[:6])
    entry.external_attr = 0o644 << 16
    return entry


def _row(candidate: Candidate, picture: Picture, name: str, included: bool) -> tuple[object, ...]:
    products = [entry.revision.product for entry in candidate.request.request_products.all()]
    return (
        name, " + ".join(_safe(product.title) for product in products),
        " + ".join(_safe(product.external_id) for product in products), candidate.request_id,
        _safe(candidate.request.prompt), picture.width, picture.height, picture.sha256, "yes" if included else "no",
    )  # fmt: skip


def _safe(text: str) -> str:
    """A spreadsheet must not take what somebody wrote for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _table(rows: Sequence[tuple[object, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([_COLUMNS, *rows])
    return text.getvalue()
