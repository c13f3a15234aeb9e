"""Small pictures, tables and archives to import."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

SIDE = 64


@cache
def photo_png(seed: int = 0) -> bytes:
    """A photo of its own for every seed, as large as the masks."""
    pixels = np.random.default_rng(seed).integers(0, 255, (4, 4, 3), dtype=np.uint8).repeat(16, 0).repeat(16, 1)
    return _png(pixels)


@cache
def mask_png(inset: int = 16, side: int = SIDE) -> bytes:
    pixels = np.zeros((side, side), np.uint8)
    pixels[inset : side - inset, inset : side - inset] = 255
    return _png(pixels)


def _png(pixels: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> bytes:
    buffer = io.BytesIO()
    Pillow.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def packed_anew(png: bytes) -> bytes:
    """Other bytes of the same pixels."""
    buffer = io.BytesIO()
    Pillow.open(io.BytesIO(png)).save(buffer, "PNG", compress_level=0)
    return buffer.getvalue()


def table(rows: Sequence[Sequence[str]], header: str = "external_id,title,category,photo,mask") -> bytes:
    return "\n".join([header, *(",".join(row) for row in rows)]).encode()


def archive(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return buffer.getvalue()


def products(count: int, *, masks: bool = True, first: int = 0) -> dict[str, bytes]:
    """`count` products with a table, under their names in a folder or an archive."""
    numbers = range(first, first + count)
    rows = [[f"sku-{n}", f"Mug {n}", "mug", f"photos/{n}.png", f"masks/{n}.png" if masks else ""] for n in numbers]
    files = {"products.csv": table(rows)} | {f"photos/{n}.png": photo_png(n) for n in numbers}
    return files | ({f"masks/{n}.png": mask_png() for n in numbers} if masks else {})


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder
