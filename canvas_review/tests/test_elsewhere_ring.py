"""Candidates made elsewhere go the whole way: real guards, the shipped reward model, the desk, a dataset, an export."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet

from accounts.tests.factories import Cast
from canvas_review.celery import app
from generation.models import GenerationRequest, ModelVersion
from generation.services import releases
from generation.services.derivatives import load_image
from generation.tests.adopting import MODEL, adopt, sent_scenes
from generation.tests.api_calls import api
from generation.tests.painting import mask_of
from reviews.exports.pickapic_parquet import PickapicParquet
from reviews.models import ReviewItem
from reviews.services.enqueueing import enqueue_request
from reviews.services.exports import render_folder
from reviews.services.snapshots import freeze_snapshot, open_snapshot
from reviews.services.verdicts import VerdictInput
from reviews.tests.factories import claimed, decide, make_queue
from reviews.tests.test_desk_api import Desk

pytestmark = pytest.mark.django_db(transaction=True)


def ready(cast: Cast) -> tuple[GenerationRequest, ReviewItem]:
    """An adopted request that guards and reward model let through to the desk."""
    make_queue(cast.team, top_ranks=3, score_floor=0.0)
    releases.ensure_shipped_versions()
    request, _ = adopt(cast.operator, images=sent_scenes(3))
    app.loader.import_default_modules()
    app.tasks["generation.screen"](request.pk)
    request.refresh_from_db()
    assert request.state == "scoring", list(
        request.candidates.values_list("findings__measure", "findings__value", "findings__violated")
    )
    app.tasks["generation.score"](request.pk)
    request.refresh_from_db()
    item = enqueue_request(request)
    assert item is not None
    return request, item


def test_from_files_to_an_approved_picture_a_dataset_and_an_export(cast: Cast, tmp_path: Path) -> None:
    request, item = ready(cast)
    assert (request.state, item.item_candidates.count()) == ("ready", 3)
    revision = request.revisions.get()
    source, mask = load_image(revision.photo), mask_of(revision)
    for candidate in request.candidates.select_related("composed"):
        assert candidate.composed is not None
        np.testing.assert_array_equal(load_image(candidate.composed)[mask], source[mask])
    slot = claimed(cast.reviewer)
    shown = list(item.candidates.order_by("position"))
    verdicts = [
        VerdictInput(one.handle, approved=one == shown[0], codes=() if one == shown[0] else ("seam",)) for one in shown
    ]
    decide(cast.reviewer, slot, verdicts, best=shown[0].handle)
    answer = api(cast.operator).get(f"/approved/{shown[0].handle}")
    assert answer.status_code == 200
    assert shown[0].composed is not None
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == shown[0].composed.sha256  # type: ignore[attr-defined]
    snapshot = freeze_snapshot(cast.team, cast.ml_engineer, name="bottles")
    rows = list(open_snapshot(snapshot).candidates())
    assert {(row.generator_version, row.generator_sha256, row.made_elsewhere) for row in rows} == {(MODEL, None, True)}
    (tmp_path / "export").mkdir()
    render_folder(snapshot, PickapicParquet(), tmp_path / "export", lambda done, total: None)
    table = parquet.read_table(next((tmp_path / "export").rglob("*.parquet"))).to_pylist()
    assert {row["model_0"] for row in table} == {f"{MODEL} (made elsewhere)"}


def test_no_byte_of_the_desk_tells_where_they_were_made(cast: Cast) -> None:
    request, _item = ready(cast)
    desk = Desk(cast)
    page, claim = desk.client.get("/review/"), desk.post("claim/")
    told = page.content.decode() + claim.content.decode()
    assert claim.json()["item"]["prompt"] == request.prompt
    for secret in (MODEL, "elsewhere", "external", "sent_", request.origin_sha256):
        assert secret not in told
    assert ModelVersion.objects.filter(kind="external").count() == 1
