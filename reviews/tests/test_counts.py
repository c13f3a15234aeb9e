"""Counts kept by triggers are exactly what the rows say: after any work, a rollback, a killed connection, a merge."""

import io
import json
import random
from threading import Semaphore

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Sum

from accounts.models import Role
from accounts.tests.factories import Cast, make_cast, make_user
from reviews.models import Queue, Slot
from reviews.models.counts import AgreementDay, ArrivalDay, QueueTally, WorkDay
from reviews.services import counts, decisions, queue
from reviews.tests.factories import claimed, decide, expire, fill_queue, in_threads, make_queue, reject_all


def work_at_random(cast: Cast, seed: int, steps: int = 40) -> None:
    """What people do to a queue, in an order drawn by `seed`."""
    rng, made = random.Random(seed), []
    for _ in range(steps):
        reviewer = rng.choice([cast.reviewer, cast.second_reviewer])
        answer = queue.claim(reviewer)
        if rng.random() < 0.2:
            expire()
        elif answer.slot is not None and answer.slot.lease_token is not None:
            if rng.random() < 0.2:
                queue.release(answer.slot.lease_token, reviewer)
            elif rng.random() < 0.2:
                made.append((reviewer, decide(reviewer, answer.slot, cannot_judge=True, active_ms=700)))
            else:
                said = reject_all(answer.slot) if rng.random() < 0.4 else None
                made.append((reviewer, decide(reviewer, answer.slot, said, active_ms=1500)))
        if made and rng.random() < 0.2:
            decisions.undo(*made.pop())
        if rng.random() < 0.2:
            counts.merge_tallies()


def tally(in_queue: Queue) -> dict[str, tuple[int, int]]:
    rows = QueueTally.objects.filter(queue=in_queue).values_list("state").annotate(Sum("slots"), Sum("images"))
    return {state: (slots, images) for state, slots, images in rows if slots}


@pytest.mark.parametrize("seed", range(3))
def test_counts_are_exact_after_any_work(cast: Cast, seed: int) -> None:
    in_queue = make_queue(cast.team, overlap=2)
    fill_queue(in_queue, cast.operator, 12, images=2)
    work_at_random(cast, seed)
    assert list(counts.check_counts()) == []
    assert sum(slots for slots, _images in tally(in_queue).values()) == 24
    assert WorkDay.objects.filter(decisions__gt=0, active_ms__gt=0).exists()
    assert AgreementDay.objects.exists() and ArrivalDay.objects.get().images == 48


def test_what_is_rolled_back_is_not_counted(cast: Cast) -> None:
    in_queue = make_queue(cast.team)
    fill_queue(in_queue, cast.operator, 3)
    before = tally(in_queue)
    with transaction.atomic():
        decide(cast.reviewer, claimed(cast.reviewer))
        transaction.set_rollback(True)
    assert tally(in_queue) == before == {"ready": (3, 3)}
    assert list(counts.check_counts()) == [] and not WorkDay.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_killed_connection_leaves_the_counts_exact() -> None:
    cast = make_cast()
    in_queue = make_queue(cast.team)
    fill_queue(in_queue, cast.operator, 3)

    def die(_number: int) -> None:
        with pytest.raises(DatabaseError), transaction.atomic():
            Slot.objects.filter(queue=in_queue).update(images=F("images") + 1)
            counts.merge_tallies()
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    in_threads(1, die)
    assert tally(in_queue) == {"ready": (3, 3)}
    assert list(counts.check_counts()) == []


@pytest.mark.django_db(transaction=True)
def test_merging_while_people_work_loses_nothing() -> None:
    cast = make_cast()
    in_queue = make_queue(cast.team, overlap=2)
    fill_queue(in_queue, cast.operator, 30)
    reviewers = [make_user(cast.team, Role.REVIEWER) for _ in range(4)]

    done = Semaphore(0)

    def work(number: int) -> int:
        if number >= len(reviewers):
            merged = 0
            while not done.acquire(blocking=False):  # as long as anybody works
                merged += counts.merge_tallies()
            done.release()
            return merged
        for _ in range(8):
            decide(reviewers[number], claimed(reviewers[number]))
        if number == 0:
            done.release()
        return 0

    assert sum(in_threads(len(reviewers) + 2, work)) > 0
    counts.merge_tallies()
    assert list(counts.check_counts()) == []
    assert tally(in_queue) == {"ready": (28, 28), "decided": (32, 32)}
    assert QueueTally.objects.filter(queue=in_queue).count() == 2
    assert counts.merge_tallies() == 0


def check(*options: str) -> tuple[list[dict[str, object]], bool]:
    out, good = io.StringIO(), True
    try:
        call_command("check_counts", *options, format="json", stdout=out)
    except CommandError:
        good = False
    return [json.loads(line) for line in out.getvalue().splitlines()], good


def test_a_wrong_count_is_found_and_put_right(cast: Cast) -> None:
    in_queue = make_queue(cast.team, overlap=2)
    fill_queue(in_queue, cast.operator, 12, images=2)
    work_at_random(cast, 7)
    assert check() == ([], True)
    right = [list(model.objects.order_by("pk").values()) for model in (ArrivalDay, WorkDay, AgreementDay)]
    QueueTally.objects.filter(state="decided").first().delete()  # type: ignore[union-attr]
    ArrivalDay.objects.update(images=F("images") + 3)
    WorkDay.objects.update(approved=F("approved") + 1, active_ms=0)
    AgreementDay.objects.update(candidates=F("candidates") + 1)
    found, good = check("--dry-run")
    assert not good
    tables = {"reviews_queuetally", "reviews_arrivalday", "reviews_workday", "reviews_agreementday"}
    assert {trouble["table"] for trouble in found} == tables
    repaired, good = check("--repair")
    assert good and [trouble["owner"] for trouble in repaired] == [trouble["owner"] for trouble in found]
    assert check() == ([], True)
    assert right == [list(model.objects.order_by("pk").values()) for model in (ArrivalDay, WorkDay, AgreementDay)]


def test_a_day_that_is_missing_is_made_again(cast: Cast) -> None:
    fill_queue(make_queue(cast.team, overlap=2), cast.operator, 6)
    work_at_random(cast, 3)
    WorkDay.objects.all().delete()
    ArrivalDay.objects.all().delete()
    assert check("--repair")[1] and check() == ([], True)
    assert WorkDay.objects.exists() and ArrivalDay.objects.get().items == 6


def test_who_moves_to_another_time_zone_keeps_their_days(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 2)
    decide(cast.reviewer, claimed(cast.reviewer))
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        type(cast.team).objects.filter(pk=cast.team.pk).update(time_zone=zone)
        assert check() == ([], True)
