"""`/api/v1/imports/`: an archive is streamed in, imported by a worker, watched, cancelled, and made real."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.files import file_store
from accounts.models import Scope
from accounts.tests.factories import Cast, make_token
from generation.importfiles.sources import open_archive
from generation.models import BulkImport, Product
from generation.services.imports import run_slice
from generation.tasks.imports import import_slice
from generation.tests.api_calls import api, fields_of
from generation.tests.import_files import archive, products

IMPORTS = "/api/v1/imports/"
MB = 1024 * 1024


def send(client: Client, data: bytes | None = None, *, key: str = "", **fields: Any) -> Any:
    file = SimpleUploadedFile("many.zip", archive(products(3)) if data is None else data, "application/zip")
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(IMPORTS, {"file": file, **fields}, headers=headers)


def test_an_archive_is_imported(cast: Cast) -> None:
    client = api(cast.operator)
    answer = send(client)
    assert answer.status_code == 201
    body = answer.json()
    assert (body["state"], body["kind"], body["name"], body["total"]) == ("queued", "products", "many.zip", None)
    import_slice(body["id"])
    ended = client.get(f"{IMPORTS}{body['id']}/").json()
    assert (ended["state"], ended["total"], ended["position"], ended["added"]) == ("succeeded", 3, 3, 3)
    assert [entry["id"] for entry in client.get(f"{IMPORTS}?state=succeeded").json()["results"]] == [body["id"]]
    assert client.get(f"{IMPORTS}?state=queued").json()["results"] == []
    assert client.get("/api/v1/products/?external_id=sku-2").json()["results"][0]["title"] == "Mug 2"


def test_problems_are_listed_with_line_and_reason(cast: Cast) -> None:
    client = api(cast.operator)
    made = send(client, archive(products(3) | {"photos/1.png": b"broken", "photos/2.png": b""})).json()
    import_slice(made["id"])
    first = client.get(f"{IMPORTS}{made['id']}/problems/?page_size=1").json()
    assert first["results"] == [
        {"line": 4, "name": "sku-2", "field": "photo", "code": "empty",
         "detail": "The file is empty. Choose another one.", "note": False}
    ]  # fmt: skip
    assert client.get(first["next"]).json()["results"][0]["line"] == 3


def test_the_same_key_makes_one_import(cast: Cast) -> None:
    client = api(cast.operator)
    first, again = send(client, key="k"), send(client, key="k")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert send(client, key="k", dry_run=True).status_code == 422
    assert BulkImport.objects.count() == 1
    assert len(list(file_store().walk())) == 1


@pytest.mark.parametrize(
    ("sent", "field", "code"),
    [
        ({"data": b"no archive"}, "file", "archive_unreadable"),
        ({"data": archive({"products.csv": b"title\n"})}, "file", "columns_missing"),
        ({"kind": "candidates"}, "file", "table_missing"),
        ({"kind": "people"}, "kind", "invalid_choice"),
        ({"dry_run": "perhaps"}, "dry_run", "invalid"),
        ({"data": b""}, "file", "empty"),
    ],
)
def test_what_is_no_import_is_refused_and_leaves_nothing(
    cast: Cast, sent: dict[str, Any], field: str, code: str
) -> None:
    data = archive({"a.png": b"x"}) if "kind" in sent else None
    answer = send(api(cast.operator), **{"data": data, **sent})
    assert (answer.status_code, fields_of(answer)) == (400, {field: code})
    assert not BulkImport.objects.exists()
    assert list(file_store().walk()) == []


def test_a_file_above_the_limit_of_imports_is_refused_while_it_streams(cast: Cast, settings: Any) -> None:
    settings.LARGE_UPLOADS = {"api:import-list": 21 * MB, "generation:imports": 21 * MB}
    client = api(cast.operator)
    assert send(client, bytes(22 * MB)).status_code == 413
    form = {"file": SimpleUploadedFile("a.zip", bytes(22 * MB)), "kind": "products"}
    assert client.post("/imports/", form).status_code == 413
    assert send(client, bytes(20 * MB + 1)).status_code == 400, "larger than a picture, and no archive"


@pytest.mark.parametrize("who", ["reviewer", "ml_engineer", ""])
def test_who_may_not_import_cannot_send_more_than_a_picture(cast: Cast, who: str) -> None:
    """A form is read before the route's rule is asked: nobody from outside may fill the disk."""
    client = api(getattr(cast, who)) if who else Client(raise_request_exception=False)
    form = {"file": SimpleUploadedFile("a.zip", bytes(20 * MB + 1)), "kind": "products"}
    assert client.post("/imports/", form).status_code in (302, 403)
    checked = Client(raise_request_exception=False, enforce_csrf_checks=True)
    if who:
        checked.force_login(getattr(cast, who))
    checked.get("/account/login/")
    form = {"file": SimpleUploadedFile("a.zip", bytes(20 * MB + 1)), "kind": "products"}
    assert checked.post("/imports/", form).status_code in (403, 413)
    assert send(client, bytes(20 * MB + 1)).status_code in (401, 403, 413)


def test_a_large_upload_lies_on_disk_not_in_memory(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def look(stream: Any, kind: Any) -> Any:
        seen.append(str(stream.name))
        return open_archive(stream, kind)

    monkeypatch.setattr("generation.services.imports.open_archive", look)
    files = products(1) | {"photos/large.bin": bytes(3 * MB)}
    assert send(api(cast.operator), _stored(files)).status_code == 201
    assert [Path(name).is_absolute() for name in seen] == [True]


def _stored(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return buffer.getvalue()


def test_cancel_and_for_real(cast: Cast) -> None:
    client = api(cast.operator)
    made = send(client).json()["id"]
    assert client.post(f"{IMPORTS}{made}/cancel/").json()["state"] == "cancelled"
    assert client.post(f"{IMPORTS}{made}/cancel/").status_code == 409
    assert client.post(f"{IMPORTS}{made}/for-real/").status_code == 409
    checked = send(client, dry_run=True).json()["id"]
    run_slice(BulkImport.objects.get(pk=checked))
    assert not Product.objects.exists()
    real = client.post(f"{IMPORTS}{checked}/for-real/")
    assert (real.status_code, real.json()["dry_run"]) == (201, False)
    import_slice(real.json()["id"])
    assert Product.objects.count() == 3
    assert client.post(f"{IMPORTS}{checked}/for-real/").status_code == 409


def test_a_token_needs_the_scope_of_products(cast: Cast) -> None:
    for scope, status in ((Scope.PRODUCTS_WRITE, 201), (Scope.PRODUCTS_READ, 403), (Scope.REQUESTS_WRITE, 403)):
        client = Client(headers={"Authorization": f"Bearer {make_token(cast.operator, scope)}"})
        assert send(client).status_code == status
