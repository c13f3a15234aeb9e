"""What a claim costs on a large floor: eight queues, and fifty thousand seats that wait; or a tenth of them."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from reviews.models import Queue, QueueAudience, Quota, QuotaDay, ReviewerGroup, Slot
from reviews.services import lease_statements
from reviews.services.load.floor import Floor, make_floor
from reviews.services.load.plan import LoadPlan
from reviews.services.load.seeding import fill_floor
from reviews.tests.factories import database_now, make_queue
from reviews.tests.plans import WHOLE, Node, explained, explained_claim, looked_at, more_than, scans_of

SEATS, QUEUES, PASSED, JUDGED = 50_000, 8, 3, 300
SEATS_AN_ITEM = 1.5
GROWING = ("reviews_slot", "reviews_snooze", "reviews_skip", "reviews_decision", "reviews_reviewitem")
MOST_SORTED = 48
"""A row a queue or a quota, never one of the backlog."""
MOST_LOOKED_AT = 2 * (1 + PASSED) * QUEUES
"""By one scan: of each queue the first seat that is theirs to have, and the few they passed by, two of an item."""
MOST_JUDGED = 2 * JUDGED


def _floor(seed: int, seats: int) -> Floor:
    """Of the people one is in a group; half of the queues are for the group, three for others; caps of every kind."""
    items = round(seats / SEATS_AN_ITEM) + 2 * JUDGED
    plan = LoadPlan(items=items, decided_share=JUDGED / items, seed=seed, people=6, days=20)
    floor = make_floor(plan)
    added = [make_queue(floor.team, overlap=1 + number % 2) for number in range(QUEUES - len(floor.queues))]
    floor = replace(floor, queues=[*floor.queues, *added], shares=[0.4, 0.3, 0.1, 0.05, 0.05, 0.04, 0.03, 0.03])
    fill_floor(plan, floor)
    group = ReviewerGroup.objects.get(team=floor.team, name="Shift 1")
    for number, one in enumerate(floor.queues[1:]):
        whom = {"group": group} if number % 2 else {"reviewer": floor.reviewers[1]}
        QueueAudience.objects.create(queue=one, **whom)
        for period, is_shared in product(("day", "week"), (False, True)):
            Quota.objects.create(team=floor.team, queue=one, period=period, is_shared=is_shared, cap=10_000)
    Quota.objects.create(team=floor.team, group=group, unit="minutes", cap=600, carries_over=True)
    _come_to_work(floor.reviewers[0], floor.queues)
    return floor


def _come_to_work(reviewer: User, queues: list[Queue]) -> None:
    """Their days are open; the first of each queue they have skipped, the next put off."""
    today = database_now().date()
    QuotaDay.objects.bulk_create(QuotaDay(reviewer=reviewer, queue=one, day=today) for one in queues)
    for one in queues:
        waiting = list(Slot.objects.filter(queue=one, state="ready").order_by("turn_at", "pk")[: 2 * PASSED])
        skipped, put_off, *_others = dict.fromkeys(slot.item for slot in waiting)
        skipped.skips.create(reviewer=reviewer)
        put_off.snoozes.create(reviewer=reviewer, until=Now() + timedelta(hours=1))


def _claims(reviewer: User) -> list[Node]:
    with transaction.atomic():
        nodes = explained_claim(reviewer)
        assert Slot.objects.filter(reviewer=reviewer, state="leased").count() == 1
        transaction.set_rollback(True)
    return nodes


def _sorted(nodes: list[Node]) -> list[float]:
    return [node["Actual Rows"] for node in nodes if "Sort" in node["Node Type"]]


@pytest.mark.django_db(transaction=True)
def test_a_claim_looks_at_as_many_seats_however_many_wait() -> None:
    walked = []
    for seed, seats in ((1, SEATS // 10), (2, SEATS)):
        floor = _floor(seed, seats)
        assert Slot.objects.filter(queue__in=floor.queues, state="ready").count() >= seats
        nodes = _claims(floor.reviewers[0])
        scans = scans_of(nodes, *GROWING)
        assert [(scan["Alias"], scan["Relation Name"]) for scan in scans if scan["Node Type"] in WHOLE] == []
        walks = [scan for scan in scans if scan.get("Index Name") == "slot_claimable"]
        assert len(walks) == 2, "one to find the seat, one to lock it"
        assert more_than(MOST_LOOKED_AT, walks) == []
        # So small an index of what was judged may be read whole; it is as small when ten times as much waits.
        judged = Slot.objects.filter(queue__in=floor.queues, reviewer__isnull=False).count()
        assert judged <= MOST_JUDGED and more_than(MOST_JUDGED, scans) == []
        assert all(rows <= MOST_SORTED for rows in _sorted(nodes)), "nothing of the backlog is sorted"
        walked.append(sum(looked_at(scan) for scan in walks))
    small, large = walked
    assert large <= small + MOST_LOOKED_AT, "ten times the backlog, and no more to look at"
    _giving_back_reads_leases_only(floor)


def _giving_back_reads_leases_only(floor: Floor) -> None:
    """What runs when a budget seems used up: it looks at what is leased, never at what waits."""
    with transaction.atomic():
        nodes = explained(lease_statements.FREE_EXPIRED_OF_TEAM, {"team": floor.team.pk, "step": 0})
        transaction.set_rollback(True)
    scans = scans_of(nodes, "reviews_slot")
    assert more_than(MOST_LOOKED_AT, scans) == []
