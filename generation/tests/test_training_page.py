"""The page that starts trainings: only on the team's own datasets, with a trainer that there is, for one variant."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Team, User
from accounts.tests.factories import Cast
from generation.models import DatasetSnapshot, TrainingRun
from generation.variants import DEFAULT_VARIANT, VARIANTS

ADDRESS = "/training/new/"


def make_snapshot(team: Team, user: User) -> DatasetSnapshot:
    return DatasetSnapshot.objects.create(
        team=team, name="kitchen", version=1, sha256="0" * 64, files={}, counts={}, created_by=user
    )


@pytest.fixture
def engineer(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ml_engineer)
    return client


def test_a_training_is_for_the_first_variant_unless_one_is_named(cast: Cast, engineer: Client) -> None:
    snapshot = make_snapshot(cast.team, cast.admin)
    for sent in ({}, {"variant": DEFAULT_VARIANT}):
        answer = engineer.post(ADDRESS, {"snapshot": snapshot.pk, "trainer": "efficientnet-head", **sent})
        run = TrainingRun.objects.latest("pk")
        assert answer["Location"] == f"/training/{run.pk}/"
        assert (run.variant, run.team, run.created_by) == (DEFAULT_VARIANT, cast.team, cast.ml_engineer)


@pytest.mark.parametrize("odd", [{"trainer": "witch"}, {"variant": "nothing"}])
def test_what_is_not_offered_starts_nothing(cast: Cast, engineer: Client, odd: dict[str, Any]) -> None:
    sent = {"snapshot": make_snapshot(cast.team, cast.admin).pk, "trainer": "efficientnet-head"} | odd
    assert engineer.post(ADDRESS, sent)["Location"] == "/models/"
    assert not TrainingRun.objects.exists()


def test_another_teams_dataset_is_neither_offered_nor_taken(cast: Cast, engineer: Client) -> None:
    theirs = make_snapshot(cast.stranger.team, cast.stranger)  # type: ignore[arg-type]
    assert "kitchen@1" not in engineer.get("/models/").content.decode()
    for odd in (theirs.pk, "\0", "9" * 5000, ""):
        assert engineer.post(ADDRESS, {"snapshot": odd, "trainer": "efficientnet-head"}).status_code == 404
    assert not TrainingRun.objects.exists()


def test_the_page_offers_what_the_form_takes(cast: Cast, engineer: Client) -> None:
    snapshot = make_snapshot(cast.team, cast.admin)
    page = engineer.get("/models/").content.decode()
    assert f'<option value="{snapshot.pk}">kitchen@1</option>' in page
    assert '<option value="efficientnet-head">' in page
    assert all(f'<option value="{variant}">' in page for variant in VARIANTS)
