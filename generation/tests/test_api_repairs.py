"""`/api/v1/mask-repairs/`: the list, repairing with a file or a revision, keeping, and every refusal."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.tests.factories import Cast, make_token
from generation.models import GenerationRequest, MaskRepair, ProductRevision
from generation.services import products
from generation.tests.api_calls import api, fields_of
from generation.tests.painting import mask_of
from generation.tests.test_repairs import corrected, reported

ROOT = "/api/v1/mask-repairs/"


def _file() -> SimpleUploadedFile:
    return SimpleUploadedFile("mask.png", corrected(), "image/png")


def _repair(cast: Cast, repair: MaskRepair, sent: Any) -> Any:
    return api(cast.operator).post(f"{ROOT}{repair.pk}/repair/", sent)


def test_the_list_tells_what_was_reported(cast: Cast) -> None:
    repair = reported(cast)
    (row,) = api(cast.operator).get(ROOT, {"state": "open"}).json()["results"]
    assert (row["id"], row["state"], row["note"], row["marks"]) == (repair.pk, "open", "The cap is missing", [])
    assert (row["request"], row["product"]) == (repair.request_id, repair.revision.product_id)
    assert row["revision"]["number"] == 1 and row["revision"]["mask"]["fit_url"]
    assert row["new_revision"] is row["new_request"] is None
    assert "reported_by" not in row
    assert api(cast.operator).get(f"{ROOT}{repair.pk}/").json() == row
    assert api(cast.operator).get(ROOT, {"state": "kept"}).json()["results"] == []
    assert api(cast.stranger).get(ROOT).json()["results"] == []


def test_a_corrected_mask_repairs_and_asks_again(cast: Cast) -> None:
    repair = reported(cast)
    answer = _repair(cast, repair, {"mask": _file()})
    assert answer.status_code == 200
    opened = GenerationRequest.objects.latest("pk")
    assert (answer.json()["state"], answer.json()["new_revision"], answer.json()["new_request"]) == (
        "repaired", 2, opened.pk,
    )  # fmt: skip


def test_a_later_revision_repairs_and_asks_again(cast: Cast) -> None:
    repair = reported(cast)
    products.add_mask(repair.revision, cast.operator, mask_of(repair.revision))
    answer = _repair(cast, repair, {"revision": "2"})
    assert (answer.status_code, answer.json()["new_revision"]) == (200, 2)


def test_the_mask_is_kept(cast: Cast) -> None:
    repair = reported(cast)
    answer = api(cast.operator).post(f"{ROOT}{repair.pk}/keep/")
    assert (answer.status_code, answer.json()["state"]) == (200, "kept")


@pytest.mark.parametrize(
    ("sent", "field", "code"),
    [
        ({}, "non_field_errors", "invalid"),
        ({"mask": "file", "revision": "2"}, "non_field_errors", "invalid"),
        ({"mask": "not a file"}, "mask", "invalid"),
        ({"mask": SimpleUploadedFile("m.png", b"", "image/png")}, "mask", "empty"),
        ({"mask": SimpleUploadedFile("m.png", b"<svg onload=alert(1)>", "image/png")}, "mask", "format"),
        ({"revision": "1"}, "revision", "revision_unknown"),
        ({"revision": "9"}, "revision", "revision_unknown"),
        ({"revision": "0"}, "revision", "min_value"),
        ({"revision": "9" * 40}, "revision", "max_value"),
        ({"revision": "x"}, "revision", "invalid"),
    ],
)
def test_what_repairs_nothing_is_refused_by_field_and_leaves_nothing(
    cast: Cast, sent: dict[str, Any], field: str, code: str
) -> None:
    repair = reported(cast)
    answer = _repair(cast, repair, {name: _file() if value == "file" else value for name, value in sent.items()})
    assert answer.status_code == 400, answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert fields_of(answer) == {field: code}
    repair.refresh_from_db()
    assert repair.state == "open"
    assert GenerationRequest.objects.count() == ProductRevision.objects.count() == 1


def test_what_was_answered_is_a_conflict_with_a_sentence(cast: Cast) -> None:
    repair = reported(cast)
    assert api(cast.operator).post(f"{ROOT}{repair.pk}/keep/").status_code == 200
    for answer in (_repair(cast, repair, {"mask": _file()}), api(cast.operator).post(f"{ROOT}{repair.pk}/keep/")):
        assert answer.status_code == 409
        assert "found the mask right" in answer.json()["detail"]


def test_another_teams_report_does_not_exist(cast: Cast) -> None:
    repair = reported(cast)
    for path in ("", "repair/", "keep/"):
        method = "post" if path else "get"
        assert getattr(api(cast.stranger), method)(f"{ROOT}{repair.pk}/{path}").status_code == 404
    repair.refresh_from_db()
    assert repair.state == "open"


@pytest.mark.parametrize("who", ["reviewer", "ml_engineer"])
def test_only_operators_and_admins_come_here(cast: Cast, who: str) -> None:
    repair = reported(cast)
    client = api(getattr(cast, who))
    assert client.get(ROOT).status_code == 403
    assert client.post(f"{ROOT}{repair.pk}/keep/").status_code == 403
    assert client.get("/repairs/").status_code == 403


def test_a_token_needs_the_scope_of_requests(cast: Cast) -> None:
    repair = reported(cast)
    keep = f"{ROOT}{repair.pk}/keep/"
    client = type(api(cast.operator))()
    reading = {"Authorization": f"Bearer {make_token(cast.operator, 'requests:read')}"}
    writing = {"Authorization": f"Bearer {make_token(cast.operator, 'requests:write')}"}
    assert client.get(ROOT, headers=reading).status_code == 200
    assert client.post(keep, headers=reading).status_code == 403
    assert client.post(keep, headers=writing).status_code == 200
