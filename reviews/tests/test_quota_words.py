"""What the desk says of a reviewer's day and week: what limits them, and what they aim at."""

from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.models import Membership
from accounts.tests.factories import Cast
from reviews.models import QuotaDay
from reviews.serializers.desk import quota_answer, quota_words
from reviews.services import holidays, quotas, workloads
from reviews.services.quota_changes import Change, set_quotas
from reviews.tests.factories import claimed, decide, fill_queue, make_queue

pytestmark = pytest.mark.django_db


def _set(cast: Cast, **values: object) -> None:
    set_quotas(cast.team, [Change(reviewer=cast.reviewer.username, **values)], cast.admin)  # type: ignore[arg-type]


def test_without_more_than_a_day_there_is_nothing_more_to_say(cast: Cast) -> None:
    state = quotas.state(cast.reviewer)
    assert (state.limit, state.period, state.day.limit, state.week.limit) == (200, "day", 200, None)
    assert quota_words(state) == ""


def test_the_week_and_the_targets_count_what_was_judged(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 3, images=2)
    _set(cast, cap=50, target=40)
    _set(cast, cap=300, target=150, period="week")
    decide(cast.reviewer, claimed(cast.reviewer))
    claimed(cast.reviewer)
    state = quotas.state(cast.reviewer)
    assert (state.day.used, state.day.judged, state.week.used, state.week.judged) == (4, 2, 4, 2)
    assert quota_words(state) == "target 2 of 40 · week 2 of 300 · week's target 2 of 150"
    assert quota_answer(state)["today"] == {"judged": 2, "limit": 50}


def test_a_week_that_leaves_less_than_the_day_is_what_limits(cast: Cast) -> None:
    queue = make_queue(cast.team)
    today = workloads.workload(cast.reviewer).today
    assert today is not None
    # Whatever day of the week it is: a day before may be of the week before.
    monday = today - timedelta(days=today.weekday())
    QuotaDay.objects.create(reviewer=cast.reviewer, queue=queue, day=monday, used=7)
    QuotaDay.objects.create(reviewer=cast.reviewer, queue=queue, day=monday - timedelta(days=1), used=90)
    _set(cast, cap=10, period="week")
    state = quotas.state(cast.reviewer)
    assert (state.period, state.limit, state.used, state.left) == ("week", 10, 7, 3)
    assert state.day.limit == 200
    assert quota_answer(state)["told"].startswith("7 of 10 images this week.")
    assert quota_words(state) == "week 7 of 10"


def test_a_shared_budget_counts_everybody_and_the_target_only_oneself(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 3)
    set_quotas(cast.team, [Change(cap=20, is_shared=True, period="week"), Change(target=9, period="week")], cast.admin)
    decide(cast.second_reviewer, claimed(cast.second_reviewer))
    decide(cast.reviewer, claimed(cast.reviewer))
    assert quota_words(quotas.state(cast.reviewer)) == "week 2 of 20 · week's target 1 of 9"


def test_a_day_off_has_no_target_and_a_week_still_has(cast: Cast) -> None:
    _set(cast, target=40)
    _set(cast, target=150, period="week")
    today = workloads.workload(cast.reviewer).today
    assert isinstance(today, date)
    holidays.set_holiday(cast.team, today, cast.admin, reviewer=cast.reviewer)
    assert quota_words(quotas.state(cast.reviewer)) == "week's target 0 of 150"
    assert [target.period for target in workloads.workload(cast.reviewer).targets] == ["week"]


def test_the_days_are_those_of_the_persons_own_time_zone(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 1)
    decide(cast.reviewer, claimed(cast.reviewer))
    seen = []
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):  # 25 hours apart: never the same day
        Membership.objects.filter(user=cast.reviewer).update(time_zone=zone)
        seen.append(quotas.state(cast.reviewer).day.done)
    assert sorted(seen) in ([0, 0], [0, 1])


def test_the_desk_and_the_first_page_say_it(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 1)
    _set(cast, cap=300, period="week")
    client = Client()
    client.force_login(cast.reviewer)
    for page in ("/review/", "/"):
        assert "week 0 of 300" in client.get(page).content.decode()
    assert client.post("/api/v1/review/claim/", {}, "application/json").json()["quota"]["more"] == "week 0 of 300"
