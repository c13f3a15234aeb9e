"""The promises I1 to I8 of the desk, under any order of what people can do to it."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

import pytest
from django.db.models import Count, F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import User
from accounts.tests.factories import make_cast
from generation.models import MaskRepair
from generation.services import repairs
from reviews.models import Decision, Outcome, PreferencePair, QuotaDay, Retraction, ReviewItem, Slot, SnapshotDecision
from reviews.services import decisions, leases, queue, quotas, withdrawals
from reviews.services.outcomes import outcome_of
from reviews.services.refusals import AlreadyExported, AlreadyUndone, KeyReused, LeaseLost, MaskSettled
from reviews.services.verdicts import MaskReport, VerdictInput
from reviews.tests.factories import (
    approve_all,
    decide,
    expire,
    fill_queue,
    make_queue,
    make_snapshot,
    reject_all,
    token_of,
)

T = TypeVar("T")
WHO = st.integers(0, 2)
BACK = st.integers(0, 5)
"""How far back to reach among what was given or answered; 0 is the latest."""
OVERLAP = 2
REPORT = MaskReport("The handle is cut off", [{"x": 0.5, "y": 0.25}])


def _latest(given: Sequence[T], back: int) -> T:
    return given[-1 - back % len(given)]


class Desk(RuleBasedStateMachine):
    """Three reviewers at one queue of a few items. What the machine remembers is only what it was answered."""

    @initialize(policy=st.sampled_from(["any_reject_fails", "majority"]))
    def open(self, policy: str) -> None:
        cast = make_cast()
        self.admin, self.snapshot = cast.admin, make_snapshot(cast.ml_engineer)
        self.reviewers = [cast.reviewer, cast.second_reviewer, cast.admin]
        self.queue = make_queue(cast.team, overlap=OVERLAP, policy=policy)
        for images in (1, 1, 2):
            fill_queue(self.queue, cast.operator, 1, images=images)
        for reviewer in self.reviewers:
            quotas.set_limit(reviewer, 8, self.admin)
        self.tokens: list[uuid.UUID] = []
        self.answered: list[tuple[User, Slot, uuid.UUID, Decision]] = []

    @rule(who=WHO, soft=st.booleans())
    def claim(self, who: int, soft: bool) -> None:
        reviewer = self.reviewers[who]
        before = {slot.lease_token for slot in queue.current(reviewer)}
        answer = queue.claim(reviewer, soft=soft)
        if answer.slot is None:
            assert answer.reason in ("nothing_waits", "quota_reached")
            # I7: what ran out is nobody's any more after one claim that found nothing.
            assert answer.reason == "quota_reached" or not self._claimable_by(reviewer)
            return
        assert answer.slot.reviewer == reviewer and answer.slot.is_soft is soft
        if answer.slot.lease_token not in before:
            assert answer.quota.used <= answer.quota.limit  # I4
        self.tokens.append(token_of(answer.slot))

    def _claimable_by(self, reviewer: User) -> bool:
        touched = Slot.objects.filter(reviewer=reviewer) | Slot.objects.filter(decisions__reviewer=reviewer)
        free = Slot.objects.filter(queue=self.queue, state__in=["ready", "leased"])
        free = free.exclude(state="leased", lease_until__gt=leases.ClockTimestamp())
        return free.exclude(item__in=touched.values("item")).exclude(item__skips__reviewer=reviewer).exists()

    @rule(who=WHO, back=BACK, what=st.sampled_from(["show", "extend", "release", "skip"]))
    def touch(self, who: int, back: int, what: str) -> None:
        """Any token ever given, by anybody: only its holder's, while it lasts, does anything."""
        if not self.tokens:
            return
        reviewer, token = self.reviewers[who], _latest(self.tokens, back)
        rightful = any(slot.lease_token == token for slot in queue.current(reviewer))
        before = self._everything()
        try:
            getattr(queue, what)(token, reviewer)
            assert rightful
        except LeaseLost:
            assert not rightful and self._everything() == before  # I6

    @rule(who=WHO, first=st.booleans(), verdict=st.sampled_from(["approve", "reject", "cannot"]))
    def decide(self, who: int, first: bool, verdict: str) -> None:
        reviewer = self.reviewers[who]
        held = queue.current(reviewer)
        if not held:
            return
        slot, key = held[0 if first else -1], uuid.uuid4()
        verdicts = {"approve": approve_all(slot), "reject": reject_all(slot), "cannot": []}[verdict]
        made = decide(reviewer, slot, verdicts, idempotency_key=key, cannot_judge=verdict == "cannot")
        self.answered.append((reviewer, slot, key, made))

    @rule(who=WHO, first=st.booleans())
    def report_mask(self, who: int, first: bool) -> None:
        """The mask is wrong: the item is nobody's any more, whoever else was at it."""
        reviewer = self.reviewers[who]
        held = queue.current(reviewer)
        if not held:
            return
        slot, key = held[0 if first else -1], uuid.uuid4()
        made = decide(reviewer, slot, [], idempotency_key=key, mask_wrong=REPORT)
        self.answered.append((reviewer, slot, key, made))
        assert ReviewItem.objects.get(pk=slot.item_id).state == "withdrawn"
        assert slot.item_id not in {slot.item_id for who in self.reviewers for slot in queue.current(who)}

    @precondition(lambda self: MaskRepair.objects.filter(team=self.admin.team).exists())
    @rule(back=BACK, lost=st.booleans(), again=st.booleans())
    def keep_mask(self, back: int, lost: bool, again: bool) -> None:
        """The operator finds a mask right; the message comes late, not at all, or twice, also of an older report."""
        repair = _latest(list(MaskRepair.objects.filter(team=self.admin.team).order_by("pk")), back)
        if repair.state == "open":
            repairs.keep_mask(repair, self.admin)
        if not lost:
            withdrawals.reopen_kept(repair)
        if again:
            withdrawals.pull_kept()
            before = self._everything()
            withdrawals.reopen_kept(repair)
            assert self._everything() == before

    @rule(verdict=st.sampled_from(["approve", "reject"]))
    def work(self, verdict: str) -> None:
        """What reviewers mostly do: fetch the next one while looking at this one, then decide."""
        for who in range(len(self.reviewers)):
            self.claim(who, False)
            self.claim(who, True)
            self.decide(who, True, verdict)

    @precondition(lambda self: self.answered)
    @rule(back=BACK, same=st.booleans())
    def send_again(self, back: int, same: bool) -> None:
        """I3: a key answers what it first answered, whatever has happened since, and nothing else."""
        reviewer, slot, key, made = _latest(self.answered, back)
        before = self._everything()
        if same:
            verdicts = self._as_sent(made) if made.kind == "judged" else []
            said = {
                "cannot_judge": made.kind == "cannot_judge",
                "mask_wrong": REPORT if made.kind == "mask_wrong" else None,
            }
            assert decide(reviewer, slot, verdicts, idempotency_key=key, **said) == made
        else:
            with pytest.raises(KeyReused):
                decide(reviewer, slot, reject_all(slot, "floating"), idempotency_key=key)
        assert self._everything() == before

    @staticmethod
    def _as_sent(made: Decision) -> list[VerdictInput]:
        rejected = made.verdicts.filter(approved=False).exists()
        return reject_all(made.slot) if rejected else approve_all(made.slot)

    @precondition(lambda self: self.answered)
    @rule(back=BACK)
    def undo(self, back: int) -> None:
        self._undo(*_latest(self.answered, back))

    def _undo(self, reviewer: User, slot: Slot, _key: uuid.UUID, made: Decision) -> None:
        undone = Retraction.objects.filter(decision=made).exists()
        frozen = SnapshotDecision.objects.filter(decision=made).exists()
        kept = made.kind == "mask_wrong" and self._newest_repair(slot).state == "kept"
        withdrawn = made.kind != "mask_wrong" and ReviewItem.objects.get(pk=slot.item_id).state == "withdrawn"
        before = self._everything()
        try:
            again = decisions.undo(reviewer, made)
        except (AlreadyUndone, AlreadyExported, MaskSettled) as refusal:
            expected = {AlreadyUndone: undone, AlreadyExported: frozen, MaskSettled: undone or kept}
            assert expected[type(refusal)]
            assert self._everything() == before
            return
        assert not undone and not frozen and not kept  # I8
        assert again.pk == slot.pk and again.attempt == made.attempt + 1
        if withdrawn:
            assert again.state == "closed" and ReviewItem.objects.get(pk=slot.item_id).state == "withdrawn"
            return
        assert again.state == "ready" or (again.reviewer == reviewer and not again.is_soft)
        assert ReviewItem.objects.get(pk=slot.item_id).state == "open"
        assert not Outcome.objects.filter(item=slot.item).exists()
        if again.lease_token:
            self.tokens.append(again.lease_token)

    @staticmethod
    def _newest_repair(slot: Slot) -> MaskRepair:
        return MaskRepair.objects.filter(request=slot.item.request_id).latest("pk")

    @precondition(lambda self: self.answered)
    @rule(back=BACK)
    def regret(self, back: int) -> None:
        """Undo in the middle of the next item, with one more prefetched."""
        answered = _latest(self.answered, back)
        who = self.reviewers.index(answered[0])
        self.claim(who, False)
        self.claim(who, True)
        self._undo(*answered)

    @rule()
    def time_runs_out(self) -> None:
        expire(*Slot.objects.filter(queue=self.queue, state="leased"))

    @rule(who=WHO, limit=st.integers(0, 8))
    def change_limit(self, who: int, limit: int) -> None:
        quotas.set_limit(self.reviewers[who], limit, self.admin)

    @rule()
    def midnight(self) -> None:
        """Everything that was today is yesterday."""
        for day in QuotaDay.objects.filter(reviewer__in=self.reviewers).order_by("day"):
            QuotaDay.objects.filter(pk=day.pk).update(day=day.day - timedelta(days=1))

    @precondition(lambda self: len(self.answered) > 1)
    @rule(back=BACK)
    def freeze(self, back: int) -> None:
        made = _latest(self.answered, back)[3]
        # Freezing reads judged decisions of resolved items: what was reported is never among them.
        if made.kind != "judged" or ReviewItem.objects.get(pk=made.slot.item_id).state == "withdrawn":
            return
        if not Retraction.objects.filter(decision=made).exists():
            SnapshotDecision.objects.get_or_create(snapshot=self.snapshot, decision=made)
        self._undo(*_latest(self.answered, back))

    def _everything(self) -> list[object]:
        return [
            list(Slot.objects.filter(queue=self.queue).order_by("pk").values()),
            list(QuotaDay.objects.filter(reviewer__in=self.reviewers).order_by("pk").values()),
            list(Decision.objects.filter(slot__queue=self.queue).order_by("pk").values_list("pk", "retraction")),
            list(Outcome.objects.filter(item__queue=self.queue).order_by("pk").values()),
            list(ReviewItem.objects.filter(queue=self.queue).order_by("pk").values("pk", "state", "skips")),
            list(MaskRepair.objects.filter(team=self.admin.team).order_by("pk").values("pk", "state", "closed_by")),
        ]

    @invariant()
    def the_seats_hold(self) -> None:
        """I1, I2: as many standing decisions as decided seats, never two of a reviewer on an item."""
        standing = Decision.objects.filter(slot__queue=self.queue, retraction=None)
        decided = Slot.objects.filter(queue=self.queue, state="decided")
        assert sorted(standing.values_list("slot", "attempt", "reviewer")) == sorted(
            decided.values_list("pk", "attempt", "reviewer")
        )
        for taken in (
            standing.order_by().values("slot__item").annotate(n=Count("pk"), people=Count("reviewer", distinct=True))
        ):
            assert taken["n"] == taken["people"] <= OVERLAP

    @invariant()
    def the_books_balance(self) -> None:
        """I4: used = open leases + decided - undone, day by day; and what was answered is there (I3)."""
        for day in QuotaDay.objects.filter(reviewer__in=self.reviewers):
            slots = Slot.objects.filter(quota_day=day)
            assert day.used == sum(slots.values_list("images", flat=True))
            assert set(slots.values_list("reviewer", flat=True)) <= {day.reviewer_id}
        kept = set(Decision.objects.filter(slot__queue=self.queue).values_list("pk", flat=True))
        assert kept == {made.pk for *_rest, made in self.answered}

    @invariant()
    def one_screen_each(self) -> None:
        for reviewer in self.reviewers:
            kinds = [slot.is_soft for slot in queue.current(reviewer)]
            assert len(kinds) == len(set(kinds))

    @invariant()
    def outcomes_follow_the_decisions(self) -> None:
        """Resolved when, and only when, every seat is decided; each outcome what the policy makes of what stands."""
        for item in ReviewItem.objects.filter(queue=self.queue):
            complete = not item.slots.exclude(state="decided").exists()
            if item.state == "withdrawn":
                self._left_the_queue(item)
                continue
            assert (item.state == "resolved") is complete
            assert not item.slots.filter(state="closed").exists()
            for outcome in item.outcomes.all():
                verdicts = outcome.candidate.verdicts.filter(decision__retraction=None, decision__slot__item=item)
                assert outcome.state == outcome_of(self.queue.policy, list(verdicts.values_list("approved", flat=True)))
            assert item.outcomes.count() == (item.item_candidates.count() if complete else 0)
        # One report is open at a time, and only for what is withdrawn.
        waiting = MaskRepair.objects.filter(team=self.admin.team, state="open").values_list("request", flat=True)
        withdrawn = ReviewItem.objects.filter(queue=self.queue, state="withdrawn").values_list("request", flat=True)
        assert len(waiting) == len(set(waiting)) and set(waiting) <= set(withdrawn)
        assert not PreferencePair.objects.standing().filter(decision__slot__attempt__gt=F("decision__attempt")).exists()

    @staticmethod
    def _left_the_queue(item: ReviewItem) -> None:
        """Withdrawn: nobody can come to it, one report stands, and its mask waits or is known to be right."""
        assert set(item.slots.values_list("state", flat=True)) <= {"decided", "closed"}
        assert set(item.outcomes.values_list("state", flat=True)) == {"withdrawn"}
        assert item.outcomes.count() == item.item_candidates.count()
        assert Decision.objects.standing().filter(slot__item=item, kind="mask_wrong").count() == 1
        assert item.request.mask_repairs.latest("pk").state in ("open", "kept")


@pytest.mark.django_db
def test_the_desk_keeps_its_promises_in_any_order() -> None:
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
