"""Painting: all candidates at once, once, and only by the attempt that still holds the request."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tests.factories import Cast
from delivery.models import OutboxMessage
from generation.contracts import EngineError, GenerationJob, Generator, Sample, StepReport
from generation.models import Candidate, GenerationRequest, ModelVersion, Picture
from generation.services.attempts import PRODUCING, begin_attempt
from generation.services.derivatives import load_image
from generation.services.production import make_job, produce_candidates
from generation.services.requests import cancel_request, retry_request
from generation.services.sweeping import restart_silent_work
from generation.tests.painting import Painter, open_stored_request


class Broken:
    def __init__(self, *, permanent: bool) -> None:
        self.permanent = permanent

    def generate(self, job: GenerationJob, on_step: StepReport) -> list[Sample]:
        raise EngineError("The weights are damaged.", permanent=self.permanent)

    def load(self, version: ModelVersion) -> Generator:
        return self


def waiting() -> list[str]:
    return list(OutboxMessage.objects.order_by("pk").values_list("topic", flat=True))


def test_candidates_appear_with_their_recipe_and_the_next_stage(cast: Cast) -> None:
    request = open_stored_request(cast.operator)
    painter = Painter()
    assert produce_candidates(request, painter.load) is True
    request.refresh_from_db()
    assert (request.state, request.attempts, request.attempt_token) == ("screening", 0, None)
    candidates = list(request.candidates.all())
    assert [candidate.position for candidate in candidates] == [0, 1, 2]
    assert [candidate.recipe["seed"] for candidate in candidates] == [7, 8, 9]
    assert {candidate.generator_version_id for candidate in candidates} == {request.generator_version_id}
    assert load_image(candidates[0].raw).shape == (96, 128, 3)
    assert waiting() == ["request.opened", "request.generated"]


def test_the_job_has_the_full_photo_and_a_seed_for_each(cast: Cast) -> None:
    job = make_job(open_stored_request(cast.operator))
    assert job.source.shape == (192, 256, 3)
    assert job.mask.shape == (192, 256)
    assert (job.seeds, job.steps, job.prompt) == ((7, 8, 9), 2, "a bottle on a wooden table")


def test_a_second_delivery_changes_nothing(cast: Cast) -> None:
    request = open_stored_request(cast.operator)
    painter = Painter()
    produce_candidates(request, painter.load)
    assert produce_candidates(GenerationRequest.objects.get(), painter.load) is False
    assert painter.painted == 1
    assert Candidate.objects.count() == 3
    assert waiting() == ["request.opened", "request.generated"]


def test_a_message_beside_a_live_attempt_exits_quietly(cast: Cast) -> None:
    request = open_stored_request(cast.operator)
    begin_attempt(request, PRODUCING)
    painter = Painter()
    assert produce_candidates(GenerationRequest.objects.get(), painter.load) is False
    assert painter.painted == 0
    assert GenerationRequest.objects.get().attempts == 1


def test_a_late_attempt_leaves_no_row(cast: Cast) -> None:
    """It falls silent, the sweep gives its request to another worker, and then it wakes up and goes on painting."""
    request = open_stored_request(cast.operator)
    faster = Painter()

    def fall_silent(step: int) -> None:
        if step == 2:
            GenerationRequest.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=61))
            restart_silent_work(frozenset())
            assert produce_candidates(GenerationRequest.objects.get(), faster.load) is True

    late = Painter(scenes={7: Painter()._paint(99)}, during=fall_silent)
    assert produce_candidates(request, late.load) is False
    assert (late.painted, faster.painted) == (1, 1)
    assert Candidate.objects.count() == 3
    assert Candidate.objects.get(position=0).raw.sha256 in set(Picture.objects.values_list("sha256", flat=True))
    assert (load_image(Candidate.objects.get(position=0).raw) == faster._paint(7)).all()
    assert waiting() == ["request.opened", "request.opened", "request.generated"]


def test_a_cancelled_request_gets_no_candidates(cast: Cast) -> None:
    request = open_stored_request(cast.operator)
    painter = Painter(during=lambda step: cancel_request(GenerationRequest.objects.get()) if step == 1 else None)
    assert produce_candidates(request, painter.load) is False
    request.refresh_from_db()
    assert request.state == "cancelled"
    assert not Candidate.objects.exists()


@pytest.mark.parametrize(("permanent", "state"), [(True, "failed"), (False, "generating")])
def test_an_engine_says_whether_trying_again_helps(cast: Cast, permanent: bool, state: str) -> None:
    request = open_stored_request(cast.operator)
    assert produce_candidates(request, Broken(permanent=permanent).load) is False
    request.refresh_from_db()
    assert (request.state, request.attempt_token) == (state, None)
    assert request.failure == ("The weights are damaged." if permanent else "")


def test_without_an_active_generator_it_fails_with_advice(cast: Cast) -> None:
    request = open_stored_request(cast.operator)
    ModelVersion.objects.filter(kind="generator").update(state="retired")
    produce_candidates(request, Painter().load)
    request.refresh_from_db()
    assert request.state == "failed"
    assert "Activate one" in request.failure


def test_asked_again_after_a_later_failure_it_keeps_what_was_painted(cast: Cast) -> None:
    request = open_stored_request(cast.operator)
    painter = Painter()
    produce_candidates(request, painter.load)
    GenerationRequest.objects.update(state="failed")
    request.refresh_from_db()
    retry_request(request)
    assert produce_candidates(request, painter.load) is True
    request.refresh_from_db()
    assert (request.state, painter.painted, request.candidates.count()) == ("screening", 1, 3)
    assert waiting()[-1] == "request.generated"
