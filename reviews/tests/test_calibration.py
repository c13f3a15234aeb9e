"""Known items come back among the others, evenly, and to people who have not seen them."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import Cast, make_cast
from delivery.models import OutboxMessage
from reviews.models import Queue, ReviewItem, Slot
from reviews.services import calibration, gold, later_visits, queue
from reviews.services.calibration import NotKnown
from reviews.services.queues import QueueRefused, save_queue
from reviews.services.refusals import Refusal
from reviews.tasks.queue import open_later_visits
from reviews.tests.factories import claimed, decide, fill_queue, make_item, make_queue
from reviews.tests.known_world import draw, floor_with_share, make_known, seat_of, shown, third_reviewer

pytestmark = pytest.mark.django_db


def _resolve_one(cast: Cast) -> ReviewItem:
    slot = claimed(cast.reviewer)
    decide(cast.reviewer, slot)
    slot.item.refresh_from_db()
    return slot.item


def _visits() -> list[ReviewItem]:
    return list(ReviewItem.objects.filter(queue__purpose="calibration").order_by("pk"))


def test_a_resolved_item_that_is_drawn_brings_a_known_one_among_those_that_wait(cast: Cast) -> None:
    known = make_known(cast)
    floor = Queue.objects.get()
    fill_queue(floor, cast.operator, 10)
    Queue.objects.update(gold_share=1.0)
    waiting = set(Slot.objects.filter(queue=floor, state="ready").values_list("turn_at", flat=True))
    item = _resolve_one(cast)
    assert OutboxMessage.objects.filter(topic="item.settled", key=item.pk).exists()
    open_later_visits(item.pk)
    (visit,) = _visits()
    assert (visit.first, visit.request, visit.state) == (known, known.request, "open")
    assert visit.entered_because["reason"] == "gold"
    seat = seat_of(visit)
    assert (seat.fresh_eyes, seat.family, seat.turn_at in waiting) == (True, known, True)
    open_later_visits(item.pk)
    assert calibration.pull_due() == 0
    assert len(_visits()) == 1, "once for each that is drawn"


def test_without_an_event_the_sweep_brings_it(cast: Cast) -> None:
    make_known(cast)
    fill_queue(Queue.objects.get(), cast.operator, 10)
    Queue.objects.update(gold_share=1.0)
    _resolve_one(cast)
    assert (calibration.pull_due(), len(_visits())) == (1, 1)


def test_without_a_share_nothing_comes(cast: Cast) -> None:
    make_known(cast)
    fill_queue(Queue.objects.get(), cast.operator, 10)
    item = _resolve_one(cast)
    assert calibration.open_drawn(item.pk) is None
    assert not OutboxMessage.objects.filter(topic="item.settled").exists()


def test_where_hardly_anything_waits_a_known_item_would_stand_out(cast: Cast) -> None:
    make_known(cast)
    fill_queue(Queue.objects.get(), cast.operator, calibration.FEWEST_WAITING)
    Queue.objects.update(gold_share=1.0)
    item = _resolve_one(cast)
    assert calibration.open_drawn(item.pk) is None


def test_no_more_wait_at_once_than_the_share(cast: Cast) -> None:
    for _ in range(3):
        make_known(cast)
    fill_queue(Queue.objects.get(), cast.operator, 12)
    Queue.objects.update(gold_share=1.0)
    first, second, third = (_resolve_one(cast) for _ in range(3))
    assert calibration.open_drawn(first.pk) and calibration.open_drawn(second.pk)
    Queue.objects.exclude(purpose="calibration").update(gold_share=0.2)  # of nine that wait: two
    draw(third)
    assert calibration.open_drawn(third.pk) is None
    Queue.objects.exclude(purpose="calibration").update(gold_share=0.3)
    assert calibration.open_drawn(third.pk) is not None


def test_about_the_share_is_drawn_and_nobody_foresees_it_by_the_handle(cast: Cast, settings: object) -> None:
    floor = make_queue(cast.team, gold_share=0.3)
    items = fill_queue(floor, cast.operator, 200)
    drawn = {item.pk for item in items if calibration.is_drawn(item)}
    assert 30 < len(drawn) < 90
    assert drawn == {item.pk for item in items if calibration.is_drawn(item)}
    settings.SECRET_KEY = "another installation"  # type: ignore[attr-defined]
    assert drawn != {item.pk for item in items if calibration.is_drawn(item)}


def test_who_judged_it_does_not_get_it_again(cast: Cast) -> None:
    visit = shown(cast, make_known(cast))
    assert queue.claim(cast.second_reviewer).reason == "nothing_waits"
    assert claimed(cast.reviewer).item == visit


def test_it_rests_and_those_shown_least_come_first(cast: Cast) -> None:
    known = [make_known(cast) for _ in range(2)]
    floor = Queue.objects.get()
    third = third_reviewer(cast)
    calibrations = shown(cast, known[0]).queue
    decide(cast.reviewer, claimed(cast.reviewer))
    assert set(calibration.showable_items(cast.team, floor.variant)) == {known[1]}
    ReviewItem.objects.filter(queue=calibrations).update(created_at=timezone.now() - calibration.RESTS_FOR)
    assert set(calibration.showable_items(cast.team, floor.variant)) == set(known)
    assert calibration.show_some(calibrations, cast.admin, 1) == 1
    assert claimed(third).item.first == known[1], "the other has been shown already"


def test_a_family_that_is_open_or_reported_or_half_known_is_not_shown(cast: Cast) -> None:
    known, half = make_known(cast), make_known(cast, images=2)
    entry = half.item_candidates.select_related("item__request").first()
    assert entry is not None
    gold.remove_gold(entry, cast.admin)
    found = calibration.showable_items(cast.team, known.request.variant)
    assert set(found) == {known}
    with pytest.raises(NotKnown):
        shown(cast, half)
    shown(cast, known)
    assert not found.all().exists()
    with pytest.raises(NotKnown):
        shown(cast, known)


def test_what_everybody_has_seen_is_shown_to_nobody(cast: Cast) -> None:
    make_queue(cast.team, overlap=2)
    item = make_item(cast.operator)
    for judge in (cast.reviewer, cast.second_reviewer):
        decide(judge, claimed(judge))
    gold.set_gold(item.item_candidates.get(), cast.admin, approved=True)
    item.refresh_from_db()
    assert not calibration.showable_items(cast.team, item.request.variant).exists()
    with pytest.raises(NotKnown, match="Everybody"):
        shown(cast, item)
    third = third_reviewer(cast)
    shown(cast, item)
    assert claimed(third).item.first == item


def test_what_nobody_comes_to_is_taken_away(cast: Cast) -> None:
    visits = [shown(cast, make_known(cast)) for _ in range(2)]
    claimed(cast.reviewer)
    assert calibration.withdraw_stale() == 0
    ReviewItem.objects.update(created_at=timezone.now() - calibration.WAITS_FOR - timedelta(minutes=1))
    assert calibration.withdraw_stale() == 1, "what somebody holds stays"
    assert sorted(item.state for item in _visits()) == ["open", "withdrawn"]
    assert Slot.objects.filter(item__in=visits, state="closed").count() == 1


def test_a_closed_or_paused_queue_for_calibration_wants_none(cast: Cast) -> None:
    known = make_known(cast)
    fill_queue(Queue.objects.get(), cast.operator, 10)
    Queue.objects.update(gold_share=1.0)
    make_queue(cast.team, purpose="calibration", is_closed=True)
    item = _resolve_one(cast)
    assert calibration.open_drawn(item.pk) is None
    with pytest.raises(NotKnown, match="closed"):
        shown(cast, known)
    assert Queue.objects.filter(purpose="calibration").count() == 1


def test_an_admin_shows_one_or_some(cast: Cast) -> None:
    known = [make_known(cast) for _ in range(3)]
    client = Client()
    client.force_login(cast.admin)
    page = client.get(reverse("reviews:item", args=[known[0].handle])).content.decode()
    assert "Show it for calibration" in page
    answer = client.post(reverse("reviews:calibrate", args=[known[0].handle]))
    (visit,) = _visits()
    assert answer.headers["Location"] == reverse("reviews:item", args=[visit.handle])
    page = client.get(answer.headers["Location"]).content.decode()
    assert f"Asked for by {cast.admin.username}." in page
    assert "Show it for calibration" not in page and "Let it be judged again" not in page
    address = reverse("reviews:show_known", args=[visit.queue_id])
    shows = client.get(reverse("reviews:queue", args=[visit.queue_id])).content.decode()
    assert "3 items of this variant" in shows and "2 of them" in shows
    for nonsense in ("", "0", "-1", "101", "1e9", "ten", "9" * 40):
        client.post(address, {"count": nonsense})
        assert len(_visits()) == 1, nonsense
    client.post(address, {"count": "50"})
    assert len(_visits()) == 3
    assert client.post(reverse("reviews:show_known", args=[known[0].queue_id]), {"count": "1"}).status_code == 404


def test_another_teams_known_items_do_not_exist(cast: Cast) -> None:
    known = make_known(cast)
    stranger = make_cast()
    client = Client()
    client.force_login(stranger.admin)
    assert client.post(reverse("reviews:calibrate", args=[known.handle])).status_code == 404
    assert not calibration.known_items(stranger.team, known.request.variant).exists()


def test_what_is_shown_for_calibration_is_not_brought_back_nor_given_another_answer(cast: Cast) -> None:
    visit = shown(cast, make_known(cast))
    decide(cast.reviewer, claimed(cast.reviewer))
    visit.refresh_from_db()
    with pytest.raises(Refusal, match="right answer is known"):
        later_visits.review_again(visit)
    entry = visit.item_candidates.select_related("item__queue", "item__request").get()
    with pytest.raises(Refusal, match="where it was first judged"):
        gold.set_gold(entry, cast.admin, approved=False, codes=["seam"])


def test_the_first_visit_still_gets_its_second_look(cast: Cast) -> None:
    """A calibration of the same request is no later visit that settles anything."""
    known = make_known(cast)
    Queue.objects.update(second_look_share=1.0)
    shown(cast, known)
    decide(cast.reviewer, claimed(cast.reviewer))
    assert later_visits.pull_due() == 1
    assert set(ReviewItem.objects.exclude(first=None).values_list("queue__purpose", flat=True)) == {
        "calibration", "second_look",
    }  # fmt: skip


def test_a_queue_keeps_what_it_holds_apart(cast: Cast) -> None:
    floor = floor_with_share(cast, 0.1, waiting=1)
    with pytest.raises(QueueRefused, match="known"):
        save_queue(floor, cast.admin, {"purpose": "calibration", "gold_share": 0.0})
    empty = make_queue(cast.team, lease_seconds=111)
    with pytest.raises(QueueRefused, match="Known items"):
        save_queue(empty, cast.admin, {"purpose": "calibration", "gold_share": 0.1})
    save_queue(empty, cast.admin, {"purpose": "calibration"})
    empty.refresh_from_db()
    assert empty.lease_seconds == floor.lease_seconds
    save_queue(floor, cast.admin, {"lease_seconds": 900})
    empty.refresh_from_db()
    assert empty.lease_seconds == 900, "how long it is held tells nothing"


def test_its_page_asks_only_what_matters_and_saves(cast: Cast) -> None:
    made = make_queue(cast.team, purpose="calibration", overlap=1, name="Known")
    client = Client()
    client.force_login(cast.admin)
    address = reverse("reviews:queue", args=[made.pk])
    page = client.get(address)
    assert "What it takes" not in page.content.decode() and "Dry run" not in page.content.decode()
    form = page.context["form"]
    sent = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    sent |= {"conditions-TOTAL_FORMS": 3, "conditions-INITIAL_FORMS": 0, "overlap": 2}
    sent |= {"skills-TOTAL_FORMS": 0, "skills-INITIAL_FORMS": 0}
    assert client.post(address, sent).status_code == 302
    made.refresh_from_db()
    assert (made.overlap, made.purpose) == (2, "calibration")


def test_an_expired_turn_is_not_a_reason_for_many(cast: Cast) -> None:
    """Stuck seats, in front of all that waits, are not counted among those that come next."""
    known = [make_known(cast) for _ in range(2)]
    fill_queue(Queue.objects.get(), cast.operator, 10)
    stuck = shown(cast, known[0])
    Slot.objects.filter(item=stuck).update(turn_at=F("turn_at") - timedelta(days=2))
    slot = claimed(cast.second_reviewer)  # who does not get the stuck one
    decide(cast.second_reviewer, slot)
    item = slot.item
    Queue.objects.exclude(purpose="calibration").update(gold_share=0.1)  # of those that wait: one
    draw(item)
    assert calibration.open_drawn(item.pk) is not None
