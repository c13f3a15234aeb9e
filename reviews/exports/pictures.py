"""Pictures for an export: each is the one that was frozen, can be decoded, and looks the same to every trainer."""

import hashlib
import io
from collections import OrderedDict

from PIL import Image as Pillow

from generation.contracts import EngineError
from reviews.exports.rendering import OpenImage

_FORMATS = ("PNG", "WEBP", "JPEG")
_KEPT_BYTES = 64 << 20


class PictureReader:
    """Reads and checks pictures, keeping the latest ones: siblings come in pair after pair."""

    def __init__(self, open_image: OpenImage) -> None:
        self._open = open_image
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def read(self, name: str, sha256: str) -> bytes:
        """Return the stored bytes.

        Raises EngineError for a picture that is gone, is not the one that was frozen, or cannot be decoded.
        """
        if sha256 in self._kept:
            self._kept.move_to_end(sha256)
            return self._kept[sha256]
        try:
            data = self._open(name)
        except FileNotFoundError as error:
            raise EngineError(f"{name}: the picture is no longer in storage.", permanent=True) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise EngineError(f"{name}: the picture is not the one that was frozen.", permanent=True)
        try:
            with Pillow.open(io.BytesIO(data), formats=_FORMATS) as opened:
                opened.load()
        except (OSError, ValueError, SyntaxError) as error:
            raise EngineError(f"{name}: the picture cannot be decoded.", permanent=True) from error
        self._kept[sha256] = data
        while sum(map(len, self._kept.values())) > _KEPT_BYTES and len(self._kept) > 1:
            self._kept.popitem(last=False)
        return data


def make_alike(first: bytes, second: bytes) -> tuple[bytes, bytes]:
    """Return two encoded pictures of one pixel size and without transparency.

    Trainers drop an alpha channel without compositing, so it is laid onto white here; a larger picture is brought to
    the smaller one's size. What is fit already comes back byte for byte; anything else becomes a PNG.
    """
    sizes = [_size(first), _size(second)]
    size = min(sizes, key=lambda sides: sides[0] * sides[1])
    return _fitted(first, size), _fitted(second, size)


def _size(data: bytes) -> tuple[int, int]:
    with Pillow.open(io.BytesIO(data), formats=_FORMATS) as opened:
        return opened.size


def _fitted(data: bytes, size: tuple[int, int]) -> bytes:
    with Pillow.open(io.BytesIO(data), formats=_FORMATS) as opened:
        if opened.size == size and not opened.has_transparency_data:
            return data
        layers = opened.convert("RGBA")
    flat = Pillow.new("RGBA", layers.size, (255, 255, 255, 255))
    flat.alpha_composite(layers)
    image = flat.convert("RGB")
    if image.size != size:
        image = image.resize(size, Pillow.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()
