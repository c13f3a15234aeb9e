"""An import from end to end: what comes in, what comes in again, and what is refused with its line."""

import hashlib
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from accounts.files import file_store
from accounts.tests.bucket import BucketServer
from accounts.tests.factories import Cast
from delivery.models import OutboxMessage
from generation.importfiles import sources
from generation.importfiles.refusals import SourceRefused
from generation.lifecycle import IllegalMove
from generation.models import BulkImport, ImportedRevision, Picture, Product, ProductRevision
from generation.services.import_ledger import Counts
from generation.services.imports import (
    cancel_import,
    delete_left_files,
    import_for_real,
    open_import,
    open_local_import,
    run_slice,
)
from generation.services.products import add_revision, create_product
from generation.services.stored_files import known_names
from generation.tasks.imports import import_slice
from generation.tests.import_files import archive, mask_png, packed_anew, photo_png, products, table

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


def test_a_better_mask_of_a_person_is_not_undone_by_the_same_import(cast: Cast) -> None:
    data = archive(products(1))
    imported(cast, data)
    product = Product.objects.get()
    add_revision(product, cast.operator, mask_bytes=mask_png(8), mask_type=None)
    assert counts(imported(cast, data)) == {"unchanged": 1}
    assert product.revisions.count() == 2


def test_another_photo_or_mask_is_a_new_revision(cast: Cast) -> None:
    imported(cast, archive(products(2)))
    files = products(2)
    files["photos/0.png"], files["masks/1.png"] = photo_png(77), mask_png(8)
    assert counts(imported(cast, archive(files))) == {"changed": 2}
    assert counts(imported(cast, archive(files))) == {"unchanged": 2}
    assert [product.revisions.count() for product in Product.objects.all()] == [2, 2]
    assert counts(imported(cast, archive(products(2)))) == {"changed": 2}, "back to what was before is a change, too"


def test_other_bytes_of_the_same_pixels_change_nothing(cast: Cast) -> None:
    imported(cast, archive(products(1)))
    files = products(1)
    files["photos/0.png"] = packed_anew(files["photos/0.png"])
    assert counts(imported(cast, archive(files))) == {"unchanged": 1}


def test_a_product_that_was_added_by_hand_is_known(cast: Cast) -> None:
    create_product(
        cast.team, cast.operator, title="Mug", category="", external_id="sku-0", photo_bytes=photo_png(0),
        photo_type=None, mask_bytes=mask_png(), mask_type=None,
    )  # fmt: skip
    assert counts(imported(cast, archive(products(2)))) == {"added": 1, "unchanged": 1}


def test_a_photo_without_a_mask_comes_in_and_is_counted(cast: Cast) -> None:
    assert counts(imported(cast, archive(products(2, masks=False)))) == {"added": 2, "without_mask": 2}
    assert ProductRevision.objects.filter(mask=None).count() == 2


def test_pictures_without_a_table_are_named_by_their_files(cast: Cast) -> None:
    files = {"red-mug.png": photo_png(1), "red-mug.mask.png": mask_png(), "blue.png": photo_png(2), "c.txt": b"x"}
    bulk = imported(cast, archive(files))
    assert counts(bulk) == {"added": 2, "refused": 1, "without_mask": 1}
    assert problems(bulk) == [(2, "", "format")]
    assert set(Product.objects.values_list("external_id", "title")) == {("red-mug", "Red mug"), ("blue", "Blue")}


def test_every_bad_row_is_told_with_its_line_and_stops_no_other(cast: Cast) -> None:
    rows = [
        ["a", "A", "", "a.png", ""], ["a", "twice", "", "b.png", ""], ["", "no id", "", "b.png", ""],
        ["c", "no photo", "", "", ""], ["d", "gone", "", "gone.png", ""], ["e", "out", "", "../e.png", ""],
        ["f", "x" * 201, "", "a.png", ""], ["g" * 121, "G", "", "a.png", ""], ["h", "H", "", "broken.png", ""],
        ["i", "I", "", "a.png", "small.png"], ["j", "J", "", "a.png", "grey.png"], ["k", "K", "", "a.png", "empty.png"],
        ["l", "L", "", "a.png", "full.png"], ["wide", "W", "", "a.png", "wide.png"], ["m", "M", "", "text.png", ""],
        ["n", "N", "", "bomb.png", ""], ["z", "\u202eZ", "", "b.png", ""],
    ]  # fmt: skip
    files = {
        "products.csv": table(rows), "a.png": photo_png(1), "b.png": photo_png(2), "broken.png": photo_png(3)[:90],
        "small.png": mask_png(side=40, inset=8), "wide.png": mask_png(side=80), "grey.png": photo_png(4),
        "empty.png": mask_png(32), "full.png": mask_png(0), "text.png": b"<svg/>", "bomb.png": bytes(3 * 1024 * 1024),
    }  # fmt: skip
    bulk = imported(cast, archive(files))
    assert problems(bulk) == [
        (3, "external_id", "external_id_twice"), (4, "external_id", "external_id_missing"),
        (5, "photo", "photo_missing"), (6, "photo", "file_missing"), (7, "photo", "name_outside"),
        (8, "title", "too_long"), (9, "external_id", "too_long"), (10, "photo", "truncated"), (11, "mask", "too_small"),
        (12, "mask", "mask_not_grey"), (13, "mask", "mask_empty"), (14, "mask", "mask_full"),
        (15, "mask", "mask_size"), (16, "photo", "format"), (17, "photo", "archive_bomb"),
    ]  # fmt: skip
    assert counts(bulk) == {"added": 2, "refused": 15, "without_mask": 2}
    assert bulk.state == "succeeded"
    assert set(Product.objects.values_list("title", flat=True)) == {"A", "Z"}
    assert Picture.objects.count() == 2
    assert all(len(problem.sentence) > 20 and "%" not in problem.sentence for problem in bulk.problems.all())


def test_columns_that_nobody_knows_are_told_once_and_refuse_nothing(cast: Cast) -> None:
    files = products(2) | {"products.csv": b"external_id,photo,colour\0\na,photos/0.png,red\nb,photos/1.png,blue\n"}
    bulk = imported(cast, archive(files))
    assert [(problem.line, problem.code, problem.is_note) for problem in bulk.problems.all()] == [
        (1, "columns_unknown", True)
    ]
    assert "colour" in bulk.problems.get().sentence
    assert counts(bulk) == {"added": 2, "without_mask": 2}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"no archive", "archive_unreadable"),
        (archive({"products.csv": b"title\na\n"}), "columns_missing"),
        (archive({"products.csv": b"external_id,photo\n"})[:-10], "archive_unreadable"),
    ],
)
def test_what_is_no_import_is_refused_at_once_and_leaves_nothing(cast: Cast, data: bytes, code: str) -> None:
    with pytest.raises(SourceRefused) as refused:
        opened(cast, data)
    assert refused.value.code == code
    assert not BulkImport.objects.exists()
    assert list(file_store().walk()) == []


def test_too_many_rows_refuse_the_whole_with_a_reason(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_ROWS", 2)
    bulk = imported(cast, archive(products(3)))
    assert (bulk.state, bulk.position, problems(bulk)) == ("failed", 0, [(0, "file", "too_many_rows")])
    assert "100,000" in bulk.failure
    assert bulk.stored == ""
    assert not Product.objects.exists()


def test_a_dry_run_writes_nothing_and_can_be_made_real(cast: Cast, both_storages: str) -> None:
    imported(cast, archive(products(1)))
    files = products(3) | {"photos/2.png": b"broken"}
    files["photos/0.png"] = photo_png(55)
    models = (Product, ProductRevision, Picture, ImportedRevision)
    before = [model.objects.count() for model in models], {file.name for file in file_store().walk()}
    bulk = imported(cast, archive(files), dry_run=True)
    assert counts(bulk) == {"added": 1, "changed": 1, "refused": 1}
    assert problems(bulk) == [(4, "photo", "format")]
    now = [model.objects.count() for model in models], {file.name for file in file_store().walk()} - {bulk.stored}
    assert now == before
    real = import_for_real(bulk, cast.admin)
    import_slice(real.pk)
    real.refresh_from_db()
    assert counts(real) == counts(bulk)
    assert [file.name for file in file_store().walk() if file.name.startswith("imports/")] == []
    with pytest.raises(IllegalMove):
        import_for_real(bulk, cast.admin)


def test_a_cancelled_import_stops_and_keeps_what_came_in(cast: Cast) -> None:
    bulk = opened(cast, archive(products(5)))

    def stop(counts: Counts) -> None:
        if counts.position == 2:
            cancel_import(BulkImport.objects.get(pk=bulk.pk))

    assert not run_slice(bulk, watch=stop)
    assert (bulk.state, bulk.position, Product.objects.count(), bulk.stored) == ("cancelled", 2, 2, "")
    with pytest.raises(IllegalMove):
        cancel_import(bulk)
    waiting = opened(cast, archive(products(1)))
    cancel_import(waiting)
    assert list_archives() == []


def test_slices_come_to_the_same_end(cast: Cast) -> None:
    files = products(5) | {"photos/3.png": b"broken"}
    bulk = opened(cast, archive(files))
    slices = 0
    while not bulk.has_ended:
        assert run_slice(bulk, seconds=0)
        slices += 1
        assert OutboxMessage.objects.filter(topic="import.queued", key=bulk.pk).count() == slices + (not bulk.has_ended)
    assert slices == 6, "one a row, and the last one finds the end"
    assert counts(bulk) == {"added": 4, "refused": 1}
    assert problems(bulk) == [(5, "photo", "format")]


def test_the_same_external_id_twice_is_told_across_slices(cast: Cast) -> None:
    rows = [["a", "A", "", "0.png", ""], ["b", "B", "", "1.png", ""], ["a", "A", "", "2.png", ""]]
    bulk = opened(cast, archive({"products.csv": table(rows)} | {f"{n}.png": photo_png(n) for n in range(3)}))
    while not bulk.has_ended:
        run_slice(bulk, seconds=0)
    assert problems(bulk) == [(4, "external_id", "external_id_twice")]
    assert bulk.problems.get().params == {"line": 2}


def test_a_late_attempt_writes_nothing(cast: Cast) -> None:
    bulk = opened(cast, archive(products(3)))

    def steal(counts: Counts) -> None:
        BulkImport.objects.filter(pk=bulk.pk).update(attempt_token=uuid.uuid4())

    assert not run_slice(bulk, watch=steal)
    assert Product.objects.count() == BulkImport.objects.get().position == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_import_twice_at_once_adds_each_row_once(cast: Cast) -> None:
    data = archive(products(12))
    imported(cast, archive(products(4)))
    changed = products(12) | {f"photos/{n}.png": photo_png(100 + n) for n in range(4)}
    for files, made in ((archive(changed), 16), (data, 20)):
        both = [opened(cast, files) for _ in range(2)]
        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(run_to_the_end, both)) == [True, True]
        assert [bulk.state for bulk in both] == ["succeeded"] * 2
        assert Product.objects.count() == 12
        assert ProductRevision.objects.count() == made
        assert sum(bulk.added + bulk.changed for bulk in both) == made - (4 if made == 16 else 16)
        assert all(sum(counts(bulk).values()) == 12 for bulk in both)


def test_a_storage_that_is_away_costs_an_attempt_and_no_row(cast: Cast, bucket: BucketServer) -> None:
    bulk = opened(cast, archive(products(3)))
    bucket.fail_after(4)
    assert not run_slice(bulk)
    assert (bulk.state, bulk.attempts) == ("running", 1)
    bucket.recover()
    assert run_slice(bulk)
    assert (bulk.state, Product.objects.count()) == ("succeeded", 3)
    assert list_archives() == []


def test_an_archive_that_a_command_left_cannot_go_on_and_says_so(cast: Cast) -> None:
    bulk = open_local_import(cast.team, cast.operator, kind="products", name="photos", dry_run=False)
    import_slice(bulk.pk)
    bulk.refresh_from_db()
    assert bulk.state == "failed"
    assert "Run it again" in bulk.failure


def test_archives_of_imports_are_no_orphans_and_left_ones_go(cast: Cast) -> None:
    waiting, checked = opened(cast, archive(products(1))), imported(cast, archive(products(1)), dry_run=True)
    assert known_names([waiting.stored, checked.stored, "imports/x.zip"]) == {waiting.stored, checked.stored}
    assert delete_left_files() == 0
    BulkImport.objects.update(ended_at=timezone.now() - timedelta(hours=25))
    assert delete_left_files() == 1
    assert list_archives() == [waiting.stored]


def run_to_the_end(bulk: BulkImport) -> bool:
    try:
        return run_slice(bulk, seconds=1000)
    finally:
        connection.close()


def list_archives() -> list[str]:
    return [file.name for file in file_store().walk() if file.name.startswith("imports/")]
