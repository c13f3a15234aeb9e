"""Pictures in storage: the original, exact, and the previews that people are shown."""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from accounts.files import file_store
from accounts.models import Team
from generation.contracts import EngineError, Image, Mask
from generation.contracts import gettext_noop as _
from generation.imaging.encoding import decode, decode_mask, encode_full, encode_mask, encode_webp
from generation.imaging.previews import FIT, THUMB, make_preview
from generation.models import GenerationRequest, Picture

_EFFORT = 25
"""Of lossless packing, 0..100: a third of the time of 90 for four per cent more bytes."""

STALE = timedelta(hours=12)
"""A file older than this is made young again when it is used anew; well below the age at which orphans are deleted."""


def store_picture(team: Team, image: Image, *, lossless: bool) -> Picture:
    """Store `image` with its previews; the same pixels are stored once. Never call it inside a transaction.

    Photos and candidates are stored `lossless`, so that what was promised about their pixels holds for the file.
    """
    return save_picture(write_picture(team, image, lossless=lossless))


def store_mask(team: Team, mask: Mask) -> Picture:
    """Store `mask`, white where the product is, with previews."""
    return save_picture(write_mask(team, mask))


def write_picture(team: Team, image: Image, *, lossless: bool) -> Picture:
    """Write the files only: the unsaved row is for `save_picture`, in the transaction that needs it."""
    data = encode_webp(image, _EFFORT, lossless=True) if lossless else encode_webp(image)
    return _written(team, image, data, "webp", full=True)


def write_mask(team: Team, mask: Mask) -> Picture:
    """Write a mask's files only, as `write_picture` does."""
    shown = np.repeat((mask.astype(np.uint8) * 255)[..., None], 3, axis=2)
    return _written(team, shown, encode_mask(mask), "png", full=False)


def save_picture(picture: Picture) -> Picture:
    """Return the team's row for these files, made unless it is there. Safe in races and inside a transaction."""
    fields = ("thumb_name", "fit_name", "full_name", "sha256", "media_type", "width", "height", "byte_size")
    defaults = {field: getattr(picture, field) for field in fields}
    row, made = Picture.objects.get_or_create(team=picture.team, name=picture.name, defaults=defaults)
    if not made and row.full_name != picture.full_name and not row.full_name:  # it was stored before there was one
        Picture.objects.filter(pk=row.pk, full_name="").update(full_name=picture.full_name)
        row.full_name = picture.full_name
    return row


def save_pictures(pictures: Sequence[Picture]) -> None:
    """As `save_picture` for several in one statement: each becomes the team's row. Saved ones stay as they are."""
    # In the order of their names: two transactions that share pictures never wait for each other in a circle.
    new = sorted((picture for picture in pictures if not picture.pk), key=lambda picture: picture.name)
    Picture.objects.bulk_create(
        new, update_conflicts=True, unique_fields=["team", "name"], update_fields=["byte_size", "full_name"]
    )


def load_image(picture: Picture) -> Image:
    """Read a stored picture, H x W x 3. Raises FileNotFoundError when its file is gone."""
    return decode(_read(picture.name))


def load_mask(picture: Picture) -> Mask:
    """Read a stored mask, H x W. Raises FileNotFoundError when its file is gone."""
    return decode_mask(_read(picture.name))


def load_fit(picture: Picture) -> Image:
    """Read the larger preview, H x W x 3. Raises FileNotFoundError when its file is gone."""
    return decode(_read(picture.fit_name))


def load_fit_mask(picture: Picture) -> Mask:
    """Read a mask from its larger preview: its outline is up to half a pixel off. Raises FileNotFoundError."""
    return np.asarray(load_fit(picture)[..., 0] > 127)


def load_source(request: GenerationRequest) -> tuple[Image, Mask]:
    """Read what was painted on, and what of it is kept, at full resolution; they share one shape.

    That is the request's canvas where it has one, else the photo and the mask of its first product.
    """
    if request.canvas is not None and request.kept is not None:
        return load_image(request.canvas), load_mask(request.kept)
    placed = request.request_products.select_related("revision__photo", "revision__mask").first()
    if placed is None or placed.revision.mask is None:
        raise EngineError(_("The request has no product with a mask."), permanent=True)
    return load_image(placed.revision.photo), load_mask(placed.revision.mask)


def open_file(name: str) -> File:  # type: ignore[type-arg]
    """Open a stored file for reading. Raises FileNotFoundError."""
    return default_storage.open(name, "rb")


def store_bytes(data: bytes, ending: str) -> str:
    """Store `data` under a name that only its bytes and this installation's secret give, and return the name."""
    digest = hmac.new(settings.FILE_NAME_SECRET.encode(), data, hashlib.sha256).hexdigest()
    name = f"{digest[:2]}/{digest[2:4]}/{digest}.{ending}"
    if _is_there(name, len(data)):
        return name
    stored = default_storage.save(name, ContentFile(data))
    if stored != name:
        # Somebody wrote the same bytes in the same moment and has the name.
        default_storage.delete(stored)
    return name


@dataclass(frozen=True)
class Previews:
    """Storage names; `full_name` is empty for a picture that nobody looks at pixel by pixel."""

    thumb_name: str
    fit_name: str
    full_name: str


def write_previews(shown: Image, *, full: bool) -> Previews:
    """Store the previews of a picture. What is no larger than one of them is that preview: it is stored once."""
    thumb = store_bytes(encode_webp(make_preview(shown, THUMB)), "webp")
    longest = max(shown.shape[:2])
    fit = thumb if longest <= THUMB else store_bytes(encode_webp(make_preview(shown, FIT)), "webp")
    if not full:
        return Previews(thumb, fit, "")
    return Previews(thumb, fit, fit if longest <= FIT else write_full(shown))


def write_full(shown: Image) -> str:
    """Store the preview at full size and return its name."""
    return store_bytes(encode_full(shown), "webp")


@contextmanager
def held_name(name: str) -> Iterator[None]:
    """Keep everybody else from taking an old file of this name into use, or from deleting it, in the meantime."""
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def _is_there(name: str, size: int) -> bool:
    """Whether the whole file is there (any more: somebody else may just be replacing it), young enough to stay."""
    store = file_store()
    try:
        if store.size(name) != size:
            # Cut off by a crash in the middle of writing.
            store.delete(name)
            return False
        if timezone.now() - store.get_modified_time(name) > STALE:
            # No row may name it yet: make it too young for the command that clears away such files.
            with held_name(name):
                store.refresh(name)
    except FileNotFoundError:
        return False
    return True


def _written(team: Team, shown: Image, original: bytes, ending: str, *, full: bool) -> Picture:
    height, width = shown.shape[:2]
    return Picture(
        team=team,
        name=store_bytes(original, ending),
        **vars(write_previews(shown, full=full)),
        sha256=hashlib.sha256(original).hexdigest(),
        media_type=f"image/{ending}",
        width=width,
        height=height,
        byte_size=len(original),
    )


def _read(name: str) -> bytes:
    with open_file(name) as file:
        data: bytes = file.read()
    return data
