"""Candidates made elsewhere, listed in a table: they become requests, go on as ours do, and come in once."""

import pytest
from django.core.files.base import ContentFile

from accounts.files import file_store
from accounts.tests.factories import Cast
from delivery.models import OutboxMessage
from generation.imaging.encoding import encode_mask, encode_png
from generation.models import BulkImport, Candidate, GenerationRequest, ModelVersion, Product, ProductRevision
from generation.services.imports import open_import, run_slice
from generation.services.products import add_revision
from generation.tasks.imports import import_slice
from generation.tests.adopting import painted_scene
from generation.tests.image_cast import product_photo
from generation.tests.import_files import archive, photo_png, table
from generation.tests.painting import HEIGHT, WIDTH, make_product

HEADER = "source,mask,candidate,model,prompt,variant,external_id,group"
PHOTO, MASK = product_photo(HEIGHT, WIDTH)
FILES = {"bottle.png": encode_png(PHOTO), "bottle.mask.png": encode_mask(MASK)} | {
    f"c{number}.png": encode_png(painted_scene(number)) for number in range(12)
}


def row(number: int, **cells: str) -> list[str]:
    values = {
        "source": "bottle.png", "mask": "bottle.mask.png", "candidate": f"c{number}.png", "model": "Studio Painter",
        "prompt": "a bottle on a table", "variant": "", "external_id": "", "group": "",
    } | cells  # fmt: skip
    return [values[name] for name in HEADER.split(",")]


def of_product(number: int, external_id: str = "A-1", **cells: str) -> list[str]:
    return row(number, source="", mask="", external_id=external_id, **cells)


def opened(cast: Cast, rows: list[list[str]], *, dry_run: bool = False, **files: bytes) -> BulkImport:
    data = archive({"candidates.csv": table(rows, HEADER)} | FILES | files)
    return open_import(
        cast.team, cast.operator, kind="candidates", name="made.zip", file=ContentFile(data), sha256="", dry_run=dry_run
    )


def imported(cast: Cast, rows: list[list[str]], *, dry_run: bool = False) -> BulkImport:
    bulk = opened(cast, rows, dry_run=dry_run)
    import_slice(bulk.pk)
    bulk.refresh_from_db()
    assert bulk.state == "succeeded", bulk.failure
    assert bulk.added + bulk.changed + bulk.unchanged + bulk.refused == bulk.position == bulk.total == len(rows)
    return bulk


def told(bulk: BulkImport) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.field, problem.code) for problem in bulk.problems.all()]


def sizes() -> list[int]:
    return [request.candidates.count() for request in GenerationRequest.objects.order_by("pk")]


def test_rows_that_belong_together_are_one_request(cast: Cast) -> None:
    bulk = imported(cast, [row(0), row(1), row(2, prompt="another"), row(3, model="Other"), row(4, model="Other")])
    assert (bulk.added, bulk.refused, sizes()) == (5, 0, [2, 1, 2])
    product = Product.objects.get()
    assert (product.external_id, product.title) == ("bottle", "bottle")
    first = GenerationRequest.objects.order_by("pk")[0]
    assert (first.state, first.prompt, first.revisions.get()) == (
        "screening", "a bottle on a table", product.revisions.get(),
    )  # fmt: skip
    assert OutboxMessage.objects.filter(topic="request.generated").count() == 3
    assert set(ModelVersion.objects.values_list("name", flat=True)) == {"Studio Painter", "Other"}


def test_the_same_again_adds_nothing_also_after_the_mask_was_repaired(cast: Cast) -> None:
    rows = [row(0), row(1)]
    imported(cast, rows)
    assert imported(cast, rows).unchanged == 2
    better = MASK.copy()
    better[:, :120] = False
    add_revision(Product.objects.get(), cast.operator, mask_bytes=encode_mask(better), mask_type=None)
    assert imported(cast, rows).unchanged == 2
    assert (sizes(), ProductRevision.objects.count()) == ([2], 2)


def test_a_product_that_is_here_is_named_by_its_external_id(cast: Cast) -> None:
    product = make_product(cast.operator, external_id="A-1")
    imported(cast, [of_product(0), of_product(1)])
    assert GenerationRequest.objects.get().revisions.get().product == product


def test_a_group_column_keeps_rows_apart_and_long_groups_are_cut(cast: Cast) -> None:
    imported(cast, [row(0, group="a"), row(1, group="b"), row(2, group="b"), *[row(n) for n in range(3, 12)]])
    assert sizes() == [1, 2, 8, 1]


def test_a_bad_row_is_told_and_its_siblings_come_in(cast: Cast) -> None:
    make_product(cast.stranger, external_id="theirs")
    rows = [
        row(0), row(1, candidate="gone.png"), row(2, candidate=""), row(3, candidate="c0.png"),
        row(4, candidate="bottle.png"), row(5),
        of_product(6, "theirs"), row(7, source=""), row(8, mask="", prompt="no mask"), row(9, source="../x.png"),
        row(10, variant="none"), row(11, model=""), row(0, prompt=""), row(0, group="g"), row(1, group="g", model="B"),
        row(2, candidate="photo.png", prompt="alone"),
    ]  # fmt: skip
    FILES["photo.png"] = photo_png()
    bulk = imported(cast, rows)
    assert told(bulk) == [
        (3, "candidate", "file_missing"), (4, "candidate", "candidate_missing"), (5, "candidate", "same_picture"),
        (6, "candidate", "photo_itself"), (8, "external_id", "product_unknown"), (9, "source", "source_missing"),
        (10, "mask", "mask_missing"), (11, "source", "name_outside"), (12, "variant", "variant"),
        (13, "model", "model_missing"), (14, "prompt", "prompt_missing"), (16, "group", "group_differs"),
        (17, "candidate", "proportions"),
    ]  # fmt: skip
    assert bulk.problems.get(line=5).params == {"line": 2}
    assert (bulk.added, bulk.refused) == (3, 13)
    assert sizes() == [2, 1]
    assert Product.objects.filter(team=cast.team).count() == 1, "a refused row leaves no product"


def test_a_product_without_a_mask_has_no_candidates(cast: Cast) -> None:
    product = make_product(cast.operator, external_id="A-1")
    add_revision(product, cast.operator, photo_bytes=photo_png(), photo_type=None)
    for dry_run in (True, False):
        assert told(imported(cast, [of_product(0)], dry_run=dry_run)) == [(2, "source", "mask_missing")]
    assert not GenerationRequest.objects.exists()


def test_a_dry_run_writes_nothing_and_foretells_the_real_one(cast: Cast) -> None:
    rows = [row(0), row(1, candidate="c0.png"), row(2, candidate="bottle.mask.png", prompt="x"), row(3, prompt="y")]
    before = {file.name for file in file_store().walk()}
    checked = imported(cast, rows, dry_run=True)
    assert {file.name for file in file_store().walk()} - {checked.stored} == before
    assert not Product.objects.exists() and not Candidate.objects.exists()
    real = imported(cast, rows)
    assert (real.added, real.refused, told(real)) == (checked.added, checked.refused, told(checked))


def test_slices_end_behind_a_group_and_come_to_the_same_end(cast: Cast) -> None:
    rows = [row(0), row(1), row(2, candidate="gone.png"), row(3, prompt="b"), row(4, prompt="b")]
    bulk = opened(cast, rows)
    positions = []
    while not bulk.has_ended:
        assert run_slice(bulk, seconds=0)
        positions.append(bulk.position)
    assert positions == [3, 5]
    assert (bulk.added, bulk.refused, sizes()) == (4, 1, [2, 2])


@pytest.mark.parametrize("rows", [[], [[""]]])
def test_a_table_without_rows_is_an_import_of_nothing(cast: Cast, rows: list[list[str]]) -> None:
    bulk = opened(cast, rows)
    assert run_slice(bulk)
    assert (bulk.state, bulk.total, bulk.position) == ("succeeded", 0, 0)
