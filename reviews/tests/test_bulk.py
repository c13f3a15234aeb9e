"""Many images at once: the effect is told before, and then exactly that is done, or nothing."""

import csv
import io
import uuid
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.test import Client

from accounts.tests.factories import Cast
from generation.models import Candidate, GenerationRequest
from generation.services.derivatives import store_picture
from generation.services.repairs import report_mask
from generation.tests.factories import make_adopted_request, make_revision, make_scored_request
from reviews.models import Outcome
from reviews.services import bulk, decisions
from reviews.tests.factories import claimed, decide, make_item, make_queue


@pytest.fixture
def operator(cast: Cast, client: Client) -> Client:
    make_queue(cast.team)
    client.force_login(cast.operator)
    return client


def approved(cast: Cast, images: int = 1) -> list[Candidate]:
    """Approved images with files."""
    item = make_item(cast.operator, images)
    decide(cast.reviewer, claimed(cast.reviewer))
    for number, candidate in enumerate(item.candidates.order_by("pk")):
        pixels = np.full((8, 8, 3), 40 * number, np.uint8)
        Candidate.objects.filter(pk=candidate.pk).update(composed=store_picture(cast.team, pixels, lossless=True))
    return list(item.candidates.select_related("composed").order_by("pk"))


def handles(*candidates: Candidate) -> dict[str, Any]:
    return {"handle": [str(candidate.handle) for candidate in candidates], "key": uuid.uuid4().hex}


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_download_tells_who_stays_behind_and_why(cast: Cast, operator: Client) -> None:
    good, split = approved(cast), approved(cast)
    Outcome.objects.filter(candidate=split[0]).update(state="split")
    undecided = make_scored_request(cast.operator, [0.5]).candidates.get()
    theirs = make_scored_request(cast.stranger, [0.5]).candidates.get()
    answer = operator.post("/gallery/download/", handles(*good, *split, undecided, theirs))
    effect = answer.context["effect"]
    assert [candidate.pk for candidate in effect.images] == [good[0].pk]
    assert effect.refused == {"Not approved": 1, "Not decided yet": 1, "Blocked, or no longer there": 1}
    assert effect.chosen == 4
    assert "1 of 4 images go into one ZIP file" in answer.content.decode()


def test_the_archive_holds_the_originals_and_a_table_of_them(cast: Cast, operator: Client) -> None:
    found = approved(cast, 2)
    product = found[0].request.revisions.get().product
    product.title = "=1+1"
    product.save()
    answer = operator.post("/gallery/download/images.zip", handles(*found))
    assert answer["Cache-Control"] == "private, no-store"
    archive = ZipFile(io.BytesIO(body(answer)))
    assert archive.testzip() is None
    for candidate in found:
        assert candidate.composed is not None
        with default_storage.open(candidate.composed.name) as stored:
            assert archive.read(f"request-{candidate.request_id}-{candidate.position + 1}.webp") == stored.read()
    rows = list(csv.DictReader(io.StringIO(archive.read("images.csv").decode())))
    assert {row["included"] for row in rows} == {"yes"}
    assert rows[0]["product"] == "'=1+1"
    assert {row["sha256"] for row in rows} == {c.composed.sha256 for c in found if c.composed}


def test_a_file_that_is_gone_is_told_in_the_table(cast: Cast, operator: Client) -> None:
    here, gone = approved(cast, 2)
    assert gone.composed is not None
    default_storage.delete(gone.composed.name)
    archive = ZipFile(io.BytesIO(body(operator.post("/gallery/download/images.zip", handles(here, gone)))))
    rows = list(csv.DictReader(io.StringIO(archive.read("images.csv").decode())))
    assert sorted(row["included"] for row in rows) == ["no", "yes"]
    assert len(archive.namelist()) == 2


def test_a_download_that_has_become_another_is_shown_again(cast: Cast, operator: Client) -> None:
    found = approved(cast)
    decisions.undo(cast.reviewer)
    answer = operator.post("/gallery/download/images.zip", handles(*found))
    assert answer.status_code == 409
    assert answer.context["effect"].images == []
    assert "Something has changed since this was shown" in answer.content.decode()


def test_asking_again_opens_one_request_for_each_that_the_images_come_from(cast: Cast, operator: Client) -> None:
    one = make_scored_request(cast.operator, [0.5, 0.4])
    better = make_revision(cast.operator, one.revisions.get().product)
    other = make_scored_request(cast.operator, [0.5])
    chosen = handles(*one.candidates.all(), other.candidates.get())
    before = GenerationRequest.objects.count()
    answer = operator.post("/gallery/ask-again/", chosen)
    assert "2 requests are opened, for 3 of 3 images" in answer.content.decode()
    assert GenerationRequest.objects.count() == before  # looking does nothing
    assert operator.post("/gallery/ask-again/confirmed/", chosen).status_code == 302
    opened = GenerationRequest.objects.filter(pk__gt=other.pk).order_by("pk")
    assert {request.revisions.get() for request in opened} == {better, other.revisions.get()}
    assert [(request.prompt, request.steps) for request in opened] == [(one.prompt, one.steps)] * 2
    operator.post("/gallery/ask-again/confirmed/", chosen)  # the button pressed twice
    assert GenerationRequest.objects.count() == before + 2


def test_what_cannot_be_asked_again_is_told_and_then_nothing_is_done(cast: Cast, operator: Client) -> None:
    good, reported, unmasked = (make_scored_request(cast.operator, [0.5]) for _ in range(3))
    report_mask(reported, cast.reviewer)
    make_revision(cast.operator, unmasked.revisions.get().product, has_mask=False)
    elsewhere = make_adopted_request(cast.operator)
    elsewhere.candidates.update(state="scored")
    requests = (good, reported, unmasked, elsewhere)
    chosen = [candidate for request in requests for candidate in request.candidates.all()]
    effect = operator.post("/gallery/ask-again/", handles(*chosen)).context["effect"]
    assert effect.requests == [good]
    assert sorted(effect.refused.values()) == [1, 1, 2]
    before = GenerationRequest.objects.count()
    assert operator.post("/gallery/ask-again/confirmed/", handles(*chosen)).status_code == 409
    assert GenerationRequest.objects.count() == before


def test_no_more_at_once_than_is_good(cast: Cast, operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST_REQUESTS", 1)
    monkeypatch.setattr(bulk, "MOST_IMAGES", 3)
    requests = [make_scored_request(cast.operator, [0.5, 0.4]) for _ in range(2)]
    chosen = [candidate.handle for request in requests for candidate in request.candidates.all()]
    effect = bulk.effect_of_asking_again(cast.team, chosen)
    assert len(effect.requests) == 1
    assert effect.chosen == 4
    assert set(effect.refused) == {"More than 1 requests at once", "More than 3 images at once"}


def test_all_that_the_filter_selects(cast: Cast, operator: Client) -> None:
    found = approved(cast, 2)
    make_scored_request(cast.operator, [0.5])
    answer = operator.post("/gallery/download/?outcome=approved", {"everything": "1"})
    assert {candidate.pk for candidate in answer.context["effect"].images} == {c.pk for c in found}
    assert not answer.context["effect"].refused


def test_nothing_chosen_is_said(operator: Client) -> None:
    assert "No image was chosen" in operator.post("/gallery/ask-again/", {"handle": "x"}).content.decode()
