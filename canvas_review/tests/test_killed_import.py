"""An import whose process is killed, at any moment: it comes to the end that an unbroken run comes to."""

import random
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.files import file_store
from accounts.tests.factories import make_cast
from canvas_review.tests.processes import Program, wait_until
from generation.models import BulkImport, ImportedRevision, Picture, Product, ProductRevision
from generation.services.imports import open_import
from generation.services.stored_files import check_orphans, check_pictures, known_names
from generation.services.sweeping import restart_silent_work
from generation.tests.import_files import archive, products

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

ROWS, KILLS = 300, 5


def _state(bulk: BulkImport) -> BulkImport:
    return BulkImport.objects.get(pk=bulk.pk)


def test_a_killed_import_loses_no_row_and_doubles_none(transactional_db: None, own_files: Path) -> None:
    cast, chance = make_cast(), random.Random(7)
    files = products(ROWS) | {"photos/100.png": b"broken", "photos/200.png": b"broken"}
    bulk = open_import(
        cast.team, cast.operator, kind="products", name="many.zip", file=ContentFile(archive(files)), sha256="",
        dry_run=False,
    )  # fmt: skip
    for _kill in range(KILLS):
        before = _state(bulk).position
        program = Program("import", own_files)
        reached = before + chance.randint(1, 30)
        wait_until(lambda: _state(bulk).position >= reached, 60, program.log.read_text()[-2000:])  # noqa: B023
        program.kill()
        assert _state(bulk).state == "running", "it was killed in the middle"
        BulkImport.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=61))
        assert restart_silent_work(frozenset()) == 1
    assert 0 < _state(bulk).position < ROWS
    program = Program("import", own_files)
    wait_until(lambda: _state(bulk).has_ended, 120, "the import has ended")
    program.stop()
    ended = _state(bulk)
    assert (ended.state, ended.failure, ended.position) == ("succeeded", "", ROWS)
    assert (ended.added, ended.changed, ended.unchanged, ended.refused) == (ROWS - 2, 0, 0, 2)
    assert [problem.line for problem in ended.problems.all()] == [102, 202]
    assert Product.objects.count() == ProductRevision.objects.count() == ImportedRevision.objects.count() == ROWS - 2
    assert Picture.objects.count() == ROWS - 2 + 1, "the masks are all one"
    assert list(check_pictures(repair=False)) == []
    assert [file.name for file in file_store().walk() if file.name.startswith("imports/")] == []
    assert list(check_orphans([known_names], repair=False)) == []
