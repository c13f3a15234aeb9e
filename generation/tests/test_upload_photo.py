import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageCms, ImageOps, PngImagePlugin

from generation.imaging import uploads
from generation.imaging.encoding import encode_png, encode_webp
from generation.imaging.uploads import UploadRejected, read_photo

rng = np.random.default_rng(7)
PIXELS = rng.integers(0, 256, (80, 120, 3), dtype=np.uint8)


def saved(image: Pillow.Image, format_: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, **options)
    return buffer.getvalue()


def photo(format_: str = "PNG", **options: object) -> bytes:
    return saved(Pillow.fromarray(PIXELS), format_, **options)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(width: int, height: int, extra: bytes = b"") -> bytes:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = png_chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + header + extra + body + png_chunk(b"IEND", b"")


def animation(format_: str) -> bytes:
    frames = [Pillow.new("RGB", (70, 70), (shade, 0, 0)) for shade in (0, 90, 200)]
    return saved(frames[0], format_, save_all=True, append_images=frames[1:])


def rejection(data: bytes, declared: str | None) -> UploadRejected:
    with pytest.raises(UploadRejected) as caught:
        read_photo(data, declared)
    return caught.value


@pytest.mark.parametrize(("format_", "declared"), [("PNG", "image/png"), ("WEBP", "image/webp")])
def test_a_lossless_photo_arrives_byte_for_byte(format_: str, declared: str) -> None:
    image, mask = read_photo(photo(format_, lossless=True), declared)
    assert np.array_equal(image, PIXELS)
    assert mask is None


def test_a_jpeg_arrives_as_it_decodes() -> None:
    image, mask = read_photo(photo("JPEG", quality=95), "image/jpeg; charset=binary")
    assert image.shape == PIXELS.shape
    assert image.dtype == np.uint8
    assert mask is None


def stereo_pair() -> bytes:
    pictures = [Pillow.fromarray(PIXELS), Pillow.fromarray(PIXELS[::-1])]
    return saved(pictures[0], "MPO", save_all=True, append_images=pictures[1:])


def bad_uploads() -> list[tuple[str, str | None, Callable[[], bytes]]]:
    return [
        ("empty", "image/png", lambda: b""),
        ("too_large", "image/png", lambda: photo() + bytes(uploads.MAX_BYTES)),
        ("format", "image/png", lambda: photo("TIFF")),
        ("format", "image/png", lambda: photo("BMP")),
        ("format", "image/gif", lambda: photo("GIF")),
        ("format", None, lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("declared_type", "image/png", lambda: photo("JPEG")),
        ("declared_type", "image/jpeg", photo),
        ("declared_type", "application/octet-stream", photo),
        ("truncated", "image/png", lambda: photo()[:-40]),
        ("truncated", "image/jpeg", lambda: photo("JPEG")[:-200]),
        ("truncated", "image/webp", lambda: photo("WEBP")[:-60]),
        ("truncated", "image/png", lambda: photo()[:20]),
        ("truncated", "image/jpeg", lambda: b"\xff\xd8\xff"),
        ("unreadable", "image/png", lambda: b"\x89PNG\r\n\x1a\n" + png_chunk(b"IDAT", bytes(30))),
        ("unreadable", "image/png", lambda: png_of(120, 80)),
        ("too_many_pixels", "image/png", lambda: png_of(6000, 5000)),
        ("too_many_pixels", "image/png", lambda: png_of(60_000, 60_000)),
        ("too_many_pixels", "image/png", lambda: png_of(6001, 1000)),
        ("too_small", "image/png", lambda: png_of(63, 200)),
        ("too_small", "image/png", lambda: png_of(0, 200)),
        ("aspect", "image/png", lambda: png_of(801, 100)),
        ("animated", "image/png", lambda: animation("PNG")),
        ("animated", "image/webp", lambda: animation("WEBP")),
        ("several_pictures", "image/jpeg", stereo_pair),
        ("trailing_data", "image/png", lambda: photo() + b"PK\x03\x04 an archive"),
        ("trailing_data", "image/jpeg", lambda: photo("JPEG") + b"<script>alert(1)</script>"),
        ("trailing_data", "image/webp", lambda: photo("WEBP") + b"%PDF-1.7"),
        ("transparent", "image/png", lambda: saved(Pillow.new("RGBA", (100, 100), (9, 9, 9, 0)), "PNG")),
        ("colour_profile", "image/png", lambda: photo(icc_profile=b"not a profile" * 30)),
    ]


@pytest.mark.parametrize(("code", "declared", "make"), bad_uploads())
def test_a_bad_upload_is_refused_with_its_code(code: str, declared: str | None, make: Callable[[], bytes]) -> None:
    error = rejection(make(), declared)
    assert error.code == code
    assert str(error).endswith(".")
    assert "%(" not in str(error)


def test_a_huge_webp_canvas_is_refused_before_the_library_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    canvas = struct.pack("<I", 0) + (16_382).to_bytes(3, "little") * 2
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + canvas
    monkeypatch.setattr(Pillow, "open", lambda *args, **kwargs: pytest.fail("opened"))
    assert rejection(b"RIFF" + struct.pack("<I", len(body)) + body, "image/webp").code == "too_many_pixels"


def test_a_text_bomb_is_refused() -> None:
    bomb = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(30_000_000), 9))
    good = photo()
    end_of_header = 8 + 25
    assert rejection(good[:end_of_header] + bomb + good[end_of_header:], "image/png").code == "unreadable"


def test_a_profile_bomb_is_refused() -> None:
    bomb = png_chunk(b"iCCP", b"icc\0\0" + zlib.compress(bytes(30_000_000), 9))
    good = photo()
    assert rejection(good[:33] + bomb + good[33:], "image/png").code in {"unreadable", "colour_profile"}


def test_no_byte_of_metadata_survives() -> None:
    exif = Pillow.Exif()
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0)}
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "steal")
    for data in (photo("JPEG", exif=exif, comment=b"<script>steal()</script>"), photo(pnginfo=text, exif=exif)):
        assert b"steal" in data
        image, _ = read_photo(data, None)
        for stored in (encode_png(image), encode_webp(image), encode_webp(image, lossless=True)):
            assert b"steal" not in stored
            reopened = Pillow.open(io.BytesIO(stored))
            assert not reopened.getexif()
            assert not {"icc_profile", "comment", "Comment", "xmp"} & set(reopened.info)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_as_pillow_applies_it(orientation: int) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    data = photo(exif=exif)
    expected = np.asarray(ImageOps.exif_transpose(Pillow.open(io.BytesIO(data))))
    image, _ = read_photo(data, "image/png")
    assert np.array_equal(image, expected)


def test_a_profile_is_converted_to_srgb() -> None:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    same, _ = read_photo(photo(icc_profile=bytes(profile)), "image/png")
    assert np.abs(same.astype(int) - PIXELS).max() <= 1
    # Exchange the red and the blue primary in the tag table: the profile now says that red is blue.
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    swapped, _ = read_photo(photo(icc_profile=bytes(profile)), "image/png")
    assert np.abs(swapped[..., ::-1].astype(int) - PIXELS).max() <= 2


def test_a_profile_of_another_colour_space_is_refused() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert rejection(photo(icc_profile=lab), "image/png").code == "colour_profile"


def test_sixteen_bits_are_scaled_and_not_clipped() -> None:
    levels = np.linspace(0, 65535, 100 * 100).reshape(100, 100).astype(np.uint16)
    image, _ = read_photo(saved(Pillow.fromarray(levels), "PNG"), "image/png")
    assert np.array_equal(image[..., 1], (levels >> 8).astype(np.uint8))


def test_cmyk_and_palette_become_rgb() -> None:
    cmyk, _ = read_photo(saved(Pillow.fromarray(PIXELS).convert("CMYK"), "JPEG"), "image/jpeg")
    palette, mask = read_photo(saved(Pillow.fromarray(PIXELS).convert("P"), "PNG"), "image/png")
    assert cmyk.shape == palette.shape == PIXELS.shape
    assert mask is None


def test_a_real_alpha_channel_is_the_mask_and_white_lies_behind() -> None:
    alpha = np.zeros(PIXELS.shape[:2], np.uint8)
    alpha[20:60, 30:90] = 255
    data = saved(Pillow.fromarray(np.dstack([PIXELS, alpha])), "PNG")
    image, mask = read_photo(data, "image/png")
    assert mask is not None
    assert np.array_equal(mask, alpha == 255)
    assert np.array_equal(image[mask], PIXELS[mask])
    assert (image[~mask] == 255).all()


@pytest.mark.parametrize("level", [254, 255])
def test_an_opaque_alpha_channel_is_no_mask(level: int) -> None:
    alpha = np.full(PIXELS.shape[:2], level, np.uint8)
    image, mask = read_photo(saved(Pillow.fromarray(np.dstack([PIXELS, alpha])), "PNG"), None)
    assert mask is None
    assert np.array_equal(image, PIXELS)


def test_a_phone_photo_with_a_gain_map_behind_it_is_taken() -> None:
    image, _ = read_photo(photo("JPEG") + photo("JPEG", quality=20), "image/jpeg")
    assert image.shape == PIXELS.shape


@settings(max_examples=150, deadline=None)
@given(
    format_=st.sampled_from(["PNG", "JPEG", "WEBP"]),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=0, max_size=6)), min_size=1, max_size=4),
)
def test_a_damaged_file_is_read_or_refused_but_never_breaks(format_: str, cuts: list[tuple[float, bytes]]) -> None:
    data = bytearray(photo(format_))
    for place, junk in cuts:
        start = int(place * len(data))
        data[start : start + len(junk)] = junk
    try:
        image, _ = read_photo(bytes(data), None)
    except UploadRejected:
        return
    assert image.ndim == 3
