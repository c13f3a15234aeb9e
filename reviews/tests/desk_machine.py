"""What people can do to the desk, in any order: the rules of the machine whose promises test_invariants looks at."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)

from accounts.models import User
from accounts.tests.factories import make_cast
from generation.models import MaskRepair
from generation.services import repairs
from generation.variants import VARIANTS
from reviews.models import (
    Decision,
    Escalation,
    Outcome,
    QuotaDay,
    Retraction,
    ReviewItem,
    Slot,
    SnapshotDecision,
    Snooze,
)
from reviews.models.decisions import WITHDRAWING
from reviews.services import claiming, decisions, escalations, leases, queue, quotas, undoing, withdrawals
from reviews.services.bundles import Question, SourceReport
from reviews.services.refusals import (
    AlreadyExported,
    AlreadyUndone,
    KeyReused,
    LeaseLost,
    MaskSettled,
    NotTheLatest,
    QuestionClosed,
)
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
SAID: dict[str, dict[str, Any]] = {
    "cannot_judge": {"cannot_judge": True},
    "mask_wrong": {"mask_wrong": MaskReport("The handle is cut off", [{"x": 0.5, "y": 0.25}])},
    "unsuitable_source": {"unsuitable_source": SourceReport("Out of focus")},
    "escalated": {"escalate": Question("Which cap is it?")},
}
"""What is sent for each kind of decision that judges nothing."""


def latest(given: Sequence[T], back: int) -> T:
    return given[-1 - back % len(given)]


class DeskMachine(RuleBasedStateMachine):
    """Three reviewers at a few items. What the machine remembers is only what it was answered."""

    @initialize(policy=st.sampled_from(["any_reject_fails", "majority"]))
    def open(self, policy: str) -> None:
        cast = make_cast()
        self.admin, self.snapshot = cast.admin, make_snapshot(cast.ml_engineer)
        self.reviewers = [cast.reviewer, cast.second_reviewer, cast.admin]
        self.queues = [make_queue(cast.team, overlap=OVERLAP, policy=policy)]
        for images in (1, 1, 2):
            fill_queue(self.queues[0], cast.operator, 1, images=images)
        for reviewer in self.reviewers:
            quotas.set_limit(reviewer, 8, self.admin)
        self._begin()

    def _begin(self) -> None:
        self.tokens: list[uuid.UUID] = []
        self.answered: list[tuple[User, Slot, uuid.UUID, Decision]] = []
        self.active_ms = 0

    def _items(self) -> list[ReviewItem]:
        return list(ReviewItem.objects.filter(queue__in=self.queues).order_by("pk"))

    @rule(who=WHO, soft=st.booleans())
    def claim(self, who: int, soft: bool) -> None:
        reviewer = self.reviewers[who]
        before = {slot.lease_token for slot in queue.current(reviewer)}
        answer = queue.claim(reviewer, soft=soft)
        if answer.slot is None:
            assert answer.reason in ("nothing_waits", "quota_reached", "snoozed")
            # I7: what ran out is nobody's any more after one claim that found nothing.
            assert answer.reason == "quota_reached" or not self._claimable_by(reviewer)
            assert (answer.reason == "snoozed") is (answer.until is not None)
            return
        assert answer.slot.reviewer == reviewer and answer.slot.is_soft is soft
        if answer.slot.lease_token not in before:
            assert answer.quota.used <= answer.quota.limit  # I4
        self.tokens.append(token_of(answer.slot))

    def _claimable_by(self, reviewer: User) -> bool:
        touched = Slot.objects.filter(reviewer=reviewer) | Slot.objects.filter(decisions__reviewer=reviewer)
        free = Slot.objects.filter(queue__in=self.queues, state__in=["ready", "leased"])
        free = free.exclude(state="leased", lease_until__gt=leases.ClockTimestamp())
        put_off = Snooze.objects.filter(reviewer=reviewer, until__gt=leases.ClockTimestamp())
        free = free.exclude(item__in=put_off.values("item"))
        return free.exclude(item__in=touched.values("item")).exclude(item__skips__reviewer=reviewer).exists()

    @rule(who=WHO, known=st.integers(0, 3))
    def fetch_ahead(self, who: int, known: int) -> None:
        """The browser asks for one more than it has; it may have forgotten some."""
        reviewer = self.reviewers[who]
        held = [token_of(slot) for slot in queue.current(reviewer)][:known]
        answer = queue.claim(reviewer, soft=True, held=held)
        if answer.slot is None:
            assert answer.reason != "prefetched" or known >= claiming.PREFETCH
            return
        assert answer.slot.is_soft and answer.slot.lease_token not in held
        self.tokens.append(token_of(answer.slot))

    @rule(who=WHO, which=st.integers(0, 2))
    def claim_late(self, who: int, which: int) -> None:
        """That very item, whatever is on the screen, and whatever is ahead."""
        reviewer, item = self.reviewers[who], latest(self._items(), which)
        screen = [slot.pk for slot in queue.current(reviewer) if not slot.is_soft]
        answer = queue.claim_late(reviewer, item.handle)
        assert [slot.pk for slot in queue.current(reviewer) if not slot.is_soft] == screen
        if answer.slot is None:
            assert answer.reason in ("taken", "quota_reached")
            return
        assert answer.slot.item == item and answer.slot.reviewer == reviewer
        self.tokens.append(token_of(answer.slot))

    @rule(who=WHO, back=BACK, minutes=st.sampled_from([1, 1440]))
    def put_off(self, who: int, back: int, minutes: int) -> None:
        if not self.tokens:
            return
        reviewer, token = self.reviewers[who], latest(self.tokens, back)
        held = {slot.lease_token: slot.item_id for slot in queue.current(reviewer)}
        before = self._everything()
        try:
            assert queue.snooze(token, reviewer, minutes).item_id == held[token]
        except LeaseLost:
            assert token not in held and self._everything() == before  # I6

    @rule()
    def what_was_put_off_comes_back(self) -> None:
        Snooze.objects.filter(item__queue__in=self.queues).update(until=leases.ClockTimestamp())

    @rule(who=WHO, back=BACK, what=st.sampled_from(["show", "extend", "release", "skip"]))
    def touch(self, who: int, back: int, what: str) -> None:
        """Any token ever given, by anybody: only its holder's, while it lasts, does anything."""
        if not self.tokens:
            return
        reviewer, token = self.reviewers[who], latest(self.tokens, back)
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
        verdict = verdict if slot.item.request.variant in VARIANTS else "cannot"
        verdicts = {"approve": approve_all(slot), "reject": reject_all(slot), "cannot": []}[verdict]
        made = decide(
            reviewer, slot, verdicts, idempotency_key=key, cannot_judge=verdict == "cannot", active_ms=self.active_ms
        )
        self._remember(reviewer, slot, key, made)

    def _remember(self, reviewer: User, slot: Slot, key: uuid.UUID, made: Decision) -> None:
        self.answered.append((reviewer, slot, key, made))

    @rule(who=WHO, first=st.booleans(), kind=st.sampled_from(["mask_wrong", "unsuitable_source", "escalated"]))
    def say_otherwise(self, who: int, first: bool, kind: str) -> None:
        """A report: the item is nobody's any more, whoever else was at it. A question: it waits for its answer."""
        reviewer = self.reviewers[who]
        held = queue.current(reviewer)
        if not held:
            return
        slot, key = held[0 if first else -1], uuid.uuid4()
        made = decide(reviewer, slot, [], idempotency_key=key, **SAID[kind])
        self._remember(reviewer, slot, key, made)
        if kind == "escalated":
            assert ReviewItem.objects.get(pk=slot.item_id).state == "open"
            return
        assert ReviewItem.objects.get(pk=slot.item_id).state == "withdrawn"
        assert slot.item_id not in {slot.item_id for who in self.reviewers for slot in queue.current(who)}

    @precondition(lambda self: Escalation.objects.filter(item__queue__in=self.queues).exists())
    @rule(back=BACK, judges=st.booleans())
    def answer(self, back: int, judges: bool) -> None:
        question = latest(list(Escalation.objects.filter(item__queue__in=self.queues).order_by("pk")), back)
        before = self._everything()
        try:
            slot = escalations.answer_question(question, self.admin, "The red one.", judges=judges)
        except QuestionClosed:
            assert question.state != "open" and self._everything() == before
            return
        assert slot.pk == question.decision.slot_id and slot.attempt == question.decision.attempt + 1
        assert judges or slot.state != "leased"
        if slot.lease_token:
            assert slot.reviewer == self.admin and not slot.is_soft
            self.tokens.append(slot.lease_token)

    @precondition(lambda self: MaskRepair.objects.filter(team=self.admin.team).exists())
    @rule(back=BACK, lost=st.booleans(), again=st.booleans())
    def keep_mask(self, back: int, lost: bool, again: bool) -> None:
        """The operator finds a mask right; the message comes late, not at all, or twice, also of an older report."""
        repair = latest(list(MaskRepair.objects.filter(team=self.admin.team).order_by("pk")), back)
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
        reviewer, slot, key, made = latest(self.answered, back)
        before = self._everything()
        if same:
            verdicts = self._as_sent(made) if made.kind == "judged" else []
            said = SAID.get(made.kind, {})
            assert decide(reviewer, slot, verdicts, idempotency_key=key, **said) == made
            late = slot if back % 2 else Slot(lease_token=uuid.uuid4(), item=slot.item)  # as after a late claim
            assert decide(reviewer, late, verdicts, idempotency_key=key, **said) == made
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
        self._undo(*latest(self.answered, back))

    def _undo(self, reviewer: User, slot: Slot, _key: uuid.UUID, made: Decision) -> None:
        undone = Retraction.objects.filter(decision=made).exists()
        frozen = SnapshotDecision.objects.filter(decision=made).exists()
        kept = made.kind in WITHDRAWING and self._newest_repair(slot).state == "kept"
        settled = made.kind == "escalated" and Escalation.objects.answered().filter(decision=made).exists()
        withdrawn = made.kind not in WITHDRAWING and ReviewItem.objects.get(pk=slot.item_id).state == "withdrawn"
        before = self._everything()
        try:
            again = decisions.undo(reviewer, made)
        except (AlreadyUndone, AlreadyExported, MaskSettled, QuestionClosed) as refusal:
            expected = {
                AlreadyUndone: undone, AlreadyExported: frozen, MaskSettled: undone or kept, QuestionClosed: settled,
            }  # fmt: skip
            assert expected[type(refusal)]
            assert self._everything() == before
            return
        assert not undone and not frozen and not kept and not settled  # I8
        assert again.pk == slot.pk and again.attempt == made.attempt + 1
        if withdrawn:
            assert again.state == "closed" and ReviewItem.objects.get(pk=slot.item_id).state == "withdrawn"
            return
        assert again.state == "ready" or (again.reviewer == reviewer and not again.is_soft)
        assert ReviewItem.objects.get(pk=slot.item_id).state == "open"
        assert not Outcome.objects.filter(item=slot.item).exists()
        if again.lease_token:
            self.tokens.append(again.lease_token)

    @precondition(lambda self: self.answered)
    @rule(back=BACK)
    def undo_by_key(self, back: int) -> None:
        """The latest only; and once more it answers as the first time, changing nothing."""
        reviewer, _slot, key, made = latest(self.answered, back)
        standing = Decision.objects.filter(reviewer=reviewer, retraction=None).order_by("-pk").first()
        before = self._everything()
        try:
            first = undoing.undo_latest(reviewer, key)
        except NotTheLatest:
            assert standing != made and self._everything() == before
            return
        except (AlreadyExported, MaskSettled, QuestionClosed):
            assert self._everything() == before
            return
        if first.lease_token and first.reviewer_id == reviewer.pk:
            self.tokens.append(first.lease_token)
        before = self._everything()
        again = undoing.undo_latest(reviewer, key)
        assert (again.pk, again.lease_token) == (first.pk, first.lease_token) and self._everything() == before

    @staticmethod
    def _newest_repair(slot: Slot) -> MaskRepair:
        return MaskRepair.objects.filter(request=slot.item.request_id).latest("pk")

    @precondition(lambda self: self.answered)
    @rule(back=BACK)
    def regret(self, back: int) -> None:
        """Undo in the middle of the next item, with one more prefetched."""
        answered = latest(self.answered, back)
        who = self.reviewers.index(answered[0])
        self.claim(who, False)
        self.claim(who, True)
        self._undo(*answered)

    @rule()
    def time_runs_out(self) -> None:
        expire(*Slot.objects.filter(queue__in=self.queues, state="leased"))

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
        made = latest(self.answered, back)[3]
        # Freezing reads judged decisions of resolved items: what was reported is never among them.
        if made.kind != "judged" or ReviewItem.objects.get(pk=made.slot.item_id).state == "withdrawn":
            return
        if not Retraction.objects.filter(decision=made).exists():
            SnapshotDecision.objects.get_or_create(snapshot=self.snapshot, decision=made)
        self._undo(*latest(self.answered, back))

    def _everything(self) -> list[object]:
        return [
            list(Slot.objects.filter(queue__in=self.queues).order_by("pk").values()),
            list(QuotaDay.objects.filter(reviewer__in=self.reviewers).order_by("pk").values()),
            list(Decision.objects.filter(slot__queue__in=self.queues).order_by("pk").values_list("pk", "retraction")),
            list(Outcome.objects.filter(item__queue__in=self.queues).order_by("pk").values()),
            list(ReviewItem.objects.filter(queue__in=self.queues).order_by("pk").values("pk", "state", "skips")),
            list(MaskRepair.objects.filter(team=self.admin.team).order_by("pk").values("pk", "state", "closed_by")),
            list(Escalation.objects.filter(item__queue__in=self.queues).order_by("pk").values("pk", "state", "answer")),
            Snooze.objects.filter(item__queue__in=self.queues).count(),
        ]
