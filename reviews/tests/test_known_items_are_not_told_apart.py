"""At the desk and after it a known item is like any other: no key, header, page, lease or refusal tells it (I9)."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pgtrigger
import pytest
from django.db.models import F
from django.test import Client

from accounts.tests.factories import Cast
from generation.models import DatasetSnapshot
from reviews import journal, metrics
from reviews.journal import JournalFilters
from reviews.models import Decision, Queue, QueueAudience, Quota, ReviewItem, Slot
from reviews.models.gold import known_verdicts
from reviews.services import calibration, queue, quota_changes, undoing
from reviews.services.judged import SnapshotFilters, judged_requests
from reviews.services.quota_changes import Change, ChangesRefused
from reviews.services.refusals import AlreadyExported, ItemLocked, ItemWithdrawn
from reviews.tests.factories import claimed, decide, fill_queue, make_item, make_queue, report
from reviews.tests.known_world import make_known, shown, third_reviewer, told
from reviews.tests.test_desk_api import ROOT, Desk

pytestmark = pytest.mark.django_db

SEAM = {"approved": False, "codes": ["seam"]}
_VARYING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,}|\d{4}-\d\d-\d\dT[\d:.]+Z?|Product \w+")


def _pair(cast: Cast) -> tuple[ReviewItem, ReviewItem]:
    """An ordinary item and a known one, alike in all that is asked for, and more that waits than is counted."""
    visit = shown(cast, make_known(cast, images=2))
    item = make_item(cast.operator, 2)
    fill_queue(item.queue, cast.operator, 101)
    return item, visit


def _told(answer: Any) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in sorted(answer.items()))
    return _VARYING.sub("…", f"{answer.status_code}\n{headers}\n{answer.content.decode()}")


def _walk(desk: Desk, item: ReviewItem, reviewer: Any) -> list[str]:
    """All that can be asked of one item, and what is answered, without what differs between any two items."""
    slot = queue.claim(reviewer, item=item).slot
    assert slot is not None
    handed = desk.item()
    assert handed["item"] == str(item.handle)
    lease = f"leases/{handed['token']}/"
    seam = [{"candidate": entry["handle"], **SEAM} for entry in handed["candidates"]]
    answers = [desk.post("claim/"), desk.post(f"{lease}show/"), desk.post(f"{lease}extend/")]
    answers += [desk.client.get(f"{ROOT}{lease}aids/"), desk.decide(handed, verdicts=[]), desk.decide(handed)]
    answers += [desk.client.get(f"{ROOT}recent/"), undone := desk.post("undo/")]
    again = undone.json()["item"]
    answers += [desk.decide(again, verdicts=[], mask_wrong={"comment": "Look.", "marks": [{"x": 0.5, "y": 0.5}]})]
    answers += [undone := desk.post("undo/")]
    answers += [desk.decide(undone.json()["item"], verdicts=[], escalate={"question": "Which?"}), desk.post("undo/")]
    answers += [desk.decide(desk.item(), verdicts=seam)]
    answers += [desk.client.get(address) for address in ("/day/", "/decisions/", "/")]
    answers += [desk.post("undo/"), desk.post(f"leases/{desk.item()['token']}/skip/")]
    return [_told(answer) for answer in answers]


def test_every_answer_about_a_known_item_is_like_that_about_another(cast: Cast) -> None:
    """Two reviewers, each with one of them: what they are told is the same to the last key."""
    other, known = _pair(cast)
    third, fourth = third_reviewer(cast), third_reviewer(cast)
    said = []
    for reviewer, item in ((third, other), (fourth, known)):
        answers = _walk(Desk(replace(cast, reviewer=reviewer)), item, reviewer)
        said.append([answer.replace(reviewer.username, "who") for answer in answers])
        assert [answer.split("\n", 1)[0] for answer in answers] == ["200"] * 4 + ["400"] + ["200"] * 13
        Slot.objects.filter(reviewer=reviewer).exclude(state="decided").update(state="ready", reviewer=None)
    for number, (of_other, of_known) in enumerate(zip(*said, strict=True)):
        assert _without_numbers(of_other) == _without_numbers(of_known), number
        assert "calibration" not in of_known.casefold() and "gold" not in of_known.casefold(), number


def _without_numbers(text: str) -> str:
    """Keys of rows, and the order of two images, are of chance: numbers go, and lines are compared sorted."""
    text = re.sub(r"nonce-[\w+/=-]+|nonce=\"[^\"]+\"|csrf[^>]*>|Set-Cookie: .*", "", text)
    return "\n".join(sorted(re.sub(r"\d+", "0", text).splitlines()))


def test_a_lease_lasts_as_long(cast: Cast) -> None:
    make_queue(cast.team, lease_seconds=1234, soft_lease_seconds=77)
    visit = shown(cast, make_known(cast))
    assert (visit.queue.lease_seconds, visit.queue.soft_lease_seconds) == (1234, 77)


def test_it_locks_like_another(cast: Cast) -> None:
    for approves in (True, False):
        told(cast, cast.reviewer, right=True, approves=approves)
        ReviewItem.objects.update(resolved_at=F("resolved_at") - timedelta(days=3))
        if approves:
            with pytest.raises(ItemLocked):
                undoing.undo(cast.reviewer)
        else:
            undoing.undo(cast.reviewer)


@pytest.mark.parametrize(("variant", "is_held"), [(None, True), ("background_enhancement", True), ("motion", False)])
def test_a_dataset_holds_it_like_another_though_it_is_not_in_it(cast: Cast, variant: str | None, is_held: bool) -> None:
    decision = told(cast, cast.reviewer, right=True, approves=False)
    rows = journal.decided(cast.reviewer, JournalFilters())
    assert journal.newest(rows, None)[0][0].can_be_taken_back  # type: ignore[attr-defined]
    DatasetSnapshot.objects.create(
        team=cast.team, name="mugs", version=1, sha256="0" * 64, files={}, counts={}, filters={"variant": variant},
        created_by=cast.ml_engineer,
    )  # fmt: skip
    assert journal.newest(rows, None)[0][0].can_be_taken_back is not is_held  # type: ignore[attr-defined]
    if is_held:
        with pytest.raises(AlreadyExported):
            undoing.undo(cast.reviewer, decision)
    else:
        undoing.undo(cast.reviewer, decision)
    assert all(decision.pk not in one.decisions for one in judged_requests(cast.team, SnapshotFilters()))


def test_it_comes_only_to_who_judges_the_variant_and_only_beside_other_work(cast: Cast) -> None:
    visit = shown(cast, make_known(cast))
    floor = Queue.objects.exclude(purpose="calibration").get()
    fill_queue(floor, cast.operator, 1)
    Queue.objects.filter(pk=floor.pk).update(is_paused=True)
    assert queue.claim(cast.reviewer).reason == "paused", "alone, it could be told"
    assert metrics.waiting_for(cast.reviewer) == 0
    Queue.objects.filter(pk=floor.pk).update(is_paused=False)
    QueueAudience.objects.create(queue=floor, reviewer=third_reviewer(cast))
    assert queue.claim(cast.reviewer).reason == "nothing_waits"
    QueueAudience.objects.all().delete()
    Quota.objects.create(team=cast.team, queue=floor, cap=0)
    assert queue.claim(cast.reviewer).reason == "quota_reached"
    Quota.objects.all().delete()
    assert {claimed(cast.reviewer).item, claimed(cast.reviewer, soft=True).item} >= {visit}


def test_its_queue_has_no_quota_that_a_reviewer_would_see(cast: Cast) -> None:
    visit = shown(cast, make_known(cast))
    with pytest.raises(ChangesRefused, match="Gold calibration"):
        quota_changes.set_quotas(cast.team, [Change(queue=visit.queue.name, cap=3)], cast.admin)
    assert not Quota.objects.exists()


def test_what_a_report_says_to_who_holds_another_seat_is_the_same(cast: Cast) -> None:
    make_queue(cast.team)
    make_queue(cast.team, purpose="calibration", overlap=2)
    item = make_known(cast, images=1)
    visit = shown(cast, item)
    third = third_reviewer(cast)
    theirs = queue.claim(cast.reviewer, item=visit).slot
    mine = queue.claim(third, item=visit).slot
    assert theirs is not None and mine is not None
    report(cast.reviewer, theirs)
    with pytest.raises(ItemWithdrawn, match="mask of this item is wrong"):
        decide(third, mine)


def test_a_reviewer_is_told_only_many_together_and_not_those_of_today(cast: Cast) -> None:
    for number in range(metrics.FEWEST_KNOWN):
        told(cast, cast.reviewer, right=number > 0, approves=True)
    assert known_verdicts(cast.team).count() == metrics.FEWEST_KNOWN
    assert metrics.known_so_far(cast.reviewer) is None, "today's"
    _yesterday()
    found = metrics.known_so_far(cast.reviewer)
    assert found is not None and (found.agreed, found.of) == (9, 10)
    client = Client()
    client.force_login(cast.reviewer)
    assert "Known images" not in client.get("/day/").content.decode()
    cast.team.shows_agreement = True
    cast.team.save()
    assert "Known images: 9 of 10 right, up to yesterday" in client.get("/day/").content.decode()


def _yesterday() -> None:
    with pgtrigger.ignore("reviews.Decision:append_only"):
        Decision.objects.update(created_at=F("created_at") - timedelta(days=1))


def test_the_draw_places_it_among_the_next(cast: Cast) -> None:
    """Not always first, not always last: over many draws it stands at many places."""
    known = [make_known(cast) for _ in range(12)]
    floor = Queue.objects.get()
    fill_queue(floor, cast.operator, 30)
    turns = list(Slot.objects.filter(queue=floor, state="ready").order_by("turn_at", "pk").values_list("pk", flat=True))
    for number, pk in enumerate(turns):
        Slot.objects.filter(pk=pk).update(turn_at=F("turn_at") + timedelta(seconds=number))
    for item in known:
        shown(cast, item)
    calibrations = Slot.objects.filter(queue__purpose="calibration").values_list("turn_at", flat=True)
    assert len(set(calibrations)) > 4
    assert calibration.known_items(cast.team, floor.variant).count() == 12
