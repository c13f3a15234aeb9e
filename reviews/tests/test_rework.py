"""A rework is done as it was seen or not at all, in slices that can be stopped and begun again, and undone once."""

import uuid
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.tests.factories import Cast
from delivery.models import OutboxMessage
from generation.services.sweeping import restart_silent_work
from reviews.models import GuidelineVersion, ReviewItem, Rework
from reviews.rework import Act, Choice, matching
from reviews.services import guidelines, reworks
from reviews.services.refusals import Refusal
from reviews.services.reworks import effects, running
from reviews.tasks.queue import rework_slice
from reviews.tests.factories import claimed, decide, fill_queue, make_item, make_queue, reject_all
from reviews.tests.rework_acts import (
    AGAIN,
    WHY,
    WITHDRAW,
    assert_all_counts,
    done,
    photograph,
    priority,
    these,
    undone,
    why,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(cast: Cast) -> list[ReviewItem]:
    return fill_queue(make_queue(cast.team), cast.operator, 6)


def _chosen(cast: Cast, **said: object) -> set[int]:
    return set(matching(cast.team, Choice(**said)).values_list("pk", flat=True))  # type: ignore[arg-type]


def test_items_are_chosen_by_what_was_decided_on_them(cast: Cast) -> None:
    old = guidelines.publish_guideline(cast.team, cast.admin, "background_enhancement", text="One", change_note="")
    in_queue, other = make_queue(cast.team), make_queue(cast.team, variant="outpainting")
    first, second, third = fill_queue(in_queue, cast.operator, 3)
    [elsewhere] = fill_queue(other, cast.operator, 1)
    decide(cast.reviewer, claimed(cast.reviewer), guideline=old.number)
    slot = claimed(cast.second_reviewer)
    decide(cast.second_reviewer, slot, reject_all(slot))
    today = timezone.now().date()
    assert isinstance(old, GuidelineVersion)
    assert _chosen(cast, reviewer=cast.reviewer.username) == {first.pk}
    assert _chosen(cast, reviewer=cast.reviewer.username, since=today, until=today) == {first.pk}
    assert not _chosen(cast, reviewer=cast.reviewer.username, until=today - timedelta(days=2))
    assert not _chosen(cast, reviewer=cast.second_reviewer.username, guideline=1, variant="background_enhancement")
    assert _chosen(cast, guideline=1, variant="background_enhancement") == {first.pk}
    assert _chosen(cast, outcome="rejected") == _chosen(cast, code="seam") == {second.pk}
    assert _chosen(cast, state="open", queue=in_queue.pk) == {third.pk}
    assert _chosen(cast, variant="outpainting") == {elsewhere.pk}
    assert _chosen(cast, handles=(third.handle, elsewhere.handle), state="open", queue=other.pk) == {elsewhere.pk}
    assert not matching(cast.stranger.team, Choice(state="open")).exists()  # type: ignore[arg-type]


def test_days_are_those_of_the_team(cast: Cast) -> None:
    cast.team.time_zone = "Pacific/Auckland"
    cast.team.save()
    make_item(cast.operator)
    made = decide(cast.reviewer, claimed(cast.reviewer))
    day = timezone.localtime(made.created_at, timezone.zoneinfo.ZoneInfo("Pacific/Auckland")).date()  # type: ignore[attr-defined]
    assert _chosen(cast, since=day, until=day)
    assert not _chosen(cast, since=day + timedelta(days=1)) and not _chosen(cast, until=day - timedelta(days=1))


def test_an_effect_tells_what_cannot_be_done_and_changes_nothing(cast: Cast, waiting: list[ReviewItem]) -> None:
    decide(cast.reviewer, claimed(cast.reviewer))
    before = photograph()
    effect = reworks.effect_of(cast.team, Choice(variant="background_enhancement"), AGAIN)
    assert (effect.count, dict(effect.refused), len(effect.sample)) == (1, {"waits": 5}, 1)
    withdrawal = reworks.effect_of(cast.team, Choice(state="resolved"), WITHDRAW)
    assert (withdrawal.count, withdrawal.approved, withdrawal.in_hand) == (1, 1, 0)
    assert photograph() == before and not Rework.objects.exists()


@pytest.mark.parametrize("change", ["less", "other", "forged", "other act"])
def test_what_has_become_something_else_is_not_done(cast: Cast, waiting: list[ReviewItem], change: str) -> None:
    choice, act = Choice(state="open"), priority(2)
    seen = reworks.effect_of(cast.team, choice, act).seen
    if change == "less":
        decide(cast.reviewer, claimed(cast.reviewer))
    elif change == "other":
        ReviewItem.objects.filter(pk=waiting[0].pk).update(state="resolved")
        ReviewItem.objects.filter(pk=waiting[0].pk).update(priority=2)
    elif change == "forged":
        seen = "x" * 80
    else:
        act = priority(3)
    before = photograph()
    with pytest.raises(reworks.ReworkChanged):
        reworks.confirm(cast.team, cast.admin, choice, act, WHY, seen=seen)
    assert photograph() == before and not Rework.objects.exists()


def test_what_came_in_since_is_not_part_of_it(cast: Cast, waiting: list[ReviewItem]) -> None:
    choice, act = Choice(state="open"), priority(2)
    seen = reworks.effect_of(cast.team, choice, act).seen
    [late] = fill_queue(waiting[0].queue, cast.operator, 1)
    rework = reworks.confirm(cast.team, cast.admin, choice, act, WHY, seen=seen)
    late.refresh_from_db()
    assert (rework.items_done, late.priority) == (6, 0)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "a\0b"])
def test_a_reason_is_needed(cast: Cast, waiting: list[ReviewItem], reason: str) -> None:
    seen = reworks.effect_of(cast.team, Choice(state="open"), WITHDRAW).seen
    with pytest.raises(Refusal):
        reworks.confirm(cast.team, cast.admin, Choice(state="open"), WITHDRAW, reason, seen=seen)
    assert not Rework.objects.exists()


def test_nothing_chosen_and_too_much_are_refused(
    cast: Cast, waiting: list[ReviewItem], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refusal, match="Choose"):
        reworks.effect_of(cast.team, Choice(), WITHDRAW)
    monkeypatch.setattr(effects, "MOST_ITEMS", 5)
    with pytest.raises(Refusal, match="more than 5"):
        reworks.effect_of(cast.team, Choice(state="open"), WITHDRAW)


def test_who_why_and_what_are_kept(cast: Cast, waiting: list[ReviewItem]) -> None:
    rework = done(cast, Choice(state="open", since=None, queue=waiting[0].queue_id), priority(4))
    assert (rework.reason, rework.done_by) == (WHY, cast.admin)
    assert rework.said["choice"] == {"state": "open", "queue": waiting[0].queue_id}
    assert rework.said["names"] == {"queue": waiting[0].queue.name}
    undone(cast, rework)
    events = apps.get_model("reviews", "ReworkEvent").objects.values_list("pgh_context__metadata__user", flat=True)
    assert set(events) == {cast.admin.pk}


def test_it_is_undone_once(cast: Cast, waiting: list[ReviewItem]) -> None:
    before = photograph()
    rework = undone(cast, done(cast, Choice(state="open"), priority(4)))
    assert photograph() == before
    with pytest.raises(reworks.NotToBeUndone):
        reworks.undo_rework(rework, cast.admin)
    with pytest.raises(reworks.NotToBeCancelled):
        reworks.cancel_rework(rework, cast.admin)


def test_what_an_item_was_before_is_never_rewritten(cast: Cast, waiting: list[ReviewItem]) -> None:
    entry = done(cast, these(waiting[0]), priority(4)).items.get()
    attempts: list[dict[str, object]] = [{"before": {}}, {"state": "waiting"}, {"item": waiting[1]}]
    for values in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            type(entry).objects.filter(pk=entry.pk).update(**values)
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.delete()
    assert type(entry).objects.get().before == {"priority": 0}


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than two are many, and a slice is two."""
    for module in (effects, reworks.opening):
        monkeypatch.setattr(module, "AT_ONCE", 2)
    monkeypatch.setattr(running, "SLICE", 2)
    monkeypatch.setattr(running, "SLICE_SECONDS", 0.0)


def _begun(cast: Cast, act: Act, choice: Choice | None = None) -> Rework:
    choice = choice or Choice(state="open")
    effect = reworks.effect_of(cast.team, choice, act)
    return reworks.confirm(cast.team, cast.admin, choice, act, WHY, seen=effect.seen)


def test_many_are_done_by_a_worker_slice_by_slice(cast: Cast, waiting: list[ReviewItem], many: None) -> None:
    before = photograph()
    rework = _begun(cast, priority(5))
    assert (rework.state, rework.items_done) == ("queued", 0)
    told = []
    while rework.is_at_work:
        OutboxMessage.objects.all().delete()
        running.run_slice(rework, 0.0)
        rework.refresh_from_db()
        told.append((rework.state, rework.items_done, OutboxMessage.objects.filter(topic="rework.queued").count()))
    assert told == [("queued", 2, 1), ("queued", 4, 1), ("queued", 6, 1), ("done", 6, 0)]
    rework_slice(rework.pk)
    assert Rework.objects.get().items_done == 6, "a message that comes late does nothing"
    reworks.undo_rework(rework, cast.admin)
    assert rework.state == "undo_queued"
    for _ in range(4):
        running.run_slice(rework, 0.0)
    assert photograph() == before and Rework.objects.get().state == "undone"
    assert_all_counts()


def test_who_works_on_meanwhile_is_passed_over(cast: Cast, waiting: list[ReviewItem], many: None) -> None:
    rework = _begun(cast, priority(5))
    decide(cast.reviewer, claimed(cast.reviewer))
    while rework.is_at_work:
        running.run_slice(rework)
        rework.refresh_from_db()
    assert (rework.items_done, rework.items_passed) == (5, 1)
    assert why(rework) == ["not_waiting", "", "", "", "", ""]


def test_of_very_many_some_may_have_gone_on_and_none_may_be_added(
    cast: Cast, many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = fill_queue(make_queue(cast.team), cast.operator, 20)
    choice, act = Choice(queue=items[0].queue_id), priority(5)
    seen = reworks.effect_of(cast.team, choice, act).seen
    decide(cast.reviewer, claimed(cast.reviewer))
    rework = reworks.confirm(cast.team, cast.admin, choice, act, WHY, seen=seen)
    assert rework.items_total == 19
    ReviewItem.objects.update(state="open", priority=0)
    with pytest.raises(reworks.ReworkChanged):
        reworks.confirm(
            cast.team, cast.admin, choice, act, WHY, seen=seen.replace(f"-{len(items)}-", f"-{len(items) - 1}-")
        )
    for _ in range(3):
        decide(cast.reviewer, claimed(cast.reviewer))
    with pytest.raises(reworks.ReworkChanged):
        reworks.confirm(cast.team, cast.admin, choice, act, WHY, seen=seen)


def test_stopped_it_leaves_the_rest_and_what_is_done_can_be_undone(
    cast: Cast, waiting: list[ReviewItem], many: None
) -> None:
    before = photograph()
    rework = _begun(cast, priority(5))
    running.run_slice(rework, 0.0)
    reworks.cancel_rework(rework, cast.admin)
    assert running.run_slice(rework) is False
    assert ReviewItem.objects.filter(priority=5).count() == 2
    undone(cast, rework)
    assert photograph() == before


def test_a_slice_that_breaks_off_is_done_again_whole(
    cast: Cast, waiting: list[ReviewItem], many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rework = _begun(cast, priority(5))
    with monkeypatch.context() as broken:
        broken.setattr(running, "_kept", lambda *_: 1 / 0)
        assert running.run_slice(rework) is False
    assert not ReviewItem.objects.filter(priority=5).exists()
    while rework.is_at_work:
        running.run_slice(rework)
        rework.refresh_from_db()
    assert (rework.state, rework.items_done) == ("done", 6)


@pytest.mark.parametrize("undoes", [False, True])
def test_a_rework_that_stands_still_is_started_again(
    cast: Cast, waiting: list[ReviewItem], many: None, undoes: bool
) -> None:
    """Whether its message was lost, or its worker died in the middle."""
    rework = _begun(cast, priority(5))
    if undoes:
        while rework.is_at_work:
            running.run_slice(rework)
            rework.refresh_from_db()
        reworks.undo_rework(rework, cast.admin)
    state, long_ago = ("undoing" if undoes else "running"), timezone.now() - timedelta(minutes=5)
    stages = (reworks.DOING, reworks.UNDOING)
    OutboxMessage.objects.all().delete()
    Rework.objects.update(done_at=long_ago, heartbeat_at=long_ago)
    assert restart_silent_work(frozenset({"cpu"}), stages) == 1
    OutboxMessage.objects.all().delete()
    Rework.objects.update(state=state, attempt_token=uuid.uuid4(), attempts=1, heartbeat_at=long_ago)
    assert restart_silent_work(frozenset(), stages) == 1
    assert OutboxMessage.objects.get().topic == "rework.queued"
    while rework.is_at_work:
        rework_slice(rework.pk)
        rework.refresh_from_db()
    assert rework.state == ("undone" if undoes else "done")


def test_a_choice_is_told_as_it_was_made() -> None:
    assert Choice(since=date(2026, 1, 2)).as_json() == {"since": "2026-01-02"}
