"""One row of an import becomes a product, a new revision of one, nothing new, or a refusal."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db.models import OuterRef, Subquery

from accounts.models import Team, User
from generation.contracts import Image, Mask
from generation.contracts import gettext_noop as _
from generation.imaging.uploads import UploadRejected
from generation.importfiles.refusals import RowRefused
from generation.importfiles.sources import Row
from generation.models import ImportedRevision, Product, ProductRevision
from generation.services.derivatives import load_image, load_mask
from generation.services.import_ledger import Entry, Ledger, Outcome
from generation.services.products import (
    ProductRefused,
    Words,
    check_words,
    read_pictures,
    store_product,
    store_revision,
)

Enter = Callable[[Outcome], None]
"""Called inside the transaction that stores what a row made."""


@dataclass(frozen=True)
class Importer:
    """In whose name rows come in, and whether they only are looked at."""

    team: Team
    user: User
    dry_run: bool


class SameAgain(Exception):
    """Somebody else stored the same pictures a moment ago: what this row made is rolled back."""


@dataclass
class ProductRows:
    """Takes rows one by one and enters each into the ledger."""

    importer: Importer
    ledger: Ledger
    _lines: dict[str, int] = field(default_factory=dict)

    def skip(self, row: Row) -> None:
        """A row that an earlier slice has done: only its external id is remembered."""
        try:
            self._once(row)
        except (RowRefused, ProductRefused):
            return

    def take(self, row: Row) -> None:
        entered: list[Outcome] = []

        def enter(outcome: Outcome) -> None:
            self.ledger.enter(Entry(row.number, 1, outcome))
            entered[:] = [outcome]

        try:
            outcome = import_product(self.importer, self._once(row), row, enter)
        except (RowRefused, ProductRefused, UploadRejected) as refused:
            self.ledger.accept(Entry(row.number, 0, Outcome("unchanged"), ((row, as_row_refused(refused)),)))
        else:
            self.ledger.accept(Entry(row.number, 1, outcome), is_written=entered == [outcome])

    def finish(self) -> None:
        """Nothing is held back."""

    def _once(self, row: Row) -> Words:
        """The row's words; raises RowRefused for an external id that an earlier row of the same source has."""
        if row.refused:
            raise row.refused
        words = words_of(row)
        earlier = self._lines.setdefault(words.external_id, row.line)
        if earlier != row.line:
            raise RowRefused(
                "external_id_twice", _("Line %(line)d has the same external id. Keep one of them."),
                field="external_id", line=earlier,
            )  # fmt: skip
        return words


def words_of(row: Row) -> Words:
    """Raises RowRefused, ProductRefused."""
    external_id = row.cells.get("external_id", "")
    words = check_words(row.cells.get("title", "") or external_id, row.cells.get("category", ""), external_id)
    if not words.external_id:
        raise RowRefused(
            "external_id_missing", _("There is no external id. Give each product one, so that it comes in once."),
            field="external_id",
        )  # fmt: skip
    return words


def import_product(importer: Importer, words: Words, row: Row, enter: Enter) -> Outcome:
    """Store what the row holds, unless it is there. `enter` is called where something is stored, and only there.

    Raises RowRefused, ProductRefused, UploadRejected.
    """
    photo_bytes, mask_bytes = row.read("photo"), row.read("mask")
    if photo_bytes is None:
        raise RowRefused("photo_missing", _("There is no photo. Name one."), field="photo")
    fingerprint = fingerprint_of(photo_bytes, mask_bytes)
    product = find_product(importer.team, words)
    if product and product.last_import == fingerprint:
        return Outcome("unchanged")
    photo, mask = read_pictures(photo_bytes, None, mask_bytes, None)
    if product is None:
        outcome = Outcome("added", without_mask=mask is None)
        if importer.dry_run:
            return outcome
        try:
            store_product(importer.team, importer.user, words, photo, mask, also=_entering(fingerprint, outcome, enter))
        except ProductRefused:
            product = find_product(importer.team, words)  # somebody else was faster by a moment
            if product is None:
                raise
        else:
            return outcome
    return _revise(importer, product, photo, mask, fingerprint, enter)


def fingerprint_of(photo: bytes, mask: bytes | None) -> str:
    parts = (hashlib.sha256(part).digest() for part in (photo, mask) if part is not None)
    return hashlib.sha256(b"".join(parts)).hexdigest()


def as_row_refused(refused: RowRefused | ProductRefused | UploadRejected) -> RowRefused:
    """The refusal of any floor below in the words of a row."""
    if isinstance(refused, RowRefused):
        return refused
    if isinstance(refused, ProductRefused):
        return RowRefused(refused.code, refused.message, field=refused.field)
    return RowRefused(refused.code, refused.message, field="mask" if refused.of_mask else "photo", **refused.params)


def find_product(team: Team, words: Words) -> Any:
    """The product with its `last_import`, the fingerprint of what was imported last, or None.

    A person's later revision, a better mask say, is not undone by the same import again.
    """
    imported = ImportedRevision.objects.filter(revision__product=OuterRef("pk")).order_by("-revision__number")
    rows = Product.objects.of_team(team).annotate(last_import=Subquery(imported.values("fingerprint")[:1]))
    return rows.filter(external_id=words.external_id).first()


def _revise(
    importer: Importer, product: Product, photo: Image, mask: Mask | None, fingerprint: str, enter: Enter
) -> Outcome:
    newest = product.revisions.select_related("photo", "mask").latest("number")
    if _shows(newest, photo, mask):
        return Outcome("unchanged")
    outcome = Outcome("changed", without_mask=mask is None)
    if importer.dry_run:
        return outcome
    entering = _entering(fingerprint, outcome, enter)

    def also(revision: ProductRevision) -> None:
        before = product.revisions.get(number=revision.number - 1)  # the product is locked: nobody comes in between
        if (before.photo_id, before.mask_id) == (revision.photo_id, revision.mask_id):
            raise SameAgain
        entering(revision)

    try:
        store_revision(product, importer.user, photo, mask, also=also)
    except SameAgain:
        return Outcome("unchanged")
    return outcome


def _entering(fingerprint: str, outcome: Outcome, enter: Enter) -> Callable[[ProductRevision], None]:
    def also(revision: ProductRevision) -> None:
        ImportedRevision.objects.create(revision=revision, fingerprint=fingerprint)
        enter(outcome)

    return also


def _shows(revision: ProductRevision, photo: Image, mask: Mask | None) -> bool:
    """Whether the stored pictures have the same pixels; photos and masks are stored without loss."""
    if (revision.mask is None) != (mask is None) or (revision.photo.height, revision.photo.width) != photo.shape[:2]:
        return False
    if not np.array_equal(load_image(revision.photo), photo):
        return False
    return revision.mask is None or np.array_equal(load_mask(revision.mask), mask)  # type: ignore[arg-type]
