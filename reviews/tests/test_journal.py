"""My decisions: found by what was judged and said, taken back where that can be, and nobody else's."""

import pytest
from django.test import Client

from accounts.tests.factories import Cast
from generation.models import GenerationRequest
from generation.services import repairs
from reviews import journal
from reviews.journal import JournalFilters
from reviews.models import Decision, Slot, SnapshotDecision
from reviews.services import decisions, quotas
from reviews.services.verdicts import VerdictInput
from reviews.tests.factories import claimed, decide, make_item, make_queue, make_snapshot, report


@pytest.fixture
def judged(cast: Cast) -> list[Decision]:
    """Approved; rejected with a comment; "cannot judge"; a reported mask; and one of the second reviewer."""
    make_queue(cast.team)
    for number in range(5):
        item = make_item(cast.operator)
        GenerationRequest.objects.filter(pk=item.request_id).update(prompt=f"scene {number}")
    first = decide(cast.reviewer, claimed(cast.reviewer))
    slot = claimed(cast.reviewer)
    handle = slot.item.candidates.get().handle
    second = decide(cast.reviewer, slot, [VerdictInput(handle, False, ["cutout_edge"], "A bite in the rim")])
    third = decide(cast.reviewer, claimed(cast.reviewer), cannot_judge=True)
    fourth = report(cast.reviewer, claimed(cast.reviewer))
    decide(cast.second_reviewer, claimed(cast.second_reviewer))
    return [first, second, third, fourth]


def found(cast: Cast, **filters: object) -> list[Decision]:
    return list(journal.decided(cast.reviewer, JournalFilters(**filters)).order_by("pk"))  # type: ignore[arg-type]


def test_each_filter_finds_what_it_says(cast: Cast, judged: list[Decision]) -> None:
    first, second, third, fourth = judged
    title = first.slot.item.request.revisions.get().product.title
    assert found(cast) == judged
    assert found(cast, words="SCENE 1") == [second]
    assert found(cast, words=title) == [first]
    assert found(cast, words="bite in") == found(cast, words="cut-out") == found(cast, words="cutout_edge") == [second]
    assert found(cast, words="scene 4") == []
    assert found(cast, kind="cannot_judge") == [third]
    assert found(cast, verdict="approved") == [first]
    assert found(cast, verdict="rejected") == [second]
    decisions.undo(cast.reviewer, fourth)
    assert found(cast, standing="taken_back") == [fourth]
    assert found(cast, standing="standing") == [first, second, third]


def test_a_button_stands_only_where_it_can_work(cast: Cast, judged: list[Decision]) -> None:
    first, second, third, fourth = judged
    SnapshotDecision.objects.create(snapshot=make_snapshot(cast.ml_engineer), decision=first)
    decisions.undo(cast.reviewer, third)
    rows = journal.decided(cast.reviewer, JournalFilters())
    offered = {row.pk for row in journal.newest(rows, None)[0] if row.can_be_taken_back}  # type: ignore[attr-defined]
    assert offered == {second.pk, fourth.pk}
    repairs.keep_mask(fourth.slot.item.request.mask_repairs.get(), cast.operator)
    offered = {row.pk for row in journal.newest(rows, None)[0] if row.can_be_taken_back}  # type: ignore[attr-defined]
    assert offered == {second.pk}


def test_taking_back_leads_to_the_desk(cast: Cast, judged: list[Decision], client: Client) -> None:
    client.force_login(cast.reviewer)
    answer = client.post(f"/decisions/{judged[1].pk}/take-back/")
    assert answer.headers["Location"] == "/review/"
    assert Slot.objects.get(pk=judged[1].slot_id).state == "leased"
    again = client.post(f"/decisions/{judged[1].pk}/take-back/", follow=True)
    assert "This decision was already taken back." in again.content.decode()


def test_where_the_day_has_no_room_it_waits(cast: Cast, judged: list[Decision], client: Client) -> None:
    quotas.set_limit(cast.reviewer, 0, by=cast.admin)
    client.force_login(cast.reviewer)
    answer = client.post(f"/decisions/{judged[0].pk}/take-back/", follow=True)
    assert "quota has no room" in answer.content.decode()


def test_nobody_elses_can_be_seen_or_taken_back(cast: Cast, judged: list[Decision], client: Client) -> None:
    client.force_login(cast.second_reviewer)
    assert [row.reviewer for row in client.get("/decisions/").context["decisions"]] == [cast.second_reviewer]
    assert client.post(f"/decisions/{judged[0].pk}/take-back/").status_code == 404
    assert found(cast) == judged


def test_pages_follow_each_other(cast: Cast, judged: list[Decision]) -> None:
    rows = journal.decided(cast.reviewer, JournalFilters())
    page, before = journal.newest(rows, None, 3)
    rest, end = journal.newest(rows, before, 3)
    assert [*page, *rest] == judged[::-1]
    assert end is None
