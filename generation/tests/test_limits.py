"""The limits in force: a variant's own, overlaid by the newest change of the team's admins, and nothing else."""

import math
from dataclasses import replace

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import Team
from accounts.tests.factories import Cast
from generation.models import LimitChange
from generation.services import limits
from generation.services.limits import LimitRefused, change_limit, limit_in_force, limits_in_force, reset_limit
from generation.variants import VARIANTS, Limit

VARIANT = VARIANTS["background_enhancement"]
OWN = {limit.measure: limit for limit in VARIANT.limits}
FREE = sorted(limit.measure for limit in VARIANT.limits if not limit.locked)


def held(team: Team) -> dict[str, tuple[float, bool]]:
    return {x.limit.measure: (x.limit.threshold, x.limit.blocks) for x in limits_in_force(team, VARIANT)}


def set_seam(cast: Cast, threshold: float = 3.0, **values: object) -> LimitChange:
    words = {"blocks": True, "reason": "Too many seams slip through."} | values
    return change_limit(cast.team, cast.admin, VARIANT, "seam_energy", threshold=threshold, **words)  # type: ignore[arg-type]


def test_without_a_change_the_variants_own_limits_hold(cast: Cast) -> None:
    entries = limits_in_force(cast.team, VARIANT)
    assert [entry.limit for entry in entries] == list(VARIANT.limits)
    assert not any(entry.is_changed or entry.change for entry in entries)


moves = st.lists(
    st.tuples(
        st.sampled_from(["team", "other"]), st.sampled_from(FREE), st.floats(0, 1), st.booleans(),
        st.sampled_from(["set", "set", "reset"]),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(moves)
def test_the_newest_change_wins_per_measure_and_team(
    cast: Cast, moves: list[tuple[str, str, float, bool, str]]
) -> None:
    teams = {"team": (cast.team, cast.admin), "other": (cast.stranger.team, cast.stranger)}
    own = {measure: (limit.threshold, limit.blocks) for measure, limit in OWN.items()}
    expected = {name: dict(own) for name in teams}
    with transaction.atomic():
        for name, measure, share, blocks, what in moves:
            team, admin = teams[name]
            assert team is not None
            wanted = OWN[measure].lowest + share * (OWN[measure].highest - OWN[measure].lowest)
            before = expected[name][measure]
            after = own[measure] if what == "reset" else (wanted, blocks)
            try:
                if what == "reset":
                    reset_limit(team, admin, VARIANT, measure, reason="Back.")
                else:
                    change_limit(team, admin, VARIANT, measure, threshold=wanted, blocks=blocks, reason="So.")
            except LimitRefused as refused:
                assert refused.code == "no_change"
                assert before == after
            expected[name][measure] = after
        for name, (team, _admin) in teams.items():
            assert team is not None
            assert held(team) == expected[name]
        transaction.set_rollback(True)


def test_one_query_for_all_limits_with_who_changed_them(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    set_seam(cast)
    set_seam(cast, 3.5)
    with django_assert_num_queries(1):
        entries = limits_in_force(cast.team, VARIANT)
        assert [str(x.change.changed_by) for x in entries if x.change] == [str(cast.admin)]


def test_only_the_threshold_and_the_effect_are_overlaid(cast: Cast) -> None:
    set_seam(cast, 3.0, blocks=False)
    assert limit_in_force(cast.team, VARIANT, "seam_energy").limit == replace(
        OWN["seam_energy"], threshold=3.0, blocks=False
    )


@pytest.mark.parametrize("threshold", [math.nan, math.inf, -math.inf, -0.1, 100.1])
def test_what_is_no_number_of_the_range_is_refused_with_the_range(cast: Cast, threshold: float) -> None:
    with pytest.raises(LimitRefused, match=r"from 0 to 100\.") as refused:
        set_seam(cast, threshold)
    assert (refused.value.code, refused.value.field) == ("out_of_range", "threshold")
    assert not LimitChange.objects.exists()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"reason": " \x00\n"}, "reason_missing"),
        ({"reason": "x" * 301}, "reason_long"),
        ({"threshold": 4.2}, "no_change"),
    ],
)
def test_a_change_without_a_reason_or_without_a_change_is_refused(
    cast: Cast, values: dict[str, object], code: str
) -> None:
    with pytest.raises(LimitRefused) as refused:
        set_seam(cast, **values)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert not LimitChange.objects.exists()


def test_an_unknown_measure_is_refused(cast: Cast) -> None:
    for measure in ("beauty", "", "seam_energy\x00"):
        with pytest.raises(LimitRefused) as refused:
            change_limit(cast.team, cast.admin, VARIANT, measure, threshold=1, blocks=True, reason="So.")
        assert refused.value.code == "measure"


def test_the_promise_to_the_merchant_cannot_be_changed(cast: Cast) -> None:
    locked = [limit.measure for limit in VARIANT.limits if limit.locked]
    assert locked == ["changed_bytes"]
    for threshold, blocks in ((0.0, False), (1.0, True), (0.0, True)):
        with pytest.raises(LimitRefused) as refused:
            change_limit(
                cast.team, cast.admin, VARIANT, "changed_bytes", threshold=threshold, blocks=blocks, reason="So."
            )
        assert refused.value.code == "locked"


@pytest.mark.parametrize("threshold", [0.0, 5.0])
def test_a_row_that_got_past_the_service_does_not_loosen_the_promise(cast: Cast, threshold: float) -> None:
    LimitChange.objects.create(
        team=cast.team, variant=VARIANT.key, measure="changed_bytes", threshold=threshold, blocks=False, reason="So.",
        changed_by=cast.admin,
    )  # fmt: skip
    assert limit_in_force(cast.team, VARIANT, "changed_bytes").limit == OWN["changed_bytes"]


def test_a_reset_follows_the_variant_and_is_refused_where_nothing_was_set(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(LimitRefused):
        reset_limit(cast.team, cast.admin, VARIANT, "seam_energy", reason="Back.")
    set_seam(cast)
    reset_limit(cast.team, cast.admin, VARIANT, "seam_energy", reason="Back.")
    later = tuple(replace(x, threshold=3.9) if x.measure == "seam_energy" else x for x in VARIANT.limits)
    assert limit_in_force(cast.team, replace(VARIANT, limits=later), "seam_energy").limit.threshold == 3.9
    with pytest.raises(LimitRefused):
        reset_limit(cast.team, cast.admin, VARIANT, "seam_energy", reason="Back.")


def test_history_is_never_rewritten(cast: Cast) -> None:
    change = set_seam(cast)
    for rewrite in (
        lambda: LimitChange.objects.update(threshold=9),
        lambda: LimitChange.objects.filter(pk=change.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            rewrite()
    assert LimitChange.objects.get().threshold == 3.0


@pytest.mark.parametrize(("threshold", "blocks"), [(math.nan, True), (math.inf, True), (None, True), (3.0, None)])
def test_the_database_refuses_half_a_limit_and_what_is_no_number(
    cast: Cast, threshold: float | None, blocks: bool | None
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        LimitChange.objects.create(
            team=cast.team, variant=VARIANT.key, measure="seam_energy", threshold=threshold, blocks=blocks,
            reason="So.", changed_by=cast.admin,
        )  # fmt: skip


def test_a_variants_own_threshold_lies_in_its_range() -> None:
    with pytest.raises(ValueError, match="threshold"):
        Limit("m", "", "at_most", 2.0, blocks=True, reason="", highest=1.0)
    assert all(limit.reason for variant in VARIANTS.values() for limit in variant.limits)
    assert LimitChange._meta.get_field("reason").max_length == limits.LONGEST_REASON
