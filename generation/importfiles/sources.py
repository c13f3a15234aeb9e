"""Rows of an import, whichever way they came: from a table, or from pictures that are named as they should be."""

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from zipfile import BadZipFile

from generation.contracts import gettext_noop as _
from generation.importfiles.archives import Archive
from generation.importfiles.folders import Folder
from generation.importfiles.names import printable, safe_name
from generation.importfiles.places import Place
from generation.importfiles.refusals import RowRefused, SourceRefused
from generation.importfiles.tables import Table

MAX_ROWS = 100_000
"""An hour or several of work; more is better split, so that what went wrong is seen on the same day."""

_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp"})
_ARCHIVES = frozenset({".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar"})
_MASK_ENDINGS = (".mask", "_mask")


@dataclass(frozen=True)
class Kind:
    """`table` is the file that lists the rows; without one, products are read off the names of pictures."""

    key: str
    table: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    by_name: bool


PRODUCTS = Kind("products", "products.csv", ("external_id", "photo"), ("title", "category", "mask"), by_name=True)
CANDIDATES = Kind(
    "candidates", "candidates.csv", ("candidate", "model", "prompt"),
    ("external_id", "source", "mask", "title", "category", "variant", "group"), by_name=False,
)  # fmt: skip
KINDS: Mapping[str, Kind] = {kind.key: kind for kind in (PRODUCTS, CANDIDATES)}


@dataclass(frozen=True)
class Row:
    """`number` counts rows from 1; `line` is the line of the table, or `number` where there is none."""

    number: int
    line: int
    name: str
    cells: Mapping[str, str]
    refused: RowRefused | None = None
    place: Place | None = field(default=None, repr=False)
    base: str = ""

    def read(self, column: str) -> bytes | None:
        """The file that a cell names, or None for an empty cell. Raises RowRefused."""
        name = self.cells.get(column, "")
        if not name or self.place is None:
            return None
        try:
            return self.place.read(self.base + safe_name(name))
        except RowRefused as refused:
            refused.field = column
            raise


class Source:
    """Rows of one `kind` in `place`; with `table`, those that it lists, paths being relative to where it lies."""

    def __init__(self, place: Place, kind: Kind, table: str | None) -> None:
        self._place, self._kind, self._table = place, kind, table
        if table is None and not kind.by_name:
            raise SourceRefused("table_missing", _("There is no candidates.csv, which must list the candidates."))
        if table is not None:
            with self._opened(table):
                pass

    def unknown_columns(self) -> tuple[int, list[str]]:
        """The line of the header, and the columns in it that nothing is known of."""
        if self._table is None:
            return 0, []
        with self._opened(self._table) as table:
            return table.header_line, table.unknown

    def count(self) -> int:
        """How many rows there are. Raises SourceRefused above MAX_ROWS."""
        found = 0
        for _row in self.rows():
            found += 1
            if found > MAX_ROWS:
                raise SourceRefused("too_many_rows", _("There are more than 100,000 rows. Split them into several."))
        return found

    def rows(self) -> Iterator[Row]:
        if self._table is None:
            yield from self._named_rows()
            return
        folder = str(PurePosixPath(self._table).parent)
        base = "" if folder == "." else f"{folder}/"
        with self._opened(self._table) as table:
            for number, record in enumerate(table, 1):
                name = next((record.cells[c] for c in ("external_id", "source", "photo") if record.cells.get(c)), "")
                yield Row(number, record.line, printable(name), record.cells, record.refused, self._place, base)

    def _named_rows(self) -> Iterator[Row]:
        number = 0
        for name in self._place.names():
            owner = _owner_of_mask(self._place, name)
            if owner is True:
                continue
            number += 1
            cells, refused = _cells_of(self._place, name)
            if owner is False:
                refused = RowRefused("mask_alone", _("There is no photo for this mask. Name the two alike."))
            yield Row(number, number, printable(name), cells, refused, self._place)

    @contextmanager
    def _opened(self, name: str) -> Iterator[Table]:
        """Every trouble with the table itself, also in the middle of it, refuses the source."""
        try:
            with self._place.open_table(name) as stream:
                yield Table(stream, required=self._kind.required, optional=self._kind.optional)
        except RowRefused as refused:
            raise SourceRefused(refused.code, refused.message % refused.params) from refused
        except (BadZipFile, zlib.error, EOFError) as error:
            raise SourceRefused(
                "archive_damaged", _("The table is damaged inside the archive. Pack it again.")
            ) from error


def open_path(path: Path, kind: Kind) -> tuple[Source, BinaryIO | None]:
    """A folder, a table or an archive of this machine, and the stream to close in the end. Raises SourceRefused."""
    if path.is_dir():
        folder = Folder(path)
        return Source(folder, kind, kind.table if folder.has(kind.table) else None), None
    if path.suffix.lower() == ".csv":
        return Source(Folder(path.parent), kind, path.name), None
    try:
        stream = path.open("rb")
    except OSError as error:
        raise SourceRefused("file_missing", _("There is no such folder, table or archive.")) from error
    try:
        return open_archive(stream, kind), stream
    except BaseException:
        stream.close()
        raise


def open_archive(stream: BinaryIO, kind: Kind) -> Source:
    """A ZIP archive. The kind's table may lie in it or in a folder of it: the one nearest the top counts."""
    archive = Archive(stream)
    tables = [name for name in archive.names() if PurePosixPath(name).name == kind.table]
    return Source(archive, kind, min(tables, key=lambda name: (name.count("/"), name), default=None))


def _cells_of(place: Place, name: str) -> tuple[dict[str, str], RowRefused | None]:
    """A product that is only a picture: its name says the rest."""
    try:
        path = PurePosixPath(safe_name(name))
    except RowRefused as refused:
        return {}, refused
    ending = path.suffix.lower()
    if ending in _ARCHIVES:
        return {}, RowRefused("archive_nested", _("This is an archive inside. Unpack it and send its pictures."))
    if ending not in _PICTURES:
        return {}, RowRefused("format", _("This is not a PNG, JPEG or WebP picture. Save it as one of these."))
    stem = path.with_suffix("")
    mask = next((found for found in _mask_names(stem) if place.has(found)), "")
    title = " ".join(stem.name.replace("_", " ").replace("-", " ").split())
    return {
        "external_id": str(stem),
        "title": title[:1].upper() + title[1:] or stem.name,
        "category": "",
        "photo": name,
        "mask": mask,
    }, None


def _mask_names(stem: PurePosixPath) -> list[str]:
    beside = [str(stem.with_name(f"{stem.name}{ending}.png")) for ending in _MASK_ENDINGS]
    return [*beside, str(stem.parent / "masks" / f"{stem.name}.png"), f"masks/{stem}.png"]


def _owner_of_mask(place: Place, name: str) -> bool | None:
    """None for what is not named like a mask; else whether the photo that it belongs to is there."""
    path = PurePosixPath(name)
    if path.suffix.lower() != ".png":  # also what has no name at all, such as "."
        return None
    stem = str(path.with_suffix(""))
    owners = [stem.removesuffix(ending) for ending in _MASK_ENDINGS if stem.endswith(ending)]
    if "masks" in path.parts[:-1]:
        steps = list(PurePosixPath(stem).parts)
        steps.remove("masks")
        owners.append("/".join(steps))
    if not owners:
        return None
    return any(place.has(owner + ending) for owner in owners for ending in _PHOTO_ENDINGS)


_PHOTO_ENDINGS = tuple(ending for lower in sorted(_PICTURES) for ending in (lower, lower.upper()))
