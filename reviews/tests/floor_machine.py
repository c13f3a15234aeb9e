"""A whole floor, in any order: queues with audiences, caps of every kind, pauses, people who walk away and answer late,
and machines whose clocks are wrong. Every claim is held against floor_oracle."""

import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import F
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from accounts.models import Membership, User
from accounts.tests.factories import Cast, make_cast
from generation.tests.factories import make_scored_request
from reviews.models import Decision, Holiday, ReviewItem, Slot, WorkDay
from reviews.models.crews import GroupMember, ReviewerGroup, ReviewerSkill, Skill
from reviews.services import counts, enqueueing, holidays, leases, pauses, queue, queues, quota_changes
from reviews.services.queue import Claim
from reviews.services.refusals import LeaseLost
from reviews.tests.desk_machine import BACK, OVERLAP, WHO, latest
from reviews.tests.desk_promises import Desk
from reviews.tests.factories import database_now, decide, expire, fill_queue, make_queue, make_snapshot, token_of
from reviews.tests.floor_oracle import Ledger, Oracle
from reviews.tests.skewed_clock import SkewedClock

ZONES = ("", "Pacific/Kiritimati", "Etc/GMT+12")
"""The team's own, and two that are 26 hours apart."""
MOST_ITEMS = 9
CAPS = st.fixed_dictionaries({
    "whom": st.sampled_from(["everybody", "group", "first", "second"]),
    "where": st.sampled_from(["all", "all", "variant", "queue 0", "queue 1", "queue 2"]),
    "period": st.sampled_from(["day", "week"]),
    "unit": st.sampled_from(["images", "images", "minutes"]),
    "is_shared": st.booleans(),
    "carries_over": st.booleans(),
    "cap": st.none() | st.integers(0, 5),
})  # fmt: skip


class FloorMachine(SkewedClock, Desk):
    """Three queues: two reviewers an item; an audience that changes; another variant."""

    @initialize(policy=st.sampled_from(["any_reject_fails", "majority"]), caps=st.lists(CAPS, max_size=3))
    def open(self, policy: str, caps: Sequence[dict[str, Any]] = ()) -> None:
        cast = make_cast()
        self.cast, self.admin, self.snapshot = cast, cast.admin, make_snapshot(cast.ml_engineer)
        self.reviewers = [cast.reviewer, cast.second_reviewer, cast.admin]
        self.queues = [
            make_queue(cast.team, overlap=OVERLAP, policy=policy),
            make_queue(cast.team, policy=policy),
            make_queue(cast.team, variant="outpainting"),
        ]
        for which, images in ((0, 1), (1, 3), (2, 1), (1, 1), (0, 2), (1, 2)):
            fill_queue(self.queues[which], cast.operator, 1, images=images)
        self._make_crews(cast)
        self._begin()
        self.ledger = Ledger()
        self.walked_away: list[tuple[User, Slot]] = []
        for wanted in caps:
            self.change_cap(wanted)

    def _make_crews(self, cast: Cast) -> None:
        self.group = ReviewerGroup.objects.create(team=cast.team, name="Day")
        GroupMember.objects.bulk_create(GroupMember(group=self.group, reviewer=who) for who in self.reviewers[:2])
        self.skill = Skill.objects.create(team=cast.team, name="Glass")
        for who, level in zip(self.reviewers[1:], (4, 2), strict=True):
            ReviewerSkill.objects.create(reviewer=who, skill=self.skill, level=level)

    # Claims

    @rule(who=WHO, soft=st.booleans())
    def claim(self, who: int, soft: bool) -> None:
        self._claim(self.reviewers[who], partial(queue.claim, self.reviewers[who], soft=soft))

    @rule(who=WHO, known=st.integers(0, 3))
    def fetch_ahead(self, who: int, known: int) -> None:
        held = [token_of(slot) for slot in queue.current(self.reviewers[who])][:known]
        self._claim(self.reviewers[who], partial(queue.claim, self.reviewers[who], soft=True, held=held))

    def _claim(self, reviewer: User, ask: Callable[[], Claim]) -> Claim:
        before = {slot.lease_token for slot in queue.current(reviewer)}
        tight, loose = (Oracle(reviewer, self.ledger, others_went=went) for went in (False, True))
        answer = ask()
        # I7: what they let run out themselves is nobody's after one claim.
        assert not Slot.objects.filter(reviewer=reviewer, lease_until__lte=leases.ClockTimestamp()).exists()
        if answer.slot is None:
            self._refused(answer, loose)
            return answer
        assert answer.slot.reviewer == reviewer
        if answer.slot.lease_token not in before:
            # The very seat, and so: for them, not paused, and within every cap that concerns them.
            assert answer.slot.pk == (tight.fits() or loose.fits())[0].pk
            self._within_caps(reviewer, answer.slot)
        self.tokens.append(token_of(answer.slot))
        return answer

    def _within_caps(self, reviewer: User, slot: Slot) -> None:
        """I4: no cap on images is overdrawn by what was just given."""
        now = Oracle(reviewer, self.ledger, others_went=False)
        assert slot.quota_day is not None and slot.quota_day.day == now.today
        for cap in now.caps:
            concerned = cap.quota.queue_id in (None, slot.queue_id) and cap.quota.variant in ("", slot.queue.variant)
            assert cap.quota.unit != "images" or not concerned or cap.used <= cap.allowed, cap

    def _refused(self, answer: Claim, oracle: Oracle) -> None:
        if answer.reason == "prefetched":
            return
        assert oracle.fits() == []
        waiting = {slot.queue_id for slot in oracle.waits()}
        given_out = {key for key in waiting if not oracle.is_paused(key)}
        if given_out:
            assert answer.reason == "quota_reached"
        elif waiting:
            assert answer.reason == ("person_paused" if oracle.is_person_paused else "paused")
        else:
            assert answer.reason in ("nothing_waits", "snoozed")

    # People who walk away, and what they say late

    @rule()
    def time_runs_out(self) -> None:
        for reviewer in self.reviewers:
            self._walk_away(reviewer)

    @rule(who=WHO)
    def walk_away(self, who: int) -> None:
        self._walk_away(self.reviewers[who])

    def _walk_away(self, reviewer: User) -> None:
        held = queue.current(reviewer)
        if held:
            expire(*held)
        self.walked_away += [(reviewer, slot) for slot in held]

    @precondition(lambda self: self.walked_away)
    @rule(back=BACK)
    def answer_late(self, back: int) -> None:
        """Under the old token it is refused; then for that very item, whatever is paused and whoever judges there."""
        reviewer, slot = latest(self.walked_away, back)
        before = self._everything()
        try:
            decide(reviewer, slot, cannot_judge=True)
            raise AssertionError("the lease had run out")
        except LeaseLost:
            assert self._everything() == before  # I6
        made = self._late(reviewer, slot.item)
        if made is not None:
            assert Decision.objects.standing().filter(pk=made.pk).exists()

    @rule(who=WHO, which=st.integers(0, MOST_ITEMS))
    def claim_late(self, who: int, which: int) -> None:
        self._claim_late(self.reviewers[who], latest(self._items(), which))

    def _claim_late(self, reviewer: User, item: ReviewItem) -> Slot | None:
        held = [slot for slot in queue.current(reviewer) if slot.item_id == item.pk]
        oracle = Oracle(reviewer, self.ledger, others_went=True)
        decided = Decision.objects.count()
        answer = queue.claim_late(reviewer, item.handle)
        assert (answer.slot is not None) is bool(held or oracle.fits(item=item.pk))
        if answer.slot is None:
            assert answer.reason == ("quota_reached" if oracle.waits(item=item.pk) else "taken")
            assert Decision.objects.count() == decided
            return None
        assert answer.slot.item == item and answer.slot.reviewer == reviewer
        if not held:
            self._within_caps(reviewer, answer.slot)
        self.tokens.append(token_of(answer.slot))
        return answer.slot

    def _late(self, reviewer: User, item: ReviewItem) -> Decision | None:
        slot, key = self._claim_late(reviewer, item), uuid.uuid4()
        if slot is None:
            return None
        made = decide(reviewer, slot, cannot_judge=True, idempotency_key=key, active_ms=self.active_ms)
        self._remember(reviewer, slot, key, made)
        return made

    def _remember(self, reviewer: User, slot: Slot, key: uuid.UUID, made: Decision) -> None:
        super()._remember(reviewer, slot, key, made)
        day = Oracle(reviewer, self.ledger, others_went=False).today
        self.ledger.worked.append((reviewer.pk, slot.queue_id, day, made.active_ms))

    # What admins do meanwhile

    @rule(wanted=CAPS)
    def change_cap(self, wanted: dict[str, Any]) -> None:
        whom: dict[str, dict[str, Any]] = {"group": {"group": self.group.name}} | {
            name: {"reviewer": who.username} for name, who in zip(("first", "second"), self.reviewers, strict=False)
        }
        where: dict[str, dict[str, Any]] = {"variant": {"variant": "background_enhancement"}} | {
            f"queue {number}": {"queue": one.name} for number, one in enumerate(self.queues)
        }
        change = quota_changes.Change(
            **whom.get(wanted["whom"], {}), **where.get(wanted["where"], {}), period=wanted["period"],
            unit=wanted["unit"], cap=wanted["cap"], carries_over=wanted["carries_over"],
            is_shared=wanted["is_shared"] and wanted["whom"] in ("everybody", "group"),
        )  # fmt: skip
        quota_changes.set_quotas(self.cast.team, [change], self.admin)
        self.ledger.note_quotas(self.cast.team)

    @rule(who=WHO, limit=st.integers(0, 8))
    def change_limit(self, who: int, limit: int) -> None:
        super().change_limit(who, limit)
        self.ledger.note_quotas(self.cast.team)

    @rule(who=st.none() | WHO, ends=st.booleans())
    def pause(self, who: int | None, ends: bool) -> None:
        reviewer = None if who is None else self.reviewers[who]
        if ends:
            pauses.resume(self.cast.team, reviewer, self.admin)
            return
        held = {slot.lease_token for one in self.reviewers for slot in queue.current(one)}
        try:
            pauses.pause(self.cast.team, reviewer, "Fire drill", self.admin)
        except pauses.AlreadyPaused:
            return
        assert held == {slot.lease_token for one in self.reviewers for slot in queue.current(one)}

    @rule(which=st.integers(0, 2), paused=st.booleans())
    def pause_queue(self, which: int, paused: bool) -> None:
        queues.set_paused(self.queues[which], self.admin, paused=paused)

    @rule()
    def everything_goes_on(self) -> None:
        for reviewer in (None, *self.reviewers):
            pauses.resume(self.cast.team, reviewer, self.admin)
        for one in self.queues:
            queues.set_paused(one, self.admin, paused=False)

    @rule(whom=st.sampled_from(["everybody", "one", "group", "skill"]))
    def change_audience(self, whom: str) -> None:
        audience = {
            "one": queues.Audience(reviewers=self.reviewers[:1]),
            "group": queues.Audience(groups=[self.group]),
            "skill": queues.Audience(skills={self.skill: 3}),
        }.get(whom, queues.Audience())
        self.queues[1] = queues.save_queue(self.queues[1], self.admin, {}, audience)

    @rule(who=st.none() | WHO)
    def keep_the_day_free(self, who: int | None) -> None:
        """It sets no target, and keeps nobody from working: the oracle does not ask."""
        today = database_now().date()
        reviewer = None if who is None else self.reviewers[who]
        holidays.set_holiday(self.cast.team, today, self.admin, reviewer=reviewer)
        assert Holiday.objects.filter(team=self.cast.team, day=today).exists()

    # Time and clocks

    @rule(milliseconds=st.sampled_from([0, 30_000, 90_000]))
    def work_at_a_pace(self, milliseconds: int) -> None:
        self.active_ms = milliseconds

    @rule(who=WHO, zone=st.sampled_from(ZONES))
    def move_away(self, who: int, zone: str) -> None:
        Membership.objects.filter(user=self.reviewers[who]).update(time_zone=zone)

    @rule()
    def midnight(self) -> None:
        """Everything that was today is yesterday."""
        super().midnight()
        for day in WorkDay.objects.filter(reviewer__in=self.reviewers).order_by("day"):
            WorkDay.objects.filter(pk=day.pk).update(day=day.day - timedelta(days=1))
        self.cast.team.quotas.update(created_at=F("created_at") - timedelta(days=1))
        self.ledger.shift(1)

    @precondition(lambda self: len(self._items()) < MOST_ITEMS)
    @rule(images=st.integers(1, 2), due=st.none() | st.integers(1, 30))
    def arrive(self, images: int, due: int | None) -> None:
        """It comes as the database says when, whatever the clock of the worker that let it in."""
        type(self.queues[0]).objects.filter(pk=self.queues[0].pk).update(due_hours=due)
        item = enqueueing.enqueue_request(make_scored_request(self.cast.operator, [0.5] * images))
        assert item is not None and item.queue == self.queues[0]
        turn = database_now() - max(timedelta(hours=24 - due), timedelta(0)) if due else database_now()
        for slot in item.slots.all():
            assert abs(slot.turn_at - turn) < timedelta(minutes=1)

    # What holds

    @invariant()
    def no_clock_makes_a_lease_longer(self) -> None:
        for slot in Slot.objects.filter(queue__in=self.queues, state="leased").select_related("queue"):
            assert slot.lease_until is not None
            most = slot.queue.lease_seconds if slot.seen_at else slot.queue.soft_lease_seconds
            assert slot.lease_until <= database_now() + timedelta(seconds=most)

    @invariant()
    def time_is_counted_on_the_day_it_was_worked(self) -> None:
        counted: dict[tuple[int, int, Any], int] = {}
        for who, where, day, worked in self.ledger.worked:
            counted[who, where, day] = counted.get((who, where, day), 0) + worked
        days = WorkDay.objects.filter(reviewer__in=self.reviewers, active_ms__gt=0)
        assert {(day.reviewer_id, day.queue_id, day.day): day.active_ms for day in days} == {
            key: worked for key, worked in counted.items() if worked
        }

    @invariant()
    def counters_are_what_the_rows_say(self) -> None:
        ours = {str(one.pk) for one in self.queues}  # others are of an earlier run, which may have found something
        assert [trouble for trouble in counts.check_counts() if trouble.owner["queue_id"] in ours] == []
