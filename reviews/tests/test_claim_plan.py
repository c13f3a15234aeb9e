"""What a claim costs: how the database walks a long queue, and how many statements claim and decision send."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.db.models.functions import Now
from pytest_django import DjangoAssertNumQueries

from accounts.tests.factories import Cast
from reviews.models import Queue, QueueAudience, Quota, ReviewerGroup, ReviewItem, Slot
from reviews.services import queue
from reviews.tests.factories import approve_all, claimed, decide, fill_queue, make_queue
from reviews.tests.plans import explained_claim, looked_at, more_than
from reviews.tests.test_desk_api import Desk

ITEMS, JUDGED, PASSED = 10_000, 100, 30
QUEUES, MOST_SORTED = 8, 40
"""Items of two seats each. The reviewer has judged the first, then come those they skipped, then those put off."""
WALKED = (3 + JUDGED + 2 * PASSED) * 2 + 10 + 2 * QUEUES
"""The seats up to the first that is theirs to have, each looked at once; nothing of the thousands after it."""

# Copies of the first item, its request and its two seats, with new keys and everything else the same.
GROW = """
WITH requests AS (
    INSERT INTO generation_generationrequest
    SELECT (jsonb_populate_record(t, jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('generation_generationrequest', 'id')), 'handle', gen_random_uuid()))).*
      FROM generation_generationrequest t, generate_series(1, %(count)s) WHERE t.id = %(request)s RETURNING id),
items AS (
    INSERT INTO reviews_reviewitem
    SELECT (jsonb_populate_record(t, jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('reviews_reviewitem', 'id')), 'handle', gen_random_uuid(),
        'request_id', requests.id))).*
      FROM reviews_reviewitem t, requests WHERE t.id = %(item)s RETURNING id)
INSERT INTO reviews_slot
SELECT (jsonb_populate_record(t, jsonb_build_object('id', nextval(pg_get_serial_sequence('reviews_slot', 'id')),
    'item_id', items.id))).* FROM reviews_slot t, items WHERE t.item_id = %(item)s
"""
JUDGE = """
UPDATE reviews_slot s SET state = 'decided', reviewer_id = d.reviewer_id, quota_day_id = d.quota_day_id
  FROM reviews_slot d WHERE d.id = %(decided)s AND s.number = 1 AND s.item_id = ANY(%(judged)s);
INSERT INTO reviews_decision
SELECT (jsonb_populate_record(d, jsonb_build_object('id', nextval(pg_get_serial_sequence('reviews_decision', 'id')),
    'slot_id', s.id, 'idempotency_key', gen_random_uuid()))).*
  FROM reviews_decision d, reviews_slot s WHERE d.slot_id = %(decided)s AND s.number = 1 AND s.item_id = ANY(%(judged)s)
"""
# What another has judged and taken back: the seats wait again.
TAKEN_BACK = """
INSERT INTO reviews_decision
SELECT (jsonb_populate_record(d, jsonb_build_object('id', nextval(pg_get_serial_sequence('reviews_decision', 'id')),
    'slot_id', s.id, 'reviewer_id', %(other)s, 'idempotency_key', gen_random_uuid()))).*
  FROM reviews_decision d, reviews_slot s
 WHERE d.slot_id = %(decided)s AND s.number = 1 AND s.item_id = ANY(%(others)s)
"""
# The reviewer's own, and those of another for half of the queue: a table that is worth an index.
PASS_BY = """
INSERT INTO reviews_skip (item_id, reviewer_id, created_at)
SELECT id, %(me)s, now() FROM reviews_reviewitem WHERE id = ANY(%(skipped)s)
 UNION ALL SELECT id, %(other)s, now() FROM reviews_reviewitem WHERE id = ANY(%(of_others)s);
INSERT INTO reviews_snooze (item_id, reviewer_id, until, created_at)
SELECT id, %(me)s, now() + interval '1 hour', now() FROM reviews_reviewitem WHERE id = ANY(%(put_off)s)
 UNION ALL SELECT id, %(other)s, now() + interval '1 hour', now() FROM reviews_reviewitem WHERE id = ANY(%(of_others)s);
ANALYZE reviews_slot, reviews_reviewitem, reviews_decision, reviews_skip, reviews_snooze
"""


def _long_queue(cast: Cast) -> Slot:
    """Twenty thousand seats; the first that the reviewer may have."""
    first = fill_queue(make_queue(cast.team, overlap=2), cast.operator, 1)[0]
    _furnish_floor(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '120s'")  # filling is not what is tested
        cursor.execute(GROW, {"count": ITEMS - 1, "request": first.request_id, "item": first.pk})
        decided = decide(cast.reviewer, claimed(cast.reviewer)).slot_id
        keys = list(ReviewItem.objects.filter(queue=first.queue).order_by("pk").values_list("pk", flat=True))
        judged, others = keys[1 : JUDGED + 1], keys[JUDGED + 1 :]
        cursor.execute(JUDGE, {"decided": decided, "judged": judged})
        cursor.execute(TAKEN_BACK, {"other": cast.second_reviewer.pk, "decided": decided, "others": others})
        people = {"me": cast.reviewer.pk, "other": cast.second_reviewer.pk}
        passed = {"skipped": others[:PASSED], "put_off": others[PASSED : 2 * PASSED], "of_others": others[::2]}
        cursor.execute(PASS_BY, {**people, **passed})
    return Slot.objects.filter(item_id=others[2 * PASSED]).order_by("pk")[0]


def _furnish_floor(cast: Cast) -> None:
    """What else a claim has to heed: other queues, who judges them, and limits of every kind."""
    group = ReviewerGroup.objects.create(team=cast.team, name="Day")
    group.memberships.create(reviewer=cast.reviewer)
    for number in range(QUEUES - 1):
        other = make_queue(cast.team)
        fill_queue(other, cast.operator, 2)
        judge = {"group": group} if number % 2 else {"reviewer": cast.admin}
        QueueAudience.objects.create(queue=other, **judge)
        for period, is_shared in product(("day", "week"), (False, True)):
            Quota.objects.create(team=cast.team, queue=other, period=period, is_shared=is_shared, cap=10_000)
    Quota.objects.create(team=cast.team, group=group, unit="minutes", cap=600, carries_over=True)
    Slot.objects.exclude(queue=Queue.objects.earliest("pk")).update(turn_at=Now() + timedelta(days=9))


def test_a_claim_walks_the_queue_by_its_index_and_stops(cast: Cast) -> None:
    expected = _long_queue(cast)
    nodes = explained_claim(cast.reviewer)
    assert Slot.objects.get(reviewer=cast.reviewer, state="leased").pk == expected.pk
    big = ("reviews_slot", "reviews_snooze", "reviews_skip", "reviews_decision", "reviews_reviewitem")
    scans = [node for node in nodes if node.get("Relation Name") in big and "Scan" in node["Node Type"]]
    whole = ("Seq Scan", "Bitmap Heap Scan")
    assert [(scan["Alias"], scan["Relation Name"]) for scan in scans if scan["Node Type"] in whole] == []
    walks = [scan for scan in scans if scan.get("Index Name") == "slot_claimable"]
    assert len(walks) == 2, "one to find the seat, one to lock it"
    assert all(looked_at(walk) <= WALKED for walk in walks), [looked_at(walk) for walk in walks]
    put_off = [scan for scan in scans if scan["Relation Name"] == "reviews_snooze"]
    assert put_off and all("snooze" in scan["Index Name"] for scan in put_off)
    assert more_than(WALKED, scans) == [], "nothing is read whole"
    sorts = [node for node in nodes if "Sort" in node["Node Type"]]
    assert all(node["Actual Rows"] <= MOST_SORTED for node in sorts), "a row a queue, a row a quota"


# As many as before there were questions, aids and guidelines: what the screen needs of them comes in the same ones.
CLAIM, DECIDE, CLAIM_BY_API, DECIDE_BY_API = 8, 14, 16, 21


@pytest.mark.parametrize("soft", [False, True])
def test_statements_of_a_claim(cast: Cast, soft: bool, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 3, images=3)
    decide(cast.reviewer, claimed(cast.reviewer))  # the day is open
    with django_assert_num_queries(CLAIM):
        assert queue.claim(cast.reviewer, soft=soft).slot


def test_statements_of_a_decision(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 1, images=3)
    slot = claimed(cast.reviewer)
    verdicts = approve_all(slot)
    with django_assert_num_queries(DECIDE):
        decide(cast.reviewer, slot, verdicts)


def test_statements_of_both_by_the_api(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 3, images=3)
    desk = Desk(cast)
    desk.decide(desk.item())
    with django_assert_num_queries(CLAIM_BY_API):
        item = desk.item()
    with django_assert_num_queries(DECIDE_BY_API):
        desk.decide(item)
