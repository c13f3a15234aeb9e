"""Admins are told what needs them, once, from what is counted anyway."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Membership, User
from accounts.tests.factories import Cast
from delivery.models import Notice
from reviews.models import Queue, WorkDay
from reviews.services import alarms, queue, quotas
from reviews.statistics import two_proportions_p
from reviews.tests.factories import claimed, decide, fill_queue, make_item, make_queue

TODAY = date(2026, 11, 25)


def kinds(cast: Cast, role: str = "admin") -> list[str]:
    return list(Notice.objects.filter(user=getattr(cast, role)).order_by("pk").values_list("kind", flat=True))


@pytest.mark.django_db
def test_a_full_day_is_told_once(cast: Cast) -> None:
    make_item(cast.operator)
    make_item(cast.operator)
    quotas.set_limit(cast.reviewer, 1, by=cast.admin)
    decide(cast.reviewer, claimed(cast.reviewer))
    for _ in range(3):
        assert queue.claim(cast.reviewer).reason == "quota_reached"
        Notice.objects.update(read_at="2026-01-01T00:00Z")
    assert kinds(cast, "reviewer") == ["quota.reached"]
    assert kinds(cast) == ["quota.reached_by"]


@pytest.mark.django_db
def test_a_full_day_is_told_again_on_the_next_day_of_the_person(cast: Cast) -> None:
    make_item(cast.operator)
    quotas.set_limit(cast.reviewer, 0, by=cast.admin)
    # It is another day in each at any moment, and none of them is always that of UTC.
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Kiritimati"):
        Membership.objects.filter(user=cast.reviewer).update(time_zone=zone)
        assert queue.claim(User.objects.get(pk=cast.reviewer.pk)).reason == "quota_reached"
        Notice.objects.update(read_at="2026-01-01T00:00Z")
    assert kinds(cast, "reviewer") == ["quota.reached"] * 2
    assert kinds(cast) == ["quota.reached_by"] * 2


@pytest.mark.django_db
def test_an_empty_queue_is_told_when_it_runs_empty(cast: Cast) -> None:
    make_queue(cast.team)
    assert alarms.watch_queues() == 0  # it never held anything
    make_item(cast.operator)
    assert alarms.watch_queues() == 0
    decide(cast.reviewer, claimed(cast.reviewer))
    assert (alarms.watch_queues(), alarms.watch_queues()) == (1, 0)
    make_item(cast.operator)
    decide(cast.reviewer, claimed(cast.reviewer))
    assert alarms.watch_queues() == 0  # a trickle
    fill_queue(Queue.objects.get(), cast.operator, alarms.REFILLED_AT)
    alarms.watch_queues()
    while queue.claim(cast.reviewer).slot:
        decide(cast.reviewer, claimed(cast.reviewer))
    assert alarms.watch_queues() == 1
    assert kinds(cast) == ["queue.empty"]  # the first is unread yet


@pytest.mark.django_db
def test_a_backlog_is_told_above_its_limit_and_again_only_after_it_fell_well_below(cast: Cast) -> None:
    floor = make_queue(cast.team, backlog_limit=10, overlap=2)
    fill_queue(floor, cast.operator, 10)
    assert alarms.watch_queues() == 0
    fill_queue(floor, cast.operator, 1)
    assert (alarms.watch_queues(), alarms.watch_queues()) == (1, 0)
    notice = Notice.objects.get(user=cast.admin)
    assert (notice.kind, notice.values["waiting"]) == ("queue.backlog", 11)
    for reviewer in (cast.reviewer, cast.second_reviewer):
        for _ in range(2):
            decide(reviewer, claimed(reviewer))
    alarms.watch_queues()
    fill_queue(floor, cast.operator, 2)
    assert alarms.watch_queues() == 0  # it was at 9, not at 8
    for reviewer in (cast.reviewer, cast.second_reviewer):
        for _ in range(3):
            decide(reviewer, claimed(reviewer))
    alarms.watch_queues()
    fill_queue(floor, cast.operator, 3)
    assert alarms.watch_queues() == 1


def judged(cast: Cast, in_queue: Queue, days_ago: int, approved: int, rejected: int) -> None:
    WorkDay.objects.create(
        reviewer=cast.reviewer, queue=in_queue, day=TODAY - timedelta(days=days_ago), approved=approved,
        rejected=rejected, images=approved + rejected,
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("recent", "earlier", "raised"),
    [
        ((120, 80), (320, 80), 1),
        ((158, 42), (320, 80), 0),  # chance
        ((20, 40), (320, 80), 0),  # too few to tell
        ((7700, 2300), (32_000, 8000), 0),  # significant, and too small to matter
    ],
)
def test_a_changed_approval_rate(cast: Cast, recent: tuple[int, int], earlier: tuple[int, int], raised: int) -> None:
    floor = make_queue(cast.team)
    judged(cast, floor, 6, *recent)
    judged(cast, floor, 7, *earlier)
    judged(cast, floor, 35, 0, 100_000)  # long ago
    assert alarms.watch_drift(TODAY) == raised
    assert alarms.watch_drift(TODAY) == 0
    assert kinds(cast) == ["queue.drift"] * raised


@pytest.mark.django_db
def test_watching_asks_no_more_of_many_quiet_queues(cast: Cast) -> None:
    counts = []
    for _ in range(2):
        for _more in range(5):
            floor = make_queue(cast.team)
            fill_queue(floor, cast.operator, 1)
            judged(cast, floor, 1, 100, 0)
            judged(cast, floor, 10, 100, 0)
        with CaptureQueriesContext(connection) as asked:
            alarms.watch_drift(TODAY)
        counts.append([query for query in asked if query["sql"].startswith("SELECT")])
    assert len(counts[0]) == len(counts[1])


def test_two_proportions_by_hand() -> None:
    # Pooled 0.675, standard error 0.0468, z = 3.2026: two-sided p from the table of the normal distribution.
    assert two_proportions_p(120, 200, 150, 200) == pytest.approx(0.00136, abs=0.00002)


@given(st.integers(1, 500), st.integers(1, 500), st.data())
def test_two_proportions_are_symmetric_and_a_probability(trials: int, others: int, data: st.DataObject) -> None:
    first, second = data.draw(st.integers(0, trials)), data.draw(st.integers(0, others))
    p = two_proportions_p(first, trials, second, others)
    assert 0 <= p <= 1
    assert p == pytest.approx(two_proportions_p(second, others, first, trials))
    assert p == pytest.approx(two_proportions_p(trials - first, trials, others - second, others))
