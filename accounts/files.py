"""Stored files on their way out: whole or in ranges, in blocks, from a folder or a bucket alike.

On the ground floor, beside the rules that every view asks first, because both houses above let files out.
"""

import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

BLOCK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class StorageAway(OSError):
    """The place where files are kept cannot be reached, is too slow, or is full: the same may work in a minute."""


@dataclass(frozen=True)
class StoredFile:
    name: str
    size: int
    modified_at: datetime


class Readable(Protocol):
    """What is left of a file that was opened at some byte."""

    def read(self, size: int, /) -> bytes: ...

    def close(self) -> object: ...


class FileStore(Protocol):
    """What our storages offer beyond Django's; every method raises StorageAway, those with a name FileNotFoundError."""

    def size(self, name: str) -> int: ...

    def delete(self, name: str) -> None: ...

    def get_modified_time(self, name: str) -> datetime: ...

    def open_range(self, name: str, first: int, last: int) -> Readable:
        """Open bytes `first` to `last`, both included."""

    def refresh(self, name: str) -> None:
        """Make the file as young as if it had been written now."""

    def walk(self) -> Iterator[StoredFile]:
        """Every file, a few at a time."""


def file_store() -> FileStore:
    """The storage in use."""
    return cast(FileStore, default_storage)


class _Blocks:
    """At most `left` bytes of `stream`, as an iterator that a response closes."""

    def __init__(self, stream: Readable, left: int) -> None:
        self._stream = stream
        self._left = left

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        block = self._stream.read(min(BLOCK, self._left)) if self._left else b""
        if not block:
            raise StopIteration
        self._left -= len(block)
        return block

    def close(self) -> None:
        self._stream.close()


def ranged_response(
    request: HttpRequest, name: str, *, etag: str, content_type: str = "", filename: str = ""
) -> HttpResponseBase:
    """Answer with a stored file, or the one range that was asked for (RFC 9110, section 14), without holding it.

    `etag` is the tag without quotes and must change with the bytes. With `filename` it is an attachment. Several ranges
    in one request, or ones that are not understood, get the whole file, as the RFC allows. Raises Http404, StorageAway.
    """
    tag = f'"{etag}"'
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        try:
            response = _file(request, name, tag)
        except FileNotFoundError as error:
            raise Http404 from error
        response["Accept-Ranges"] = "bytes"
        guessed, encoding = mimetypes.guess_type(filename or name)
        response["Content-Type"] = content_type or (guessed if guessed and not encoding else "application/octet-stream")
        if filename:
            response["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    response["ETag"] = tag
    return response


def _file(request: HttpRequest, name: str, tag: str) -> HttpResponseBase:
    store = file_store()
    size = store.size(name)
    asked = _asked_range(request, size, tag)
    first, last = asked or (0, size - 1)
    if asked and first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    length = last - first + 1
    if request.method == "HEAD" or not length:
        return HttpResponse(headers={"Content-Length": str(length)})
    response = StreamingHttpResponse(_Blocks(store.open_range(name, first, last), length))
    response["Content-Length"] = str(length)
    if asked:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _asked_range(request: HttpRequest, size: int, tag: str) -> tuple[int, int] | None:
    """First and last byte that a GET asks for, the first above the last where there are none such; None for all."""
    understood = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if request.method != "GET" or not understood or request.headers.get("If-Range", tag) != tag:
        return None
    first, last = understood.groups()
    if first:
        if last and int(last) < int(first):
            return None
        return (int(first), min(int(last or size), size - 1)) if int(first) < size else (1, 0)
    if not last:
        return None
    return (max(size - int(last), 0), size - 1) if int(last) and size else (1, 0)
