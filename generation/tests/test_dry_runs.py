"""A dry run says what screening then really does."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import Cast
from generation.engines.loading import load_guard
from generation.models import Candidate, Finding, GenerationRequest
from generation.services import dry_runs
from generation.services.dry_runs import DryRun, Share, distribution, dry_run
from generation.services.limits import change_limit, limit_in_force, limits_in_force
from generation.services.production import produce_candidates
from generation.services.screening import screen_candidates
from generation.tests.factories import make_picture, make_request, make_version
from generation.tests.painting import Painter, make_product, open_stored_request
from generation.variants import VARIANTS, Limit

VARIANT = VARIANTS["background_enhancement"]
OWN = {limit.measure: limit for limit in VARIANT.limits}


def screened(user: User, seed: int) -> GenerationRequest:
    request = open_stored_request(user, make_product(user, title=f"Bottle {seed}"))
    GenerationRequest.objects.filter(pk=request.pk).update(seed=seed)
    request.refresh_from_db()
    assert produce_candidates(request, Painter().load)
    request.refresh_from_db()
    assert screen_candidates(request, load_guard)
    return request


def candidate(request: GenerationRequest, **measures: float) -> Candidate:
    """A judged candidate with these findings, held against nothing: a dry run looks at values alone."""
    version = make_version("generator")
    row = Candidate.objects.create(
        request=request, position=request.candidates.count(), state="cleared", raw=make_picture(request.team),
        composed=make_picture(request.team), generator_version=version,
    )  # fmt: skip
    Finding.objects.bulk_create(
        Finding(candidate=row, guard="g", measure=measure, value=value) for measure, value in measures.items()
    )
    return row


def run(cast: Cast, wanted: Limit) -> DryRun:
    return dry_run(cast.team, VARIANT, limits_in_force(cast.team, VARIANT), wanted)


def test_it_foretells_what_screening_does_once_it_is_in_force(cast: Cast) -> None:
    for seed in (7, 107):
        screened(cast.operator, seed)
    values = sorted(Finding.objects.filter(measure="fringe_contrast").values_list("value", flat=True))
    wanted = replace(OWN["fringe_contrast"], threshold=(values[2] + values[3]) / 2)
    foretold = run(cast, wanted)
    assert (foretold.newly_blocked.count, foretold.newly_blocked.n, foretold.newly_passed.count) == (3, 6, 0)
    foreseen = {(c.request.seed, c.position) for c in foretold.blocked_candidates}

    change_limit(
        cast.team, cast.admin, VARIANT, "fringe_contrast", threshold=wanted.threshold, blocks=True, reason="Sharper."
    )
    again = [screened(cast.operator, seed) for seed in (7, 107)]
    blocked = Candidate.objects.filter(request__in=again, state="blocked").select_related("request")
    assert {(c.request.seed, c.position) for c in blocked} == foreseen
    finding = Finding.objects.filter(candidate__in=blocked, measure="fringe_contrast")
    assert set(finding.values_list("threshold", "violated", "blocking")) == {(wanted.threshold, True, True)}
    assert not Finding.objects.exclude(candidate__request__in=again).filter(threshold=wanted.threshold).exists()


def test_the_team_next_door_is_judged_by_its_own_limits(cast: Cast) -> None:
    change_limit(cast.team, cast.admin, VARIANT, "fringe_contrast", threshold=0.0, blocks=True, reason="All.")
    assert {c.state for c in screened(cast.operator, 7).candidates.all()} == {"blocked"}
    assert {c.state for c in screened(cast.stranger, 7).candidates.all()} == {"cleared"}


def test_loosening_lets_through_only_what_nothing_else_stops(cast: Cast) -> None:
    request = make_request(cast.operator)
    seam = candidate(request, seam_energy=6.0, scene_deviation=20.0)
    candidate(request, seam_energy=6.0, scene_deviation=1.0)
    candidate(request, seam_energy=1.0, scene_deviation=20.0)
    result = run(cast, replace(OWN["seam_energy"], threshold=8.0))
    assert [c.pk for c in result.passed_candidates] == [seam.pk]
    assert (result.blocked_now.count, result.blocked_then.count, result.newly_passed.n) == (2, 1, 3)
    reported = run(cast, replace(OWN["seam_energy"], blocks=False))
    assert [c.pk for c in reported.passed_candidates] == [seam.pk]


@given(
    value=st.one_of(st.floats(0, 10), st.sampled_from([math.nan, math.inf, -math.inf, 5.0])),
    threshold=st.sampled_from([0.0, 5.0, 7.5]),
    measure=st.sampled_from(["seam_energy", "scene_deviation"]),
)
def test_a_limit_breaks_in_the_database_as_it_does_in_screening(value: float, threshold: float, measure: str) -> None:
    limit = replace(OWN[measure], threshold=threshold)
    broken = dry_runs._is_broken(limit)
    conditions = {
        "value__gt": value > threshold or math.isnan(value),  # as PostgreSQL orders NaN
        "value__lt": value < threshold,
        "value": math.isnan(value),
    }
    assert any(conditions[name] for name, _against in broken.children) == limit.is_broken_by(value)  # type: ignore[misc]


def test_a_value_that_is_no_number_counts_as_broken_in_the_database(cast: Cast) -> None:
    request = make_request(cast.operator)
    for measure in ("seam_energy", "scene_deviation"):
        candidate(request, **{measure: math.nan})
        assert run(cast, replace(OWN[measure], threshold=OWN[measure].threshold + 0.1)).blocked_then.count == 1


def test_only_the_newest_candidates_of_the_team_in_which_it_was_measured_count(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dry_runs, "SAMPLE", 3)
    request = make_request(cast.operator)
    for value in (9.0, 9.0, 1.0, 2.0, 3.0):
        candidate(request, seam_energy=value)
    candidate(request, scene_deviation=20.0)
    candidate(make_request(cast.stranger), seam_energy=9.0)
    waiting = candidate(request, seam_energy=9.0)
    Candidate.objects.filter(pk=waiting.pk).update(state="generated")
    result = run(cast, replace(OWN["seam_energy"], threshold=1.5))
    assert (result.newly_blocked.count, result.newly_blocked.n, result.blocked_now.count) == (2, 3, 0)
    assert distribution(cast.team, VARIANT, OWN["seam_energy"]).values == [1.0, 2.0, 3.0]


def test_however_many_candidates_there_are_the_queries_are_few(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = make_request(cast.operator)
    for _ in range(15):
        candidate(request, seam_energy=3.0)
    entries = limits_in_force(cast.team, VARIANT)
    with django_assert_num_queries(2):
        result = dry_run(cast.team, VARIANT, entries, replace(OWN["seam_energy"], threshold=2.0))
        assert all(c.composed and c.request.pk for c in result.blocked_candidates)
    assert (len(result.blocked_candidates), result.newly_blocked.count) == (12, 15)
    with django_assert_num_queries(1):
        distribution(cast.team, VARIANT, OWN["seam_energy"])


def test_nothing_measured_yet_is_no_rate_at_all(cast: Cast) -> None:
    result = run(cast, replace(OWN["seam_energy"], threshold=2.0))
    assert (result.newly_blocked.n, result.newly_blocked.low, result.newly_blocked.high) == (0, 0.0, 1.0)
    shape = distribution(cast.team, VARIANT, limit_in_force(cast.team, VARIANT, "seam_energy").limit)
    assert (list(shape.bars), shape.quantile(0.5)) == ([], None)


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_the_interval_holds_the_rate_and_stays_a_share(count: int, n: int) -> None:
    share = Share(min(count, n), n)
    assert 0 <= share.low <= share.rate <= share.high <= 1
    assert share.low < share.high


def test_the_interval_is_wilsons() -> None:
    # 10 of 100: 0.0552 to 0.1744, as R's prop.test without its correction gives.
    share = Share(10, 100)
    assert share.low == pytest.approx(0.05522, abs=1e-4)
    assert share.high == pytest.approx(0.17437, abs=1e-4)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=40), st.floats(0, 100))
def test_every_value_is_in_one_bar(values: list[float], threshold: float) -> None:
    bars = dry_runs._bars(sorted(values), threshold)
    assert sum(count for _low, _high, count in bars) == len(values)
    assert bars[0][0] <= min(values)
    assert bars[-1][1] == pytest.approx(max(*values, threshold), abs=1.1)
