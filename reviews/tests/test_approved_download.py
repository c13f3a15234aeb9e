"""I13: an original leaves only while it stands approved."""

import hashlib

import pytest

from accounts.tests.factories import Cast
from generation.models import Candidate
from generation.services.derivatives import store_picture
from generation.tests.api_calls import api
from generation.tests.image_cast import table_scene
from reviews.models import ReviewItem
from reviews.services import decisions
from reviews.tests.factories import claimed, decide, make_item, reject_all


@pytest.fixture
def item(cast: Cast) -> ReviewItem:
    item = make_item(cast.operator, 2)
    for number, candidate in enumerate(item.candidates.all()):
        candidate.composed = store_picture(cast.team, table_scene(seed=number), lossless=True)
        candidate.save()
    return item


def _address(candidate: Candidate) -> str:
    return f"/approved/{candidate.handle}"


def _approved(cast: Cast, item: ReviewItem) -> list[str]:
    answer = api(cast.operator).get(f"/api/v1/requests/{item.request_id}/approved/")
    assert answer.status_code == 200
    return [row["handle"] for row in answer.json()["results"]]


def test_what_is_approved_leaves_whole_until_the_approval_is_taken_back(cast: Cast, item: ReviewItem) -> None:
    good = item.candidates.get(position=0)
    client = api(cast.operator)
    assert client.get(_address(good)).status_code == 404
    assert _approved(cast, item) == []
    decide(cast.reviewer, claimed(cast.reviewer))
    answer = client.get(_address(good))
    assert answer.status_code == 200
    assert good.composed is not None
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == good.composed.sha256  # type: ignore[attr-defined]
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"] == f'attachment; filename="request-{item.request_id}-1.webp"'
    assert len(_approved(cast, item)) == 2
    decisions.undo(cast.reviewer)
    assert client.get(_address(good)).status_code == 404
    assert _approved(cast, item) == []


def test_what_is_rejected_never_leaves(cast: Cast, item: ReviewItem) -> None:
    slot = claimed(cast.reviewer)
    decide(cast.reviewer, slot, reject_all(slot))
    for candidate in item.candidates.all():
        assert api(cast.admin).get(_address(candidate)).status_code == 404
    assert _approved(cast, item) == []


def test_another_team_and_reviewers_are_refused(cast: Cast, item: ReviewItem) -> None:
    decide(cast.reviewer, claimed(cast.reviewer))
    good = item.candidates.get(position=0)
    assert api(cast.stranger).get(_address(good)).status_code == 404
    assert api(cast.reviewer).get(_address(good)).status_code == 403
