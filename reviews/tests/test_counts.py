"""What is counted while it happens is exact: after any work, any rollback, and while it is merged."""

import uuid
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Role, User
from accounts.tests.factories import Cast, make_cast, make_user
from reviews.models import AgreementDay, ArrivalDay, Queue, QueueTally, Slot, WorkDay
from reviews.services import counts, queue, quotas
from reviews.services.refusals import Refusal
from reviews.services.undoing import undo
from reviews.tests.factories import (
    approve_all,
    claimed,
    decide,
    expire,
    fill_queue,
    granted,
    in_threads,
    make_queue,
    reject_all,
    report,
    token_of,
)


def slots_of(in_queue: Queue) -> dict[str, int]:
    rows = QueueTally.objects.filter(queue=in_queue).values_list("state").annotate(slots=Sum("slots"))
    return {state: slots for state, slots in rows if slots}


def test_a_queue_knows_what_waits_is_in_hand_and_is_done(cast: Cast) -> None:
    fill_queue(in_queue := make_queue(cast.team, overlap=2), cast.operator, 3, images=2)
    assert slots_of(in_queue) == {"ready": 6}
    decide(cast.reviewer, claimed(cast.reviewer))
    held = claimed(cast.second_reviewer)
    assert slots_of(in_queue) == {"ready": 4, "leased": 1, "decided": 1}
    assert QueueTally.objects.filter(state="ready").aggregate(Sum("images"))["images__sum"] == 8
    queue.release(token_of(held), cast.second_reviewer)
    undo(cast.reviewer)
    assert slots_of(in_queue) == {"ready": 5, "leased": 1}
    day = ArrivalDay.objects.get()
    assert (day.items, day.slots, day.images) == (3, 6, 12)


def test_a_work_day_tells_what_stands_and_all_the_time(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 3, images=2)
    decide(cast.reviewer, claimed(cast.reviewer), active_ms=4_000)
    slot = claimed(cast.reviewer)
    decide(cast.reviewer, slot, reject_all(slot), active_ms=2_000)
    decide(cast.reviewer, claimed(cast.reviewer), cannot_judge=True)
    told = WorkDay.objects.values("decisions", "undone", "unjudged", "images", "approved", "rejected", "active_ms")
    assert list(told) == [
        {"decisions": 3, "undone": 0, "unjudged": 1, "images": 4, "approved": 2, "rejected": 2, "active_ms": 6_000}
    ]
    undo(cast.reviewer)
    undo(cast.reviewer)
    assert list(told.all()) == [
        {"decisions": 3, "undone": 2, "unjudged": 0, "images": 2, "approved": 2, "rejected": 0, "active_ms": 6_000}
    ]


def test_agreement_is_of_what_is_resolved(cast: Cast) -> None:
    fill_queue(make_queue(cast.team, overlap=2), cast.operator, 1, images=2)
    decide(cast.reviewer, claimed(cast.reviewer))
    slot = claimed(cast.second_reviewer)
    verdicts = [approve_all(slot)[0], reject_all(slot)[1]]
    decide(cast.second_reviewer, slot, verdicts)
    told = AgreementDay.objects.filter(candidates__gt=0).values_list("votes", "approvals", "candidates")
    assert sorted(told) == [(2, 1, 1), (2, 2, 1)]
    undo(cast.second_reviewer)
    assert not told.all()


STEPS = st.lists(
    st.sampled_from(["decide", "reject", "cannot", "undo", "release", "expire", "report", "merge"]), max_size=14
)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_every_count_is_right_whatever_was_done(cast: Cast, steps: list[str]) -> None:
    with transaction.atomic():
        fill_queue(make_queue(cast.team, overlap=2), cast.operator, 5, images=2)
        for number, step in enumerate(steps):
            _do(step, (cast.reviewer, cast.second_reviewer)[number % 2])
            assert not counts.check_counts(), steps[: number + 1]
        transaction.set_rollback(True)
    assert not counts.check_counts()


def _do(step: str, person: User) -> None:
    if step == "merge":
        counts.merge_tallies()
        return
    if step == "undo":
        with suppress(Refusal):
            undo(person)
        return
    slot = queue.claim(person).slot
    if slot is None:
        return
    if step == "release":
        queue.release(token_of(slot), person)
    elif step == "expire":
        expire(slot)
    elif step == "report":
        report(person, slot)
    else:
        said = reject_all(slot) if step == "reject" else approve_all(slot)
        decide(person, slot, [] if step == "cannot" else said, cannot_judge=step == "cannot")


def test_what_is_rolled_back_was_never_counted(cast: Cast) -> None:
    fill_queue(in_queue := make_queue(cast.team), cast.operator, 2)
    with transaction.atomic():
        decide(cast.reviewer, claimed(cast.reviewer))
        transaction.set_rollback(True)
    assert slots_of(in_queue) == {"ready": 2} and not WorkDay.objects.exists()


def test_merging_leaves_one_row_a_state_and_the_same_numbers(cast: Cast) -> None:
    fill_queue(in_queue := make_queue(cast.team), cast.operator, 6)
    for _ in range(3):
        decide(cast.reviewer, claimed(cast.reviewer))
    before = slots_of(in_queue)
    assert QueueTally.objects.count() > 3
    assert counts.merge_tallies() > 3
    assert slots_of(in_queue) == before == {"ready": 3, "decided": 3}
    assert QueueTally.objects.filter(queue=in_queue).count() == 2
    assert counts.merge_tallies() == 0


@pytest.mark.django_db(transaction=True)
def test_merging_beside_eight_reviewers_loses_nothing() -> None:
    cast = make_cast()
    fill_queue(in_queue := make_queue(cast.team), cast.operator, 160)
    reviewers = [make_user(cast.team, Role.REVIEWER) for _ in range(8)]
    for reviewer in reviewers:
        quotas.set_limit(reviewer, 1_000, cast.admin)

    def work(number: int) -> None:
        if number >= 8:
            for _ in range(30):
                counts.merge_tallies()
            return
        for _ in range(20):
            lease = granted(reviewers[number])
            assert lease.slot_id is not None
            slot = Slot.objects.get(pk=lease.slot_id)
            decide(reviewers[number], slot, idempotency_key=uuid.uuid4())

    in_threads(10, work)
    assert slots_of(in_queue) == {"decided": 160}
    assert not counts.check_counts()


@pytest.mark.django_db(transaction=True)
def test_a_count_that_was_tampered_with_is_told() -> None:
    cast = make_cast()
    fill_queue(in_queue := make_queue(cast.team), cast.operator, 2)
    out = StringIO()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reviews_queuetally SET slots = 3")
    assert [(one.what, one.whose) for one in counts.check_counts()] == [("slots in a queue", in_queue.pk)]
    with pytest.raises(CommandError, match="1 counts"):
        call_command("check_counts", format="json", stdout=out)
    assert '"slots in a queue"' in out.getvalue()
