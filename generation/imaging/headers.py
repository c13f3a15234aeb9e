"""What an image file says about itself before anything is decoded.

Written out by hand because opening a file with an image library already allocates for it (a WebP canvas, an inflated
text chunk); a size that is too large must be refused before that. Layouts: PNG (ISO/IEC 15948) chunks, JPEG
(ITU-T T.81, annex B) markers, WebP (RFC 9649) RIFF chunks.
"""

import re
import struct
from dataclasses import dataclass
from typing import Literal

Format = Literal["PNG", "JPEG", "WEBP"]

_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_JPEG_MAGIC = b"\xff\xd8\xff"
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
# Inside entropy-coded data only these are markers: anything but a stuffed zero, a restart or a fill byte.
_MARKER_IN_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


class TruncatedError(ValueError):
    """The file ends before its own structure does."""


class MalformedError(ValueError):
    """The bytes break the rules of the format they begin with."""


@dataclass(frozen=True)
class Header:
    """`end` is where the image's own structure ends; what lies behind it is not part of the picture."""

    format: Format
    width: int
    height: int
    animated: bool
    end: int


def sniff(data: bytes) -> Format | None:
    """Name the format by its first bytes, or None for everything that is not taken."""
    if data.startswith(_PNG_MAGIC):
        return "PNG"
    if data.startswith(_JPEG_MAGIC):
        return "JPEG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return None


def read_header(data: bytes, format_: Format) -> Header:
    """Walk the structure of a whole file without decoding it. Raises TruncatedError or MalformedError."""
    try:
        return {"PNG": _read_png, "JPEG": _read_jpeg, "WEBP": _read_webp}[format_](data)
    except (struct.error, IndexError) as error:
        raise TruncatedError(str(error)) from error


def _read_png(data: bytes) -> Header:
    length, kind, width, height = struct.unpack_from(">I4sII", data, 8)
    if kind != b"IHDR" or length != 13:
        raise MalformedError("a PNG must begin with its header chunk")
    animated, position = False, 8
    while True:
        length, kind = struct.unpack_from(">I4s", data, position)
        position += 12 + length
        if position > len(data):
            raise TruncatedError("a chunk is longer than the file")
        if kind in (b"acTL", b"fcTL", b"fdAT"):
            animated = True
        if kind == b"IEND":
            return Header("PNG", width, height, animated, position)


def _read_jpeg(data: bytes) -> Header:
    size: tuple[int, int] | None = None
    position = 2
    while True:
        if data[position] != 0xFF:
            raise MalformedError("a JPEG marker was expected")
        while data[position] == 0xFF:
            position += 1
        marker = data[position]
        position += 1
        if marker == 0xD9:
            if size is None:
                raise MalformedError("a JPEG without a frame")
            return Header("JPEG", *size, animated=False, end=position)
        if marker in _STANDALONE:
            continue
        (length,) = struct.unpack_from(">H", data, position)
        if marker in _START_OF_FRAME:
            height, width = struct.unpack_from(">HH", data, position + 3)
            if size is not None and size != (width, height):
                raise MalformedError("a JPEG with frames of two sizes")
            size = (width, height)
        position += length
        if marker == 0xDA:
            position = _end_of_scan(data, position)


def _end_of_scan(data: bytes, position: int) -> int:
    found = _MARKER_IN_SCAN.search(data, position)
    if found is None:
        raise TruncatedError("the picture data has no end marker")
    return found.start()


def _read_webp(data: bytes) -> Header:
    (length,) = struct.unpack_from("<I", data, 4)
    end = 8 + length + (length & 1)
    if end > len(data):
        raise TruncatedError("the file is shorter than it says")
    kind = data[12:16]
    if kind == b"VP8X":
        (flags,) = struct.unpack_from("<B", data, 20)
        width = 1 + int.from_bytes(data[24:27], "little")
        height = 1 + int.from_bytes(data[27:30], "little")
        return Header("WEBP", width, height, bool(flags & 0x02), end)
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return Header("WEBP", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF), False, end)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return Header("WEBP", width & 0x3FFF, height & 0x3FFF, False, end)
    raise MalformedError("a WebP without a picture")
