"""From an opened picture to bare arrays: upright, sRGB, nothing else of the file left.

Works in strips of rows, because Pillow holds four bytes a pixel and every whole-picture conversion would add another
copy of it to a web worker's memory.
"""

import io
from collections.abc import Callable
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow
from PIL import ImageCms

from generation.contracts import Image

Alpha = npt.NDArray[np.uint8]
Scalar = TypeVar("Scalar", bound=np.generic)

_ORIENTATION = 0x0112
_STRIP_ROWS = 256


class BrokenProfileError(ValueError):
    """The embedded colour profile cannot be read, or is not one for this kind of picture."""


def decode_photo(opened: Pillow.Image) -> tuple[Image, Alpha | None]:
    """Decode fully; return H x W x 3 sRGB and the H x W alpha channel where the file has one.

    Raises BrokenProfileError, and whatever the decoder raises on a damaged file.
    """
    opened.load()
    to_srgb = _colour_conversion(opened)
    width, height = opened.size
    colours: Image = np.empty((height, width, 3), np.uint8)
    alpha: Alpha | None = np.empty((height, width), np.uint8) if opened.has_transparency_data else None
    for top in range(0, height, _STRIP_ROWS):
        rows = slice(top, min(top + _STRIP_ROWS, height))
        strip = opened.crop((0, rows.start, width, rows.stop))
        if alpha is not None:
            strip = strip.convert("RGBA")
            alpha[rows] = np.asarray(strip.getchannel("A"))
        colours[rows] = to_srgb(strip)
    turn = opened.getexif().get(_ORIENTATION)
    return upright(colours, turn), None if alpha is None else upright(alpha, turn)


def decode_levels(opened: Pillow.Image) -> npt.NDArray[np.uint16] | None:
    """Decode an H x W picture that is meant to be grey; None when it has colours or see-through parts."""
    opened.load()
    turn = opened.getexif().get(_ORIENTATION)
    if opened.mode.startswith("I"):
        return upright(np.clip(np.asarray(opened), 0, 65535).astype(np.uint16), turn)
    channels = np.asarray(opened.convert("RGBA"))
    red = channels[..., 0]
    grey = all(np.array_equal(red, channels[..., band]) for band in (1, 2))
    if not grey or int(channels[..., 3].min()) < 255:
        return None
    return upright(red.astype(np.uint16), turn)


def upright(array: npt.NDArray[Scalar], orientation: object) -> npt.NDArray[Scalar]:
    """Turn an H x W (x C) array the way EXIF orientation 2..8 says; any other value leaves it as it is."""
    if orientation in (5, 6, 7, 8):
        array = array.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        array = array[::-1]
    if orientation in (2, 3, 6, 7):
        array = array[:, ::-1]
    return np.ascontiguousarray(array)


def _colour_conversion(opened: Pillow.Image) -> Callable[[Pillow.Image], npt.NDArray[np.uint8]]:
    """Build what turns one strip of this picture into sRGB bytes."""
    profile = opened.info.get("icc_profile")
    if opened.mode.startswith("I"):
        # Pillow would clip sixteen bits to white instead of scaling them.
        return lambda strip: np.repeat((np.asarray(strip) >> 8).astype(np.uint8)[..., None], 3, axis=2)
    if not profile:
        return lambda strip: np.asarray(strip.convert("RGB"))
    mode, transform = _profile_transform(profile, opened.mode)

    def convert(strip: Pillow.Image) -> npt.NDArray[np.uint8]:
        return np.asarray(ImageCms.applyTransform(strip.convert(mode), transform))

    return convert


def _profile_transform(profile: bytes, mode: str) -> tuple[str, ImageCms.ImageCmsTransform]:
    try:
        embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = str(embedded.profile.xcolor_space).strip()
        working = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}[space]
        colourless = mode in ("1", "L", "LA")
        if (working == "CMYK") != (mode == "CMYK") or (working == "L" and not colourless):
            raise BrokenProfileError(f"a {space} profile in a {mode} picture")
        srgb = ImageCms.createProfile("sRGB")
        return working, ImageCms.buildTransform(embedded, srgb, working, "RGB")
    except (OSError, KeyError, ImageCms.PyCMSError) as error:
        raise BrokenProfileError(str(error)) from error
