"""A folder of product photographs with their masks and the list of them: written, and checked against a new drawing."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict

import cv2
import numpy as np

from generation.contracts import Image, Mask
from generation.imaging.scenes.photograph import Photograph, Product, draw

LIST_NAME = "products.json"
PHOTO_QUALITY = 94
PHOTO_TOLERANCE = 2.5
"""Mean absolute difference in levels (0..255) that lossy storage and another processor's rounding may make."""

DRAWN_LICENCE = "Apache-2.0"


class Entry(TypedDict):
    key: str
    title: str
    category: str
    photo: str
    mask: str
    external_id: str
    licence: str


COFFEE = Entry(
    key="coffee",
    title="Espresso cup, saucer and spoon",
    category="mug",
    photo="coffee.webp",
    mask="coffee.mask.png",
    external_id="DEMO-101",
    licence="CC0-1.0 (photograph by Rachel Michetti)",
)
"""The one real photograph. It isn't drawn: its files are kept as they are."""


def entry(number: int, product: Product) -> Entry:
    return Entry(
        key=product.key,
        title=product.title,
        category=product.category,
        photo=f"{product.key}.webp",
        mask=f"{product.key}.mask.png",
        external_id=f"DEMO-{number:03d}",
        licence=DRAWN_LICENCE,
    )


def listing(products: Iterable[Product], folder: Path) -> str:
    """The text of products.json: the drawn products, and the real photograph where the folder holds it."""
    entries = [entry(number, product) for number, product in enumerate(products, start=1)]
    if (folder / COFFEE["photo"]).exists():
        entries.append(COFFEE)
    return json.dumps(entries, indent=2, ensure_ascii=False) + "\n"


def encoded_photo(image: Image) -> bytes:
    done, data = cv2.imencode(".webp", image[..., ::-1], [cv2.IMWRITE_WEBP_QUALITY, PHOTO_QUALITY])
    if not done:
        raise OSError("the photograph could not be encoded as WebP")
    return data.tobytes()


def encoded_mask(mask: Mask) -> bytes:
    """A PNG with one bit a pixel; white is the product."""
    settings = [cv2.IMWRITE_PNG_BILEVEL, 1, cv2.IMWRITE_PNG_COMPRESSION, 9]
    done, data = cv2.imencode(".png", mask.astype(np.uint8) * 255, settings)
    if not done:
        raise OSError("the mask could not be encoded as PNG")
    return data.tobytes()


def read_photo(path: Path) -> Image:
    """Raises OSError where the file is missing or no picture."""
    picture = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise OSError(f"{path.name} is not a picture")
    return np.ascontiguousarray(picture[..., ::-1], np.uint8)


def read_mask(path: Path) -> Mask:
    """Raises OSError where the file is missing or no picture."""
    picture = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise OSError(f"{path.name} is not a picture")
    return np.asarray(picture > 127, np.bool_)


def write_product(folder: Path, product: Product, photograph: Photograph) -> int:
    """Write a photograph and its mask; returns the bytes written."""
    photo, mask = encoded_photo(photograph.image), encoded_mask(photograph.mask)
    (folder / f"{product.key}.webp").write_bytes(photo)
    (folder / f"{product.key}.mask.png").write_bytes(mask)
    return len(photo) + len(mask)


def differences(folder: Path, product: Product, photograph: Photograph) -> list[str]:
    """What in the folder isn't as a new drawing has it, in words; nothing when all is well."""
    found = []
    try:
        photo = read_photo(folder / f"{product.key}.webp")
        mask = read_mask(folder / f"{product.key}.mask.png")
    except OSError as problem:
        return [f"{product.key}: {problem}"]
    if not np.array_equal(mask, photograph.mask):
        found.append(f"{product.key}: the mask differs")
    if photo.shape != photograph.image.shape:
        found.append(f"{product.key}: the photograph has another size")
    elif np.abs(photo.astype(np.int16) - photograph.image).mean() > PHOTO_TOLERANCE:
        found.append(f"{product.key}: the photograph differs")
    return found


def write_album(folder: Path, products: Iterable[Product], size: int = 1024) -> int:
    """Draw every product into the folder and list them; returns the bytes of the pictures."""
    chosen = tuple(products)
    folder.mkdir(parents=True, exist_ok=True)
    written = sum(write_product(folder, product, draw(product, size)) for product in chosen)
    (folder / LIST_NAME).write_text(listing(chosen, folder), encoding="utf-8")
    return written


def check_album(folder: Path, products: Iterable[Product], size: int = 1024) -> list[str]:
    """Draw every product again and compare; returns the differences in words."""
    chosen = tuple(products)
    found = [line for product in chosen for line in differences(folder, product, draw(product, size))]
    listed = folder / LIST_NAME
    if not listed.exists() or listed.read_text(encoding="utf-8") != listing(chosen, folder):
        found.append(f"{LIST_NAME} differs")
    return found
