"""manage.py import_products: in the foreground, with problems printed, and safe to run again."""

import io
import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.tests.factories import Cast
from generation.management.commands import import_products
from generation.models import BulkImport, Product
from generation.services.import_ledger import Counts
from generation.tests.import_files import archive, photo_png, products, write


def run(path: Path, cast: Cast, **options: Any) -> tuple[list[str], str]:
    """What it prints, and the sentence it ends with when it does not end well."""
    out = io.StringIO()
    try:
        call_command("import_products", str(path), team=cast.team.slug, stdout=out, **options)
    except CommandError as error:
        return out.getvalue().splitlines(), str(error)
    return out.getvalue().splitlines(), ""


def test_a_folder_a_table_and_an_archive_are_the_same(cast: Cast, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", products(3))
    (tmp_path / "many.zip").write_bytes(archive(products(3)))
    assert run(folder, cast) == (["3 of 3 rows: 3 added, 0 changed, 0 unchanged, 0 refused, 0 without mask."], "")
    for path in (folder, folder / "products.csv", tmp_path / "many.zip"):
        assert run(path, cast) == (["3 of 3 rows: 0 added, 0 changed, 3 unchanged, 0 refused, 0 without mask."], "")
    assert Product.objects.count() == 3
    assert BulkImport.objects.filter(state="succeeded", stored="").count() == 4


def test_refused_rows_are_printed_and_end_it_with_1(cast: Cast, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", products(3) | {"photos/1.png": b"<svg>"})
    said, why = run(folder, cast, user=cast.operator.username)
    assert said[0].startswith("line 3  sku-1  photo  This is not a PNG")
    assert why == "1 rows were refused."
    assert BulkImport.objects.get().created_by == cast.operator


def test_json_is_one_object_a_line(cast: Cast, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", products(2) | {"photos/1.png": b"<svg>"})
    said, _why = run(folder, cast, format="json", dry_run=True)
    problem, summary = map(json.loads, said)
    assert (problem["line"], problem["code"], problem["note"]) == (3, "format", False)
    assert {name: summary[name] for name in ("state", "total", "added", "refused")} == {
        "state": "succeeded", "total": 2, "added": 1, "refused": 1,
    }  # fmt: skip
    assert not Product.objects.exists()


def test_ctrl_c_stops_after_the_row_and_the_same_command_goes_on(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "in", products(6))
    shown = import_products.Command._show

    def press(command: Any, counts: Counts) -> None:
        if counts.position == 2:
            os.kill(os.getpid(), signal.SIGINT)
        shown(command, counts)

    monkeypatch.setattr(import_products.Command, "_show", press)
    said, why = run(folder, cast)
    assert why == "The import is cancelled."
    assert Product.objects.count() == 2
    monkeypatch.undo()
    said, why = run(folder, cast)
    assert (said[-1], why) == ("6 of 6 rows: 4 added, 0 changed, 2 unchanged, 0 refused, 0 without mask.", "")


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("nowhere", {}, "There is no such folder, table or archive."),
        ("text.zip", {}, "This is not a whole ZIP archive."),
        ("in", {"kind": "candidates"}, "There is no candidates.csv"),
        ("in", {"user": "nobody"}, "no member nobody"),
    ],
)
def test_what_cannot_begin_says_why(
    cast: Cast, tmp_path: Path, name: str, options: dict[str, str], sentence: str
) -> None:
    write(tmp_path, {"text.zip": b"text", "in/a.png": photo_png()})
    assert sentence in run(tmp_path / name, cast, **options)[1]
    assert not BulkImport.objects.exists()
