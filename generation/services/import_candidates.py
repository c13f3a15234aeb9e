"""Rows of candidates made elsewhere: those that follow each other and belong together become one request."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, TypedDict

from generation.contracts import gettext_noop as _
from generation.imaging.uploads import UploadRejected
from generation.importfiles.names import safe_name
from generation.importfiles.refusals import RowRefused
from generation.importfiles.sources import Row
from generation.models import Picture, ProductRevision
from generation.services.elsewhere import ImageRefused, SentImage, adopt_candidates, adopted_for, check_candidates
from generation.services.import_ledger import Entry, Ledger, Outcome
from generation.services.import_products import (
    Importer,
    as_row_refused,
    find_product,
    fingerprint_of,
    import_product,
    words_of,
)
from generation.services.products import ProductRefused, Words, read_pictures
from generation.services.requests import RequestRefused, check_revisions
from generation.variants import DEFAULT_VARIANT, VARIANTS

_SAME = ("external_id", "source", "mask", "model", "prompt", "variant")
"""What rows of one request have in common."""

_COLUMNS = {"images": "candidate", "products": "source"}
"""A request's field -> the column that filled it."""

_Refusals = list[tuple[Row, RowRefused]]


class _Call(TypedDict):
    variant: str
    model_name: str
    prompt: str


@dataclass
class CandidateRows:
    """Holds back the rows of one request until the next one begins."""

    importer: Importer
    ledger: Ledger
    _group: list[Row] = field(default_factory=list)

    def skip(self, row: Row) -> None:
        """What an earlier slice has done is no part of any group to come: a slice ends behind a group."""

    def take(self, row: Row) -> None:
        if self._group and not _belongs(row, self._group):
            self.finish()
        self._group.append(row)

    def finish(self) -> None:
        if self._group:
            group, self._group = self._group, []
            _Group(self.importer, self.ledger, group).enter()


@dataclass
class _Group:
    """One request in the making. `sound` shrinks with every refusal, and what is left goes on without the bad ones."""

    importer: Importer
    ledger: Ledger
    rows: Sequence[Row]
    sound: list[tuple[Row, SentImage]] = field(default_factory=list)
    refusals: _Refusals = field(default_factory=list)

    def enter(self) -> None:
        entered: list[Entry] = []

        def also() -> None:
            entered.append(self._entry("added"))
            self.ledger.enter(entered[0])

        self._read()
        kind = self._adopt(also)
        self.ledger.accept(entered[0] if entered else self._entry(kind), is_written=bool(entered))

    def _entry(self, kind: str) -> Entry:
        return Entry(self.rows[-1].number, len(self.sound), Outcome(kind), tuple(self.refusals))

    def _read(self) -> None:
        """The candidates' files; a row that differs from the first sound one cannot go into one request with it."""
        for row in self.rows:
            try:
                if row.refused:
                    raise row.refused
                if self.sound and _identity(row) != _identity(self.sound[0][0]):
                    raise RowRefused(
                        "group_differs", _("The rows of a group must have the same source, model, prompt and variant."),
                        field="group",
                    )  # fmt: skip
                data = row.read("candidate")
                if data is None:
                    raise RowRefused("candidate_missing", _("There is no candidate. Name its file."), field="candidate")
                self.sound.append((row, (data, None)))
            except RowRefused as refused:
                self.refusals.append((row, refused))

    def _adopt(self, also: Callable[[], None]) -> str:
        """Make the request of what is sound; returns added or unchanged."""
        kinds: list[str] = []

        def adopt(row: Row, images: Sequence[SentImage]) -> None:
            words, call = _words_of(row), _call_of(row)
            if self._is_there(words, call, images):
                kinds.append("unchanged")
                return
            check_candidates(self._photo(row, words), images=images, **call)
            if self.importer.dry_run:
                kinds.append("added")
                return
            _request, is_new = adopt_candidates(
                self.importer.team, self.importer.user, revision=self._revision(row, words), images=images, also=also,
                **call,
            )  # fmt: skip
            kinds.append("added" if is_new else "unchanged")

        while self.sound and not kinds:
            try:
                adopt(self.sound[0][0], [image for _row, image in self.sound])
            except ImageRefused as refused:
                refusal = self._of_picture(refused)
                self.refusals.append((self.sound.pop(refused.position)[0], refusal))
            except (RowRefused, RequestRefused, ProductRefused, UploadRejected) as refused:
                refusal = _refusal(refused)
                self.refusals += [(row, refusal) for row, _image in self.sound]
                self.sound.clear()
        return kinds[0] if kinds else "unchanged"

    def _is_there(self, words: Words, call: _Call, images: Sequence[SentImage]) -> bool:
        """Whether the same was imported for any revision: a mask repaired since does not make it new."""
        team, product = self.importer.team, find_product(self.importer.team, words)
        return bool(product) and adopted_for(team, product.revisions.all(), images=images, **call) is not None

    def _photo(self, row: Row, words: Words) -> Picture:
        """The photo that the candidates are beside; of one that is not stored yet, its size only."""
        photo_bytes, mask_bytes = row.read("source"), row.read("mask")
        product = find_product(self.importer.team, words)
        if photo_bytes is None or (product and product.last_import == fingerprint_of(photo_bytes, mask_bytes)):
            newest = _newest(product)
            check_revisions(self.importer.team, [newest])
            return newest.photo
        photo, mask = read_pictures(photo_bytes, None, mask_bytes, None)
        if mask is None:
            raise RowRefused(
                "mask_missing", _("The source has no mask. Name one, or send a source that is cut out."), field="mask"
            )
        return Picture(height=photo.shape[0], width=photo.shape[1])

    def _revision(self, row: Row, words: Words) -> ProductRevision:
        if row.cells.get("source"):
            import_product(self.importer, words, _as_product(row), lambda outcome: None)
        return _newest(find_product(self.importer.team, words))

    def _of_picture(self, refused: ImageRefused) -> RowRefused:
        if refused.code == "same_picture" and isinstance(other := refused.params.get("other"), int):
            return RowRefused(
                refused.code, _("Line %(line)d has the same picture. Keep one of them."), field="candidate",
                line=self.sound[other - 1][0].line,
            )  # fmt: skip
        return RowRefused(refused.code, refused.message, field="candidate", **refused.params)


def _belongs(row: Row, group: Sequence[Row]) -> bool:
    """Whether a row goes into one request with those before it."""
    first = next((earlier for earlier in group if not earlier.refused), None)
    if row.refused or first is None:
        return True
    variant = VARIANTS.get(_call_of(first)["variant"], VARIANTS[DEFAULT_VARIANT])
    if sum(not earlier.refused for earlier in group) >= variant.max_candidates:
        return False
    if row.cells.get("group") or first.cells.get("group"):
        return row.cells.get("group") == first.cells.get("group")
    return _identity(row) == _identity(first)


def _identity(row: Row) -> list[str]:
    return [row.cells.get(column, "") for column in _SAME]


def _call_of(row: Row) -> _Call:
    return {
        "variant": row.cells.get("variant") or DEFAULT_VARIANT,
        "model_name": row.cells.get("model", ""),
        "prompt": row.cells.get("prompt", ""),
    }


def _as_product(row: Row) -> Row:
    """The row of the candidate's product: its source is the photo, and names it where nothing else does."""
    source = row.cells.get("source", "")
    name = row.cells.get("external_id") or str(PurePosixPath(safe_name(source)).with_suffix(""))
    cells = {
        "external_id": name,
        "title": row.cells.get("title") or PurePosixPath(name).name,
        "category": row.cells.get("category", ""),
        "photo": source,
        "mask": row.cells.get("mask", ""),
    }
    return Row(row.number, row.line, row.name, cells, None, row.place, row.base)


def _words_of(row: Row) -> Words:
    if not row.cells.get("source") and not row.cells.get("external_id"):
        raise RowRefused(
            "source_missing", _("Name the source, or the external id of a product that is here."), field="source"
        )
    return words_of(_as_product(row))


def _newest(product: Any) -> ProductRevision:
    """Raises RowRefused for no product."""
    if product is None:
        raise RowRefused("product_unknown", _("There is no product with this external id."), field="external_id")
    return ProductRevision.objects.select_related("product", "photo").filter(product=product).latest("number")


def _refusal(refused: RowRefused | RequestRefused | ProductRefused | UploadRejected) -> RowRefused:
    if isinstance(refused, RequestRefused):
        field = _COLUMNS.get(refused.field, refused.field)
        return RowRefused(refused.code, refused.message, field=field, **refused.params)
    refusal = as_row_refused(refused)
    if refusal.field in ("photo", ""):  # the row as a product, and the name of its source
        refusal.field = "source"
    return refusal
