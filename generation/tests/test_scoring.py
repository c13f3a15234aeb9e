"""Scoring: the cleared ones are ranked, and the request is ready exactly then."""

from accounts.tests.factories import Cast
from delivery.models import OutboxMessage
from generation.engines.loading import load_guard
from generation.models import GenerationRequest, ModelVersion, Score
from generation.services.production import produce_candidates
from generation.services.scoring import score_candidates
from generation.services.screening import screen_candidates
from generation.tests.painting import Judge, Painter, flat_scene, open_stored_request


def screened(cast: Cast, painter: Painter | None = None) -> GenerationRequest:
    request = open_stored_request(cast.operator)
    produce_candidates(request, (painter or Painter()).load)
    screen_candidates(request, load_guard)
    request.refresh_from_db()
    assert request.state == "scoring"
    return request


def ranks() -> list[tuple[int, float, int]]:
    return list(Score.objects.order_by("rank").values_list("candidate__position", "value", "rank"))


def test_candidates_are_ranked_and_the_request_is_ready(cast: Cast) -> None:
    request = screened(cast)
    assert score_candidates(request, Judge([0.2, 0.9, 0.5]).load) is True
    assert ranks() == [(1, 0.9, 1), (2, 0.5, 2), (0, 0.2, 3)]
    request.refresh_from_db()
    assert (request.state, request.attempt_token) == ("ready", None)
    assert request.ended_at is not None
    assert request.reward_version == ModelVersion.objects.get(kind="reward")
    assert set(request.candidates.values_list("state", flat=True)) == {"scored"}
    assert OutboxMessage.objects.latest("pk").topic == "request.scored"


def test_equal_scores_rank_in_the_order_of_painting(cast: Cast) -> None:
    score_candidates(screened(cast), Judge([0.5, 0.5, 0.7]).load)
    assert [position for position, _value, _rank in ranks()] == [2, 0, 1]


def test_a_blocked_candidate_is_never_scored(cast: Cast) -> None:
    request = screened(cast, Painter(scenes={8: flat_scene()}))
    judge = Judge([0.1, 0.3])
    score_candidates(request, judge.load)
    assert [position for position, _value, _rank in ranks()] == [2, 0]
    assert list(request.candidates.values_list("state", flat=True)) == ["scored", "blocked", "scored"]


def test_the_model_sees_source_candidate_prompt_and_measures(cast: Cast) -> None:
    judge = Judge([0.1, 0.2, 0.3])
    score_candidates(screened(cast), judge.load)
    subject = judge.seen[0]
    assert subject.source.shape == subject.candidate.shape == (192, 256, 3)
    assert subject.mask.shape == (192, 256)
    assert subject.prompt == "a bottle on a wooden table"
    assert subject.measures["changed_bytes"] == 0


def test_a_second_delivery_scores_nothing_twice(cast: Cast) -> None:
    request = screened(cast)
    score_candidates(request, Judge([0.2, 0.9, 0.5]).load)
    assert score_candidates(GenerationRequest.objects.get(), Judge([0.9, 0.9, 0.9]).load) is False
    assert Score.objects.count() == 3


def test_a_missing_score_fails_the_request(cast: Cast) -> None:
    request = screened(cast)
    score_candidates(request, Judge([0.2]).load)
    request.refresh_from_db()
    assert request.state == "failed"
    assert not Score.objects.exists()


def test_without_an_active_reward_model_it_fails_with_advice(cast: Cast) -> None:
    request = screened(cast)
    ModelVersion.objects.filter(kind="reward").update(state="retired")
    score_candidates(request, Judge([0.2, 0.9, 0.5]).load)
    request.refresh_from_db()
    assert request.state == "failed"
    assert "reward model" in request.failure
