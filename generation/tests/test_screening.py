"""Screening with the real guards: what is honest passes, what is not is stopped with its reasons."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.tests.factories import Cast
from delivery.models import OutboxMessage
from generation.contracts import EngineError, Guard, GuardSubject
from generation.engines.loading import load_guard
from generation.models import Candidate, Finding, GenerationRequest
from generation.services.derivatives import load_image
from generation.services.production import produce_candidates
from generation.services.requests import retry_request
from generation.services.screening import judge, screen_candidates, to_signed, to_unsigned
from generation.tests.painting import Painter, flat_scene, mask_of, open_stored_request
from generation.variants import VARIANTS

LIMITS = VARIANTS["background_enhancement"].limits


class Changed:
    """A guard that finds one changed byte, or nothing at all."""

    def __init__(self, measures: Mapping[str, float]) -> None:
        self.measures = measures

    def measure(self, subject: GuardSubject) -> Mapping[str, float]:
        return self.measures


def painted(cast: Cast, painter: Painter | None = None) -> GenerationRequest:
    request = open_stored_request(cast.operator)
    assert produce_candidates(request, (painter or Painter()).load)
    request.refresh_from_db()
    return request


def states(request: GenerationRequest) -> list[str]:
    return list(request.candidates.values_list("state", flat=True))


def test_honest_candidates_are_cleared_with_every_measure(cast: Cast) -> None:
    request = painted(cast)
    assert screen_candidates(request, load_guard) is True
    request.refresh_from_db()
    assert (request.state, states(request)) == ("scoring", ["cleared"] * 3)
    for candidate in request.candidates.all():
        measured = {finding.measure: finding for finding in candidate.findings.all()}
        assert set(measured) == {limit.measure for limit in LIMITS}
        assert measured["changed_bytes"].value == 0
        assert measured["seam_energy"].threshold == next(x.threshold for x in LIMITS if x.measure == "seam_energy")
        assert measured["seam_energy"].guard == "seam"
        assert candidate.perceptual_hash is not None
    assert OutboxMessage.objects.latest("pk").topic == "request.screened"


def test_the_stored_composite_has_the_products_own_bytes(cast: Cast) -> None:
    request = painted(cast)
    screen_candidates(request, load_guard)
    revision = request.revisions.get()
    source, mask = load_image(revision.photo), mask_of(revision)
    for candidate in request.candidates.all():
        assert candidate.composed is not None
        composed = load_image(candidate.composed)
        np.testing.assert_array_equal(composed[mask], source[mask])
        assert not np.array_equal(composed, source)


def test_a_repeated_scene_is_blocked_as_a_duplicate_with_a_proof(cast: Cast) -> None:
    request = painted(cast, Painter(scenes={9: Painter()._paint(7)}))
    screen_candidates(request, load_guard)
    assert states(request) == ["cleared", "cleared", "blocked"]
    broken = Finding.objects.filter(candidate__position=2, violated=True, blocking=True).get()
    assert (broken.measure, broken.value) == ("sibling_distance", 0.0)
    assert broken.proof is not None
    assert load_image(broken.proof).shape == (96, 128, 3)


def test_what_people_may_see_has_a_heat_map_and_what_is_blocked_has_none(cast: Cast) -> None:
    request = painted(cast, Painter(scenes={7: flat_scene()}))
    screen_candidates(request, load_guard)
    blocked, *cleared = request.candidates.order_by("position").select_related("heat_map")
    assert (blocked.state, blocked.heat_map) == ("blocked", None)
    for candidate in cleared:
        assert candidate.heat_map is not None
        assert load_image(candidate.heat_map).shape == (96, 128, 3)
        assert candidate.heat_map.full_name == candidate.heat_map.fit_name


def test_broken_limits_say_where_and_others_say_nothing(cast: Cast) -> None:
    request = painted(cast)
    screen_candidates(request, load_guard)
    reported = Finding.objects.filter(violated=True)
    assert set(reported.values_list("measure", flat=True)) == {"raw_de2000_mean", "raw_de2000_p99", "raw_ssim"}
    for finding in reported:
        assert finding.regions
        assert set(finding.regions[0]) == {"x", "y", "width", "height"}
    assert not Finding.objects.filter(violated=False).exclude(regions=[]).exists()


def test_siblings_are_compared_with_cleared_ones_only(cast: Cast) -> None:
    flat = flat_scene()
    request = painted(cast, Painter(scenes={7: flat, 8: flat}))
    screen_candidates(request, load_guard)
    assert states(request) == ["blocked", "blocked", "cleared"]
    assert Finding.objects.get(candidate__position=1, measure="sibling_distance").violated is False


def test_nothing_left_to_show_ends_the_request(cast: Cast) -> None:
    request = painted(cast, Painter(scenes=dict.fromkeys((7, 8, 9), flat_scene())))
    screen_candidates(request, load_guard)
    request.refresh_from_db()
    assert (request.state, states(request)) == ("all_blocked", ["blocked"] * 3)
    assert request.ended_at is not None
    assert not OutboxMessage.objects.filter(topic="request.screened").exists()


def test_a_second_delivery_judges_nothing_twice(cast: Cast) -> None:
    request = painted(cast)
    screen_candidates(request, load_guard)
    findings = Finding.objects.count()
    assert screen_candidates(GenerationRequest.objects.get(), load_guard) is False
    assert Finding.objects.count() == findings


def test_asked_again_after_a_later_failure_the_verdicts_stand(cast: Cast) -> None:
    request = painted(cast)
    screen_candidates(request, load_guard)
    hashes = list(Candidate.objects.values_list("perceptual_hash", flat=True))
    GenerationRequest.objects.update(state="failed")
    request.refresh_from_db()
    retry_request(request)
    produce_candidates(request, Painter().load)
    assert screen_candidates(request, load_guard) is True
    request.refresh_from_db()
    assert (request.state, states(request)) == ("scoring", ["cleared"] * 3)
    assert list(Candidate.objects.values_list("perceptual_hash", flat=True)) == hashes


def test_one_changed_byte_is_blocked(cast: Cast) -> None:
    request = painted(cast)

    def load(key: str) -> Guard:
        return Changed({"changed_bytes": 1.0}) if key == "paste-back" else load_guard(key)

    screen_candidates(request, load)
    assert states(request) == ["blocked"] * 3


def test_a_limit_that_nobody_measured_is_an_error_never_a_pass(cast: Cast) -> None:
    request = painted(cast)
    screen_candidates(request, lambda key: Changed({}) if key == "seam" else load_guard(key))
    request.refresh_from_db()
    assert (request.state, states(request)) == ("failed", ["generated"] * 3)
    assert "seam_energy" in request.failure


def test_a_value_that_is_no_number_breaks_its_limit() -> None:
    measures = {limit.measure: float("nan") for limit in LIMITS}
    findings = judge(LIMITS, dict.fromkeys(measures, "guard"), measures)
    assert all(finding.violated for finding in findings)
    with pytest.raises(EngineError):
        judge(LIMITS, {}, {})


@given(st.integers(0, 2**64 - 1))
def test_hashes_fit_a_bigint_and_come_back(value: int) -> None:
    assert -(2**63) <= to_signed(value) < 2**63
    assert to_unsigned(to_signed(value)) == value
