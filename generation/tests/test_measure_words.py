"""How measures, limits and their reasons are put into words, on the page of a request and in the API."""

import math

import pytest
from django.test import Client

from accounts.tests.factories import Cast
from generation.models import Finding
from generation.services.dry_runs import Distribution
from generation.templatetags.generation_measures import figure, histogram, limit_words, place_in_chart
from generation.tests.factories import make_request
from generation.tests.test_dry_runs import candidate
from generation.variants import VARIANTS

LIMITS = {limit.measure: limit for limit in VARIANTS["background_enhancement"].limits}


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0, "0"), (0.0005, "0.0005"), (4.2, "4.2"), (13.5, "13.5"), (64.0, "64"), (0.12649, "0.126"), (-2.5, "-2.5"),
     (99.96, "100"), (250.4, "250"), (math.nan, "–"), (math.inf, "–"), (None, "–")],
)  # fmt: skip
def test_a_figure_has_three_digits_that_mean_something(value: float | None, words: str) -> None:
    assert figure(value) == words


def test_a_limit_says_on_which_side_it_lies() -> None:
    assert limit_words(LIMITS["seam_energy"]) == "at most 4.2"
    assert limit_words(LIMITS["scene_deviation"]) == "at least 4"


def test_the_chart_shows_even_one_candidate_and_never_leaves_its_frame() -> None:
    shape = Distribution([0.0, 9.0], [(0.0, 5.0, 500), (5.0, 10.0, 1)])
    assert [(bar.x, bar.height) for bar in histogram(shape)] == [("0.0", "96.0"), ("240.0", "2.0")]
    assert [place_in_chart(shape, value) for value in (-3, 5, 99)] == ["0.0", "240.0", "480.0"]
    assert histogram(Distribution((), ())) == []


def test_a_broken_finding_says_why_there_is_a_limit(cast: Cast, client: Client) -> None:
    request = make_request(cast.operator, state="ready")
    row = candidate(request, scene_deviation=20.0)
    Finding.objects.create(
        candidate=row, guard="text", measure="new_text_area", value=0.02, threshold=0.0005, violated=True, blocking=True
    )
    Finding.objects.create(candidate=row, guard="gone", measure="gone", value=1.0)
    client.force_login(cast.operator)
    page = client.get(f"/requests/{request.pk}/").content.decode()
    assert LIMITS["new_text_area"].reason in page
    assert LIMITS["scene_deviation"].reason not in page  # it was not broken
    found = client.get(f"/api/v1/requests/{request.pk}/").json()["candidates"][0]["findings"]
    reasons = {finding["measure"]: finding["reason"] for finding in found}
    assert reasons["new_text_area"] == LIMITS["new_text_area"].reason
    assert reasons["gone"] == ""
