"""An import from end to end: what comes in, what comes in again, and what is refused with its line."""

import hashlib

from django.core.files.base import ContentFile

from accounts.files import file_store
from accounts.tests.factories import Cast
from generation.models import BulkImport, Product, ProductRevision
from generation.services.imports import open_import
from generation.tasks.imports import import_slice
from generation.tests.import_files import archive, products

COUNTS = ("added", "changed", "unchanged", "refused", "without_mask")


def opened(cast: Cast, data: bytes, *, dry_run: bool = False, kind: str = "products") -> BulkImport:
    return open_import(
        cast.team, cast.operator, kind=kind, name="many.zip", file=ContentFile(data), dry_run=dry_run,
        sha256=hashlib.sha256(data).hexdigest(),
    )  # fmt: skip


def imported(cast: Cast, data: bytes, *, dry_run: bool = False) -> BulkImport:
    bulk = opened(cast, data, dry_run=dry_run)
    import_slice(bulk.pk)
    bulk.refresh_from_db()
    return bulk


def counts(bulk: BulkImport) -> dict[str, int]:
    assert bulk.added + bulk.changed + bulk.unchanged + bulk.refused == bulk.position
    return {name: getattr(bulk, name) for name in COUNTS if getattr(bulk, name)}


def problems(bulk: BulkImport) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.field, problem.code) for problem in bulk.problems.all()]


def test_every_row_becomes_a_product(cast: Cast, both_storages: str) -> None:
    bulk = imported(cast, archive(products(3)))
    assert (bulk.state, bulk.failure, bulk.total, counts(bulk)) == ("succeeded", "", 3, {"added": 3})
    product = Product.objects.get(external_id="sku-1")
    assert (product.title, product.category, product.created_by) == ("Mug 1", "mug", cast.operator)
    assert product.revisions.get().mask_coverage == 0.25
    assert bulk.stored == ""
    assert [file for file in file_store().walk() if file.name.startswith("imports/")] == []


def test_the_same_again_adds_nothing(cast: Cast) -> None:
    data = archive(products(3))
    imported(cast, data)
    before = Product.objects.count(), ProductRevision.objects.count()
    assert counts(imported(cast, data)) == {"unchanged": 3}
    assert (Product.objects.count(), ProductRevision.objects.count()) == before
