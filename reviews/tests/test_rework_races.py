"""Admins rework while reviewers work: nothing is lost, nothing is given twice, and the counts stay exact."""

import random

import pytest
from django.db import OperationalError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Role
from accounts.tests.factories import Cast, make_cast, make_user
from reviews.models import Decision, ReviewItem, Rework, Slot
from reviews.rework import Act, Choice
from reviews.services import queue, reworks
from reviews.services.refusals import LeaseLost
from reviews.services.undoing import undo
from reviews.tests.factories import claimed, decide, fill_queue, in_threads, make_queue
from reviews.tests.rework_acts import (
    AGAIN,
    WHY,
    WITHDRAW,
    assert_all_counts,
    done,
    move_to,
    photograph,
    priority,
    undone,
)


def _work(cast: Cast, reviewer: int, people: list[object]) -> int:
    """Claims and decides what there is; what was taken from under the hands is told as lost, never broken."""
    made = 0
    for _ in range(8):
        user = people[reviewer]
        slot = queue.claim(user).slot  # type: ignore[arg-type]
        if slot is None:
            continue
        try:
            decide(user, slot)  # type: ignore[arg-type]
            made += 1
        except LeaseLost:
            continue
    return made


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["withdraw", "move", "prioritise"])
def test_reviewers_work_while_an_admin_does_and_undoes(kind: str) -> None:
    cast = make_cast()
    here, there = make_queue(cast.team, overlap=2), make_queue(cast.team, overlap=3, position=900)
    items = fill_queue(here, cast.operator, 12)
    people = [make_user(cast.team, Role.REVIEWER) for _ in range(4)]
    acts = {"withdraw": WITHDRAW, "move": move_to(there), "prioritise": priority(3)}
    choice = Choice(handles=tuple(item.handle for item in items))

    def run(number: int) -> int:
        if number < len(people):
            return _work(cast, number, people)  # type: ignore[arg-type]
        for _ in range(3):
            try:
                effect = reworks.effect_of(cast.team, choice, acts[kind])
                rework = reworks.confirm(cast.team, cast.admin, choice, acts[kind], WHY, seen=effect.seen)
                reworks.undo_rework(rework, cast.admin)
            except (reworks.ReworkChanged, reworks.NotToBeUndone, OperationalError):
                continue
        return 0

    decided = sum(in_threads(len(people) + 1, run))
    for rework in Rework.objects.all():
        while rework.is_at_work and reworks.run_slice(rework):
            rework.refresh_from_db()
    assert Decision.objects.count() == decided
    assert_all_counts()
    for item in ReviewItem.objects.all():
        states = list(item.slots.values_list("state", flat=True))
        assert item.state == "withdrawn" or "closed" not in states
        assert (item.state == "resolved") == (set(states) == {"decided"}) or item.state == "withdrawn"
        assert set(item.slots.values_list("queue", flat=True)) == {item.queue_id}


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_confirm_the_same_do_it_once() -> None:
    cast = make_cast()
    fill_queue(make_queue(cast.team), cast.operator, 4)
    for _ in range(4):
        decide(cast.reviewer, claimed(cast.reviewer))
    choice = Choice(reviewer=cast.reviewer.username)
    seen = reworks.effect_of(cast.team, choice, AGAIN).seen

    def confirm(_number: int) -> bool:
        try:
            reworks.confirm(cast.team, cast.admin, choice, AGAIN, WHY, seen=seen)
        except reworks.ReworkChanged:
            return False
        return True

    assert sum(in_threads(3, confirm)) == 1
    assert ReviewItem.objects.filter(state="open").count() == 4
    assert_all_counts()


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**16), kinds=st.lists(st.sampled_from(["again", "out", "move", "sooner"]), max_size=4))
def test_whatever_is_done_and_undone_leaves_all_as_before(seed: int, kinds: list[str]) -> None:
    cast, rng = make_cast(), random.Random(seed)
    here, there = make_queue(cast.team, overlap=2), make_queue(cast.team, overlap=rng.randint(1, 3), position=900)
    fill_queue(here, cast.operator, 4, images=2)
    fill_queue(there, cast.operator, 2)
    for reviewer in (cast.reviewer, cast.second_reviewer):
        for _ in range(rng.randint(0, 5)):
            decide(reviewer, claimed(reviewer))
        if rng.random() < 0.5 and Decision.objects.standing().filter(reviewer=reviewer).exists():
            undo(reviewer)
    Slot.objects.filter(state="leased").update(is_soft=False)
    acts: dict[str, Act] = {
        "again": AGAIN, "out": WITHDRAW,
        "move": move_to(rng.choice([here, there])), "sooner": priority(rng.randint(0, 9)),
    }  # fmt: skip
    known = list(ReviewItem.objects.order_by("pk"))
    before, made = photograph(known), []
    held = Slot.objects.filter(state="leased").exists()
    for kind in kinds:
        choice = Choice(variant=here.variant)
        if reworks.effect_of(cast.team, choice, acts[kind]).count:
            made.append(done(cast, choice, acts[kind]))
    for rework in reversed(made):
        undone(cast, rework)
        assert rework.items_left == 0
    if held and any(rework.kind == "withdraw" for rework in made):
        return  # whoever held one has lost it: the seat is ready, as the promise to them says
    assert photograph(known) == before
