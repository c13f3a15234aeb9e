"""A person or a team is paused and goes on; holidays set no target."""

import pytest
from django.apps import apps

from accounts.tests.factories import Cast
from reviews.models import Holiday
from reviews.services import holidays, pauses, queue, workloads
from reviews.services.quota_changes import Change, set_quotas
from reviews.tests.factories import claimed, decide, make_item


@pytest.mark.parametrize("everybody", [True, False])
def test_nothing_is_given_out_until_it_goes_on(cast: Cast, everybody: bool) -> None:
    make_item(cast.operator)
    whom = None if everybody else cast.reviewer
    pauses.pause(cast.team, whom, "Fire drill", cast.admin)
    assert queue.claim(cast.reviewer).slot is None
    assert workloads.workload(cast.reviewer).is_paused
    assert workloads.workload(cast.second_reviewer).is_paused is everybody
    assert pauses.resume(cast.team, whom, cast.admin)
    assert not pauses.resume(cast.team, whom, cast.admin)
    claimed(cast.reviewer)


def test_what_is_in_hand_may_be_finished(cast: Cast) -> None:
    make_item(cast.operator)
    slot = claimed(cast.reviewer)
    pauses.pause(cast.team, cast.reviewer, "", cast.admin)
    made = decide(cast.reviewer, slot)
    slot.refresh_from_db()
    assert (slot.state, made.reviewer) == ("decided", cast.reviewer)


def test_one_pause_at_a_time_and_who_began_and_ended_it_is_kept(cast: Cast) -> None:
    pauses.pause(cast.team, cast.reviewer, "Ill", cast.admin)
    with pytest.raises(pauses.AlreadyPaused):
        pauses.pause(cast.team, cast.reviewer, "Again", cast.admin)
    pauses.resume(cast.team, cast.reviewer, cast.admin)
    events = apps.get_model("reviews", "PauseEvent").objects.values_list("pgh_context__metadata__user", flat=True)
    assert list(events) == [cast.admin.pk] * 2


def test_a_holiday_has_no_target_for_the_day(cast: Cast) -> None:
    set_quotas(cast.team, [Change(target=50), Change(target=200, period="week")], cast.admin)
    today = workloads.workload(cast.reviewer).today
    assert today is not None
    holidays.set_holiday(cast.team, today, cast.admin, reviewer=cast.reviewer, name="Birthday")
    assert [target.period for target in workloads.workload(cast.reviewer).targets] == ["week"]
    assert len(workloads.workload(cast.second_reviewer).targets) == 2
    kept = Holiday.objects.get()
    assert not holidays.remove_holiday(cast.stranger.membership.team, kept.pk, cast.stranger)
    assert holidays.remove_holiday(cast.team, kept.pk, cast.admin)
