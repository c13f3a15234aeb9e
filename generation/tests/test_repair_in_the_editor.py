"""A reported mask drawn anew: saving it ends the report and asks again in one step, or does nothing at all."""

from typing import Any

import pytest

from accounts.models import User
from accounts.tests.factories import Cast
from generation.models import GenerationRequest, ProductRevision
from generation.services import repairs
from generation.tests.api_calls import api, fields_of
from generation.tests.painting import make_product
from generation.tests.test_repairs import reported

STROKES = [{"tool": "eraser", "radius": 0.02, "points": [[0.5, 0.5]]}]


def _save(user: User, product: int, repair: int | None) -> Any:
    body = {"base": {"kind": "present"}, "strokes": STROKES, "repair": repair}
    return api(user).post(f"/api/v1/products/{product}/drawn-masks/", body, content_type="application/json")


def test_saving_ends_the_report_and_asks_again(cast: Cast) -> None:
    repair = reported(cast, prompt="a bottle in the snow")
    answer = _save(cast.operator, repair.revision.product_id, repair.pk)
    assert answer.status_code == 201, answer.json()
    repair.refresh_from_db()
    assert (repair.state, repair.closed_by) == ("repaired", cast.operator)
    assert repair.new_request is not None and repair.new_revision is not None
    assert repair.new_revision.number == answer.json()["number"] == 2
    assert repair.new_request.prompt == "a bottle in the snow"
    assert repair.new_request.revisions.get() == repair.new_revision


def test_a_settled_report_keeps_what_was_drawn_from_becoming_a_revision(cast: Cast) -> None:
    repair = reported(cast)
    repairs.keep_mask(repair, cast.operator)
    before = ProductRevision.objects.count(), GenerationRequest.objects.count()
    product = repair.revision.product_id
    assert _save(cast.operator, product, repair.pk).status_code == 409
    assert (ProductRevision.objects.count(), GenerationRequest.objects.count()) == before
    assert _save(cast.operator, product, None).status_code == 201


@pytest.mark.parametrize("owner", ["operator", "stranger"])
def test_a_report_of_another_product_is_refused_by_field(cast: Cast, owner: str) -> None:
    repair = reported(cast)
    other = make_product(getattr(cast, owner)).revisions.get()
    answer = _save(other.created_by, other.product_id, repair.pk)
    assert (answer.status_code, list(fields_of(answer))) == (400, ["repair"])
    repair.refresh_from_db()
    assert repair.state == "open"


def test_the_editor_says_what_was_reported_and_goes_back_there(cast: Cast) -> None:
    repair = reported(cast)
    client = api(cast.operator)
    address = f"/products/{repair.revision.product_id}/mask/?repair={repair.pk}"
    assert address in client.get(f"/repairs/{repair.pk}/").content.decode()
    page = client.get(address).content.decode()
    assert "The cap is missing" in page
    assert "Save and ask again" in page
    assert f'data-back="/repairs/{repair.pk}/"' in page
    repairs.keep_mask(repair, cast.operator)
    assert "Save and ask again" not in client.get(address).content.decode()
