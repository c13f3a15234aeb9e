"""The line with the shipped models themselves: painted, composed, guarded, scored, and made again to the last bit."""

from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command

from accounts.tests.factories import Cast
from generation.engines.loading import load_guard
from generation.models import Candidate, Score
from generation.services import releases
from generation.services.derivatives import load_image, load_source
from generation.services.production import produce_candidates
from generation.services.requests import open_request
from generation.services.scoring import score_candidates
from generation.services.screening import screen_candidates
from generation.tasks.production import ready_generator, ready_reward_model
from generation.tests.painting import make_product
from generation.variants import VARIANTS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_shipped_models_serve_a_request(cast: Cast, variant: str) -> None:
    releases.ensure_shipped_versions()
    revision = make_product(cast.operator).revisions.get()
    request = open_request(
        cast.team, cast.operator, revisions=[revision], variant=variant, candidate_count=2,
        prompt="a bottle on a wooden table, teal wall, soft light", seed=5, steps=4,
    )  # fmt: skip
    assert produce_candidates(request, ready_generator) is True
    request.refresh_from_db()
    assert request.generator_version is not None
    assert request.generator_version.is_demonstration
    assert screen_candidates(request, load_guard) is True
    request.refresh_from_db()
    source, mask = load_source(request)
    candidates = list(Candidate.objects.select_related("composed", "raw"))
    assert [candidate.recipe["seed"] for candidate in candidates] == [5, 6]
    assert candidates[0].raw != candidates[1].raw
    for candidate in candidates:
        assert candidate.composed is not None
        np.testing.assert_array_equal(load_image(candidate.composed)[mask], source[mask])
    request.refresh_from_db()
    assert score_candidates(request, ready_reward_model) is True
    request.refresh_from_db()
    assert request.state == "ready"
    scores = list(Score.objects.order_by("rank").values_list("value", flat=True))
    assert len(scores) == request.candidates.cleared().count() > 0
    assert all(0 <= score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)
    said = StringIO()
    call_command("make_again", str(candidates[1].pk), stdout=said, skip_checks=True)
    assert "The pixels are equal." in said.getvalue()
