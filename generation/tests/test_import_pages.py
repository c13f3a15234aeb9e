"""The pages of imports: send, watch, read why, download the reasons, and make a check real."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.tests.factories import Cast
from generation.models import BulkImport, Product
from generation.tasks.imports import import_slice
from generation.tests.api_calls import api
from generation.tests.import_files import archive, photo_png, products, table


def send(cast: Cast, data: bytes, **fields: Any) -> Any:
    file = SimpleUploadedFile("many.zip", data, "application/zip")
    return api(cast.operator).post("/imports/", {"file": file, "kind": "products", **fields})


def page(cast: Cast, address: str) -> str:
    answer = api(cast.operator).get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_an_archive_is_checked_and_then_imported(cast: Cast) -> None:
    answer = send(cast, archive(products(3) | {"photos/1.png": b"<svg>"}), dry_run="on")
    checked = BulkImport.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/imports/{checked.pk}/")
    assert "hx-get" in page(cast, f"/imports/{checked.pk}/")
    import_slice(checked.pk)
    shown = page(cast, f"/imports/{checked.pk}/progress/")
    assert "hx-get" not in shown
    assert "This is not a PNG, JPEG or WebP picture." in shown
    assert "Import it for real" in shown
    answer = api(cast.operator).post(f"/imports/{checked.pk}/for-real/")
    real = BulkImport.objects.latest("pk")
    assert answer["Location"] == f"/imports/{real.pk}/"
    import_slice(real.pk)
    assert Product.objects.count() == 2
    assert "Import it for real" not in page(cast, f"/imports/{checked.pk}/")
    assert "many.zip" in page(cast, "/imports/")
    assert 'href="/imports/"' in page(cast, "/products/")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"no archive", "This is not a whole ZIP archive."), (archive({"products.csv": b"a\n"}), "must name the columns")],
)
def test_what_is_no_import_is_told_beside_the_field(cast: Cast, data: bytes, sentence: str) -> None:
    answer = send(cast, data)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not BulkImport.objects.exists()


def test_reasons_come_as_csv_that_no_spreadsheet_calculates(cast: Cast) -> None:
    rows = [["=1+1", "A", "", "gone.png", ""], ["@b", "B", "", "gone.png", ""], ["c", "C", "", "gone.png", ""]]
    send(cast, archive({"products.csv": table(rows), "a.png": photo_png()}))
    bulk = BulkImport.objects.get()
    import_slice(bulk.pk)
    answer: Any = api(cast.operator).get(f"/imports/{bulk.pk}/problems.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert answer["Content-Disposition"] == f'attachment; filename="import-{bulk.pk}-problems.csv"'
    reason = "There is no such file. Check its name, and where it lies."
    assert lines == [
        "Line,Name,Field,Code,Reason", f"2,'=1+1,photo,file_missing,\"{reason}\"",
        f"3,'@b,photo,file_missing,\"{reason}\"", f'4,c,photo,file_missing,"{reason}"',
    ]  # fmt: skip


def test_cancelling_twice_says_so(cast: Cast) -> None:
    send(cast, archive(products(1)))
    bulk = BulkImport.objects.get()
    for words in ("What came in already stays.", "It had ended already"):
        answer = api(cast.operator).post(f"/imports/{bulk.pk}/cancel/", follow=True)
        assert words in answer.content.decode()


def test_script_in_a_name_is_text(cast: Cast) -> None:
    send(cast, archive({"<script>alert(1)</script>.txt": b"x"}))
    bulk = BulkImport.objects.get()
    import_slice(bulk.pk)
    assert "<script>alert" not in page(cast, f"/imports/{bulk.pk}/")
