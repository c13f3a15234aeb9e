"""Many quotas are set at once, as they were seen before or not at all."""

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import Cast
from reviews.models import Quota
from reviews.models.crews import GroupMember, ReviewerGroup
from reviews.services import quotas, workloads
from reviews.services.quota_changes import (
    Change,
    ChangesRefused,
    QuotasChanged,
    Terms,
    effect_of,
    set_quotas,
)
from reviews.tests.factories import claimed, fill_queue, make_queue


def _changes(cast: Cast, cap: int | None = 100) -> list[Change]:
    return [Change(reviewer=user.username, cap=cap) for user in (cast.reviewer, cast.second_reviewer)]


def test_an_effect_says_what_changes_and_changes_nothing(cast: Cast) -> None:
    quotas.set_limit(cast.reviewer, 50, cast.admin)
    effect = effect_of(cast.team, _changes(cast))
    assert [(line.before, line.after) for line in effect.lines] == [
        (Terms(cap=50), Terms(cap=100)),
        (Terms(), Terms(cap=100)),
    ]
    assert Quota.objects.count() == 1


def test_what_was_seen_is_done_and_kept_in_the_history(cast: Cast) -> None:
    changes = _changes(cast)
    set_quotas(cast.team, changes, cast.admin, seen=effect_of(cast.team, changes).seen)
    assert [state.limit for state in quotas.states([cast.reviewer, cast.second_reviewer]).values()] == [100, 100]
    events = apps.get_model("reviews", "QuotaEvent").objects.values_list("pgh_context__metadata__user", flat=True)
    assert set(events) == {cast.admin.pk}


def test_what_has_become_another_change_is_refused_whole(cast: Cast) -> None:
    changes = _changes(cast)
    seen = effect_of(cast.team, changes).seen
    quotas.set_limit(cast.second_reviewer, 7, cast.admin)
    with pytest.raises(QuotasChanged):
        set_quotas(cast.team, changes, cast.admin, seen=seen)
    assert list(Quota.objects.values_list("reviewer", "cap")) == [(cast.second_reviewer.pk, 7)]


def test_a_quota_without_numbers_is_removed(cast: Cast) -> None:
    set_quotas(cast.team, _changes(cast), cast.admin)
    set_quotas(cast.team, _changes(cast, cap=None), cast.admin)
    assert not Quota.objects.exists()
    assert quotas.state(cast.reviewer).limit == 200


@pytest.mark.parametrize(
    "wrong",
    [
        Change(reviewer="nobody", cap=1),
        Change(group="none", cap=1),
        Change(queue="none", cap=1),
        Change(variant="none", cap=1),
        Change(cap=-1),
        Change(target=1_000_001),
        Change(period="month", cap=1),
        Change(unit="items", cap=1),
    ],
)
def test_one_impossible_change_stops_them_all(cast: Cast, wrong: Change) -> None:
    with pytest.raises(ChangesRefused) as refused:
        set_quotas(cast.team, [*_changes(cast), wrong], cast.admin)
    assert [place for place, _why in refused.value.problems] == [2]
    assert not Quota.objects.exists()


def test_a_new_daily_limit_leaves_the_target_and_what_carries_over(cast: Cast) -> None:
    name = cast.reviewer.username
    set_quotas(cast.team, [Change(reviewer=name, cap=5, target=4, carries_over=True)], cast.admin)
    quotas.set_limit(cast.reviewer, 9, cast.admin)
    assert list(Quota.objects.values_list("cap", "target", "carries_over")) == [(9, 4, True)]


def test_every_way_to_a_quota_waits_for_whoever_is_at_it(cast: Cast) -> None:
    for change in (
        lambda: quotas.set_limit(cast.reviewer, 9, cast.admin),
        lambda: set_quotas(cast.team, _changes(cast), cast.admin),
    ):
        with CaptureQueriesContext(connection) as asked:
            change()
        locks = [n for n, query in enumerate(asked) if "FOR NO KEY UPDATE" in query["sql"]]
        writes = [n for n, query in enumerate(asked) if 'INTO "reviews_quota"' in query["sql"]]
        assert locks and writes and locks[0] < writes[0]
        assert "accounts_team" in asked[locks[0]]["sql"]


def test_contradictions_repetitions_and_strangers_are_refused(cast: Cast) -> None:
    name, other = cast.reviewer.username, cast.stranger.username
    ReviewerGroup.objects.create(team=cast.team, name="night")
    wrong = [
        Change(reviewer=name, group="night", cap=1),
        Change(reviewer=name, is_shared=True, cap=1),
        Change(reviewer=other, cap=1),
        Change(cap=1),
        Change(cap=2),
    ]
    with pytest.raises(ChangesRefused) as refused:
        effect_of(cast.team, wrong)
    assert [place for place, _why in refused.value.problems] == [0, 1, 2, 4]


def test_a_workload_knows_every_limit_the_week_and_the_nearest_target(cast: Cast) -> None:
    in_queue = make_queue(cast.team)
    fill_queue(in_queue, cast.operator, 3)
    group = ReviewerGroup.objects.create(team=cast.team, name="night")
    GroupMember.objects.create(group=group, reviewer=cast.reviewer)
    name = cast.reviewer.username
    changes = [
        Change(reviewer=name, cap=100, period="week"),
        Change(group="night", cap=60, is_shared=True),
        Change(queue=in_queue.name, cap=5),
        Change(target=9),
        Change(group="night", target=8, unit="images", period="day"),
    ]
    set_quotas(cast.team, changes, cast.admin)
    claimed(cast.reviewer)
    load = workloads.workload(cast.reviewer)
    assert {(limit.period, limit.is_shared, limit.queue, limit.allowed, limit.used) for limit in load.limits} == {
        ("week", False, "", 100, 1),
        ("day", True, "", 60, 1),
        ("day", False, in_queue.name, 5, 1),
        ("day", False, "", 200, 1),
    }
    assert load.tightest is not None
    assert (load.tightest.is_shared, load.tightest.left) == (True, 59)
    assert [(target.target, target.done) for target in load.targets] == [(8, 1)]
    assert (load.images_today, load.images_week) == (1, 1)
