"""The aids of a leased item: outline, heat maps and reported findings, in the order of the screen, and nothing else."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import Cast
from generation.models import Candidate, Finding, Picture, Score
from generation.services.derivatives import store_mask
from generation.tests.factories import make_picture
from generation.tests.image_cast import product_photo
from reviews.models import ReviewItem
from reviews.tests.factories import expire, make_item
from reviews.tests.test_desk_api import Desk, is_refused
from reviews.tests.test_desk_blindness import _secrets, _tells

BOX = {"x": 0.125, "y": 0.25, "width": 0.5, "height": 0.0625}


def look(desk: Desk, item: dict[str, Any]) -> Any:
    answer = desk.client.get(f"/api/v1/review/leases/{item['token']}/aids/")
    assert answer["Cache-Control"] == "no-store"
    return answer


def found(candidate: Candidate, measure: str, **values: Any) -> Finding:
    defaults = {"guard": "indistinct", "value": 0.777, "threshold": 0.555, "violated": True, "blocking": False}
    return Finding.objects.create(candidate=candidate, measure=measure, **(defaults | values))


@pytest.fixture
def item(cast: Cast) -> ReviewItem:
    item = make_item(cast.operator, 3)
    stored = store_mask(cast.team, product_photo(300, 400)[1])
    mask = item.request.revisions.get().mask
    assert mask is not None
    Picture.objects.filter(pk=mask.pk).update(fit_name=stored.fit_name)
    first, second, third = Candidate.objects.filter(request=item.request)
    for candidate in (first, second):
        candidate.heat_map = make_picture(cast.team)
        candidate.save()
    found(first, "common_colours", regions=[BOX])
    found(first, "raw_ssim", guard="raw-fidelity")
    found(second, "seam_energy", guard="seam", violated=False)
    found(third, "unsafe_score", guard="unsafe", blocking=True)
    return item


def test_they_come_in_the_order_of_the_screen_with_reasons_and_places(cast: Cast, item: ReviewItem) -> None:
    desk = Desk(cast)
    handed = desk.item()
    answer = look(desk, handed).json()
    assert [entry["handle"] for entry in answer["candidates"]] == [entry["handle"] for entry in handed["candidates"]]
    by_handle = {entry["handle"]: entry for entry in answer["candidates"]}
    first, second, third = (by_handle[str(c.handle)] for c in Candidate.objects.filter(request=item.request))
    assert set(first["heat_map"]) == {"url", "width", "height"}
    assert first["heat_map"]["url"].startswith("/pictures/f")
    assert third["heat_map"] is None
    ssim, colours = first["findings"]  # in the variant's order
    assert colours["label"] == "Colours shared by product and scene"
    assert colours["reason"].startswith("Product and scene have mostly the same colours")
    assert (colours["regions"], ssim["regions"]) == ([BOX], [])
    assert second["findings"] == third["findings"] == []


def test_the_outline_is_the_masks(cast: Cast, item: ReviewItem) -> None:
    desk = Desk(cast)
    (line,) = look(desk, desk.item()).json()["outline"]
    assert len(line) > 20
    across, down = zip(*line, strict=True)
    assert (round(min(across), 1), round(max(across), 1)) == (0.3, 0.7)
    assert (round(min(down), 2), round(max(down), 2)) == (0.25, 0.85)


def test_a_prefetched_item_has_them_too(cast: Cast, item: ReviewItem) -> None:
    desk = Desk(cast)
    assert look(desk, desk.item(soft=True)).status_code == 200


def test_what_is_not_held_is_not_looked_at(cast: Cast, item: ReviewItem) -> None:
    desk, other = Desk(cast), Desk(cast, "second_reviewer")
    handed = desk.item()
    is_refused(look(other, handed), 409, "lease_lost")
    expire()
    is_refused(look(desk, handed), 409, "lease_lost")


def test_no_byte_tells_more_than_that(cast: Cast, item: ReviewItem) -> None:
    desk = Desk(cast)
    answer = look(desk, desk.item())
    told = "\n".join([*(f"{name}: {value}" for name, value in answer.items()), answer.content.decode()])
    secrets = [*_secrets(item), "0.777", "0.555", "unsafe", "indecent", "threshold", "seam_energy", "raw_ssim"]
    assert Score.objects.exists()
    assert [secret for secret in secrets if _tells(told, secret)] == []
    assert set(answer.json()) == {"outline", "candidates"}
    for entry in answer.json()["candidates"]:
        assert set(entry) == {"handle", "heat_map", "findings"}
        assert all(set(finding) == {"label", "reason", "regions"} for finding in entry["findings"])


def test_what_was_stored_before_there_were_aids_has_none(cast: Cast) -> None:
    make_item(cast.operator, 2)
    desk = Desk(cast)
    answer = look(desk, desk.item()).json()
    assert answer["outline"] == []
    assert [(entry["heat_map"], entry["findings"]) for entry in answer["candidates"]] == [(None, []), (None, [])]


def test_a_measure_without_a_limit_is_told_by_its_guard(cast: Cast) -> None:
    made = make_item(cast.operator, 1)
    found(Candidate.objects.get(request=made.request), "forgotten_measure", guard="halo")
    desk = Desk(cast)
    (entry,) = look(desk, desk.item()).json()["candidates"]
    assert entry["findings"] == [{"label": "Halo around the product", "reason": "", "regions": []}]


def test_more_candidates_need_no_more_statements(cast: Cast) -> None:
    counts = []
    for images in (1, 4):
        made = make_item(cast.operator, images)
        for candidate in Candidate.objects.filter(request=made.request):
            found(candidate, "raw_ssim")
        desk = Desk(cast)
        handed = desk.item()
        with CaptureQueriesContext(connection) as queries:
            assert json.dumps(look(desk, handed).json()["candidates"]).count("label") == images
        counts.append(len(queries))
        desk.decide(handed)
    assert counts[0] == counts[1]
