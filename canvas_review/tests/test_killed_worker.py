"""A worker that dies in the middle of a request: the request still ends READY, soon, with no candidate doubled."""

from pathlib import Path

import pytest

from accounts.tests.factories import Cast
from canvas_review.tests.processes import running, wait_until
from generation.models import Candidate, GenerationRequest
from generation.services.releases import ensure_shipped_versions
from generation.services.requests import open_request
from generation.tests.painting import make_product

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

PROMISED_SECONDS = 90
MANY_STEPS = 40  # enough to be hit in the middle


@pytest.fixture
def cast_for_processes(transactional_db: None) -> Cast:
    from accounts.tests.factories import make_cast

    return make_cast()


def _open(cast: Cast) -> GenerationRequest:
    revision = make_product(cast.operator).revisions.get()
    return open_request(
        cast.team, cast.operator, revisions=[revision], variant="background_enhancement",
        prompt="a bottle on a wooden table, white wall", candidate_count=4, seed=1, steps=MANY_STEPS,
    )  # fmt: skip


def _reload(request: GenerationRequest) -> GenerationRequest:
    return GenerationRequest.objects.get(pk=request.pk)


def test_a_request_survives_the_death_of_its_worker(cast_for_processes: Cast, own_files: Path) -> None:
    ensure_shipped_versions()
    with running("gpu", "cpu", "relay", "beat", data_dir=own_files) as programs:
        request = _open(cast_for_processes)
        wait_until(lambda: 5 <= _reload(request).steps_done < MANY_STEPS, 120, "the worker is in the middle of it")
        assert _reload(request).state == "generating"
        programs["gpu"].kill()
        programs["gpu"].start()
        wait_until(lambda: _reload(request).has_ended, PROMISED_SECONDS, "the request has ended")
    ended = _reload(request)
    assert ended.state == "ready", ended.failure
    assert ended.attempts <= 3
    positions = Candidate.objects.filter(request=request).order_by("position").values_list("position", flat=True)
    assert list(positions) == [0, 1, 2, 3]
    assert len({candidate.raw.sha256 for candidate in Candidate.objects.filter(request=request)}) == 4
