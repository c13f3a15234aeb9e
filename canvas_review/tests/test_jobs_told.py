"""How a job ended is told whoever asked for it; datasets and models are told other programs."""

import pytest

from accounts.models import User
from accounts.tests.factories import Cast
from delivery.models import Notice, WebhookMessage
from delivery.services import endpoints
from generation.services.attempts import TRAINING, begin_attempt, close_attempt
from generation.services.releases import activate_version
from generation.services.training import queue_training
from generation.tests.factories import make_version
from reviews.services import exports
from reviews.services.announcements import announce_snapshot
from reviews.services.exports import RENDERING
from reviews.tests.factories import make_snapshot

pytestmark = pytest.mark.django_db
EVENTS = ["snapshot.ready", "version.activated"]


def kinds(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def test_whoever_asked_for_a_job_hears_how_it_ended(cast: Cast) -> None:
    export = exports.request_export(make_snapshot(cast.ml_engineer), "pickapic-parquet/1", cast.ml_engineer)
    begin_attempt(export, RENDERING).finish("ready", files=[])
    run = queue_training(
        cast.ml_engineer, snapshot=export.snapshot, trainer="efficientnet-head", variant="background_enhancement"
    )
    attempt = begin_attempt(run, TRAINING)
    close_attempt(run, TRAINING, attempt.token, reason="No.", final=True)
    assert kinds(cast.ml_engineer) == ["export.finished", "training.failed"]
    assert Notice.objects.earliest("pk").path == f"/datasets/{export.snapshot_id}/"


def test_a_slice_that_is_not_the_last_tells_nothing(cast: Cast) -> None:
    run = queue_training(
        cast.ml_engineer, snapshot=make_snapshot(cast.ml_engineer), trainer="efficientnet-head",
        variant="background_enhancement",
    )  # fmt: skip
    begin_attempt(run, TRAINING).finish("queued")
    assert kinds(cast.ml_engineer) == []


def test_a_dataset_is_told_to_its_team_and_a_version_to_every_team(cast: Cast) -> None:
    endpoints.create_endpoint(cast.team, cast.admin, url="https://example.com/", topics=EVENTS)
    assert cast.stranger.team is not None
    endpoints.create_endpoint(cast.stranger.team, cast.stranger, url="https://example.org/", topics=EVENTS)
    announce_snapshot(make_snapshot(cast.ml_engineer))
    version = make_version("reward")
    activate_version(version, cast.admin)
    hosts = WebhookMessage.objects.order_by("pk").values_list("event", "endpoint__url")
    assert list(hosts) == [
        ("snapshot.ready", "https://example.com/"),
        ("version.activated", "https://example.com/"),
        ("version.activated", "https://example.org/"),
    ]
