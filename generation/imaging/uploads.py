"""Photos and masks from outside: checked in a fixed order, then rebuilt from their pixels alone.

What is returned carries nothing of the uploaded file but the picture: no EXIF position, no comment, no profile, no
second file behind the end. Every refusal has a stable code and a sentence that says what to do about it. The cap on
bytes must also be held while the body streams in, which is the caller's part.
"""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow

from generation.contracts import Image, Mask
from generation.contracts import gettext_noop as _
from generation.imaging.headers import Format, Header, MalformedError, TruncatedError, read_header, sniff
from generation.imaging.pixels import Alpha, BrokenProfileError, decode_levels, decode_photo

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 25_000_000
MIN_SIDE = 64
MAX_SIDE = 6000
MAX_ASPECT = 8
MIN_COVERAGE = 0.001
MAX_COVERAGE = 0.95
_STRIP_ROWS = 256

_DECLARED: Mapping[str, Format] = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/jpg": "JPEG",
    "image/webp": "WEBP",
}
# A hostile file can leave a decoder by any of these; text bombs by ValueError.
_DECODER_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    OverflowError,
    struct.error,
    zlib.error,
    Pillow.DecompressionBombError,
    Pillow.DecompressionBombWarning,
)

# Once per process, not around each call: catch_warnings changes global state and is not safe between threads.
warnings.filterwarnings("error", category=Pillow.DecompressionBombWarning)


class UploadRejected(Exception):
    """`code` is stable; `message` is a translatable sentence whose named % fields `params` fills.

    `of_mask`: whoever sent a photo and a mask means this one.
    """

    of_mask = False

    def __init__(self, code: str, message: str, **params: object) -> None:
        self.code = code
        self.message = message
        self.params = params
        super().__init__(message % params)


def read_photo(data: bytes, declared_type: str | None) -> tuple[Image, Mask | None]:
    """Return the photo in sRGB, upright, and the mask that its alpha channel draws (None when there is no cut-out).

    Inside an alpha mask the colours are the file's own; outside it they are laid over white, since what an editor
    left under transparent pixels is nobody's picture. Raises UploadRejected.
    """
    header = _check_before_decoding(data, declared_type)
    with _opened(data, header) as opened:
        colours, alpha = decode_photo(opened)
    return (colours, None) if alpha is None else _cut_out(colours, alpha)


def read_mask(data: bytes, declared_type: str | None, shape: tuple[int, int]) -> Mask:
    """Return the mask that a two-valued picture of `shape` (height, width) draws; the brighter value is the product.

    Raises UploadRejected.
    """
    header = _check_before_decoding(data, declared_type)
    # Before decoding the sides may still stand the other way round (EXIF orientation).
    if sorted((header.width, header.height)) != sorted(shape):
        raise _other_size(header.width, header.height, shape)
    with _opened(data, header) as opened:
        levels = decode_levels(opened)
    if levels is None:
        raise UploadRejected("mask_not_grey", _("The mask has colours. Save it as a black-and-white PNG."))
    if levels.shape != shape:
        raise _other_size(levels.shape[1], levels.shape[0], shape)
    return _two_values(levels)


def _check_before_decoding(data: bytes, declared_type: str | None) -> Header:
    if not data:
        raise UploadRejected("empty", _("The file is empty. Choose another one."))
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // (1024 * 1024)
        raise UploadRejected("too_large", _("The file is larger than %(limit)d MB. Save a smaller one."), limit=limit)
    format_ = sniff(data)
    if format_ is None:
        raise UploadRejected("format", _("This is not a PNG, JPEG or WebP picture. Save it as one of these."))
    if declared_type is not None and _DECLARED.get(declared_type.partition(";")[0].strip().lower()) != format_:
        raise UploadRejected(
            "declared_type",
            _("The file is a %(format)s picture but is sent as something else. Give it the right ending."),
            format=format_,
        )
    try:
        header = read_header(data, format_)
    except TruncatedError as error:
        raise UploadRejected("truncated", _("The file is cut off. Send it again or export it anew.")) from error
    except MalformedError as error:
        raise _unreadable() from error
    _check_structure(data, header)
    _check_size(header.width, header.height)
    return header


def _check_structure(data: bytes, header: Header) -> None:
    if header.animated:
        raise UploadRejected("animated", _("The picture is animated. Save a single frame."))
    tail = data[header.end :]
    # Phones put a second JPEG (a gain map, a depth picture) behind the first; it is dropped with everything else.
    if tail.strip(b"\0") and not (header.format == "JPEG" and tail.startswith(b"\xff\xd8\xff")):
        raise UploadRejected("trailing_data", _("Something else is hidden behind the picture. Export it anew."))


def _check_size(width: int, height: int) -> None:
    if min(width, height) < MIN_SIDE:
        raise UploadRejected("too_small", _("Both sides must have at least %(side)d pixels."), side=MIN_SIDE)
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise UploadRejected(
            "too_many_pixels",
            _("The picture is too large: at most %(side)d pixels a side and %(mega)d megapixels. Scale it down."),
            side=MAX_SIDE,
            mega=MAX_PIXELS // 1_000_000,
        )
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise UploadRejected(
            "aspect",
            _("The picture is too long and narrow: one side may be %(times)d times the other. Crop it."),
            times=MAX_ASPECT,
        )


@contextmanager
def _opened(data: bytes, header: Header) -> Iterator[Pillow.Image]:
    """Open as the one format that was sniffed, and turn every way of failing to decode into a refusal."""
    try:
        with Pillow.open(io.BytesIO(data), formats=(header.format,)) as opened:
            if opened.size != (header.width, header.height) or getattr(opened, "n_frames", 1) != 1:
                raise UploadRejected("several_pictures", _("The file holds more than one picture. Save a single one."))
            yield opened
    except BrokenProfileError as error:
        raise UploadRejected(
            "colour_profile", _("The colour profile of the picture cannot be read. Export it in sRGB.")
        ) from error
    except _DECODER_ERRORS as error:
        raise _unreadable() from error


def _cut_out(colours: Image, alpha: Alpha) -> tuple[Image, Mask | None]:
    mask: Mask = alpha >= 128
    coverage = float(mask.mean())
    if coverage < MIN_COVERAGE:
        raise UploadRejected("transparent", _("The picture is all but transparent. Send one that shows the product."))
    for top in range(0, len(mask), _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        opacity = np.where(mask[rows], 255, alpha[rows]).astype(np.float32)[..., None] / 255
        colours[rows] = np.rint(colours[rows] * opacity + 255 * (1 - opacity)).astype(np.uint8)
    # Rounded corners or a faint veil are no cut-out: without a scene around the product there is nothing to paint.
    return colours, mask if coverage <= MAX_COVERAGE else None


def _two_values(levels: npt.NDArray[np.uint16]) -> Mask:
    values = np.flatnonzero(np.bincount(levels.ravel()))
    if len(values) > 2:
        raise UploadRejected(
            "mask_grey",
            _("The mask has shades of grey. Save it as a PNG with black and white only, without smoothing."),
        )
    mask: Mask = levels == values[-1] if len(values) == 2 else levels > 0
    coverage = float(mask.mean())
    if coverage < MIN_COVERAGE:
        raise UploadRejected("mask_empty", _("The mask marks no product. Paint the product white."))
    if coverage > MAX_COVERAGE:
        raise UploadRejected("mask_full", _("The mask leaves no scene to paint. Paint only the product white."))
    return mask


def _other_size(width: int, height: int, shape: tuple[int, int]) -> UploadRejected:
    return UploadRejected(
        "mask_size",
        _("The mask has %(width)d x %(height)d pixels, the photo %(photo_width)d x %(photo_height)d. Make them equal."),
        width=width,
        height=height,
        photo_width=shape[1],
        photo_height=shape[0],
    )


def _unreadable() -> UploadRejected:
    return UploadRejected(
        "unreadable", _("The picture cannot be read. Open it in an image editor and export it anew as PNG or JPEG.")
    )
