"""Rows without files and files without rows: found a few at a time, while everything runs, and repaired if asked."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from accounts.files import file_store
from generation.imaging.previews import FIT
from generation.models import BulkImport, DatasetSnapshot, Picture
from generation.services.derivatives import held_name, load_image, write_full, write_previews

ORPHAN_AGE = timedelta(hours=24)
"""What is younger may belong to an upload, a freeze or an export that has not written its row yet."""

_BATCH = 500
_OUR_NAMES = re.compile(
    r"([0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}(_\w{7})?\.(webp|png)"  # pictures, and the second copy of a race
    r"|snapshots/[0-9a-f]{64}-[0-9a-f]{16}/.+"
    r"|imports/[0-9a-f]{32}\.zip"
    r"|exports/[0-9a-f]{64}-[0-9a-f]{32}/.+"
    r"|(.+/)?\.[0-9a-f]{24})",  # what a crash left of a file that was being written
    re.ASCII,
)

KnownNames = Callable[[Sequence[str]], set[str]]
"""Of some storage names, those that a row gives. Each module that stores files brings one."""


@dataclass(frozen=True)
class Trouble:
    """`kind`: original_missing, original_damaged, preview_missing, file_missing or orphan; `owner` says which row."""

    kind: str
    name: str
    owner: str = ""
    repaired: bool = False


def check_pictures(*, repair: bool) -> Iterator[Trouble]:
    """Pictures whose original or previews are gone. Previews are made again where the original is whole."""
    for picture in each_row(Picture.objects.all()):
        found = stored_size(picture.name)
        owner = f"picture {picture.pk}"
        if found != picture.byte_size:
            yield Trouble("original_missing" if found is None else "original_damaged", picture.name, owner)
        previews = filter(None, dict.fromkeys((picture.thumb_name, picture.fit_name, picture.full_name)))
        gone = [name for name in previews if stored_size(name) is None]
        if gone and repair and found == picture.byte_size:
            # Another release of the encoder may give other bytes, and so other names.
            made = write_previews(load_image(picture), full=bool(picture.full_name))
            Picture.objects.filter(pk=picture.pk).update(**vars(made))
        for name in gone:
            yield Trouble("preview_missing", name, owner, repaired=repair and found == picture.byte_size)


def make_missing_previews() -> Iterator[Picture]:
    """Give a preview at full size to each picture that was stored before there were any; yields each one it gave.

    Broken off, it goes on where it was: a picture that has one is not looked at again. One whose original is gone
    stays as it is, for `check_pictures` to tell. Raises StorageAway.
    """
    for picture in each_row(Picture.objects.without_full_preview()):
        try:
            name = picture.fit_name if max(picture.width, picture.height) <= FIT else write_full(load_image(picture))
        except FileNotFoundError:
            continue
        Picture.objects.filter(pk=picture.pk, full_name="").update(full_name=name)
        yield picture


def check_snapshots() -> Iterator[Trouble]:
    """Snapshots with files that are gone: only a backup has them."""
    for snapshot in each_row(DatasetSnapshot.objects.all()):
        for name in snapshot.files.values():
            if stored_size(name) is None:
                yield Trouble("file_missing", name, f"snapshot {snapshot}")


def check_orphans(known: Iterable[KnownNames], *, repair: bool) -> Iterator[Trouble]:
    """Files under names as we give them, old enough, that no row names; deleted if `repair`."""
    known = tuple(known)
    # With no picture at all this is the wrong database, or an empty one: nothing in storage may be judged by it.
    repair = repair and Picture.objects.exists()
    before = timezone.now() - ORPHAN_AGE
    old = (file for file in file_store().walk() if file.modified_at < before and _OUR_NAMES.fullmatch(file.name))
    while batch := list(islice(old, _BATCH)):
        names = _named_by_nobody([file.name for file in batch], known)
        for name in names:
            if not repair:
                yield Trouble("orphan", name)
            elif _delete_orphan(name, known):
                yield Trouble("orphan", name, repaired=True)


def known_names(names: Sequence[str]) -> set[str]:
    """`names` that pictures, snapshots and imports give."""
    fields = ("name", "thumb_name", "fit_name", "full_name")
    wanted = Q()
    for field in fields:
        wanted |= Q(**{f"{field}__in": names})
    found = {name for row in Picture.objects.filter(wanted).values_list(*fields) for name in row}
    archives = [name for name in names if name.startswith("imports/")]
    hashes = {name.split("/")[1][:64] for name in names if name.startswith("snapshots/")}
    if hashes:
        for files in DatasetSnapshot.objects.filter(sha256__in=hashes).values_list("files", flat=True):
            found.update(files.values())
    found.update(BulkImport.objects.filter(stored__in=archives).values_list("stored", flat=True) if archives else ())
    return found.intersection(names)


def each_row(rows: QuerySet[Any]) -> Iterator[Any]:
    """All rows by primary key, in pages: no statement lasts long and no cursor stays open."""
    last = 0
    while page := list(rows.filter(pk__gt=last).order_by("pk")[:_BATCH]):
        yield from page
        newest: Model = page[-1]
        last = newest.pk


def stored_size(name: str) -> int | None:
    """Bytes of a stored file; None when there is none. Raises StorageAway."""
    try:
        return file_store().size(name)
    except FileNotFoundError:
        return None


def _named_by_nobody(names: Sequence[str], known: Sequence[KnownNames]) -> list[str]:
    taken = {name for each in known for name in each(names)}
    return [name for name in names if name not in taken]


def _delete_orphan(name: str, known: Sequence[KnownNames]) -> bool:
    """Delete it unless somebody took it into use since it was listed."""
    store = file_store()
    with held_name(name):
        try:
            modified_at = store.get_modified_time(name)
        except FileNotFoundError:
            return False
        if modified_at > timezone.now() - ORPHAN_AGE or not _named_by_nobody([name], known):
            return False
        store.delete(name)
    return True
