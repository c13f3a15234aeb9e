"""What must hold of a desk after every step, whoever did what (reliability: I1 to I8)."""

from collections import defaultdict

from django.db.models import Count, F
from hypothesis.stateful import invariant

from generation.models import MaskRepair
from reviews.models import Decision, Escalation, PreferencePair, QuotaDay, ReviewItem, Slot, Verdict
from reviews.models.decisions import WITHDRAWING
from reviews.services import claiming, leases
from reviews.services.outcomes import outcome_of
from reviews.tests.desk_machine import DeskMachine


class Desk(DeskMachine):
    """The machine, and what must hold after every step of it."""

    @invariant()
    def the_seats_hold(self) -> None:
        """I1, I2: as many standing decisions as decided seats, never two of a reviewer on an item."""
        standing = Decision.objects.filter(slot__queue__in=self.queues, retraction=None)
        decided = Slot.objects.filter(queue__in=self.queues, state="decided")
        assert sorted(standing.values_list("slot", "attempt", "reviewer")) == sorted(
            decided.values_list("pk", "attempt", "reviewer")
        )
        for taken in (
            standing.order_by()
            .values("slot__item", "slot__queue__overlap")
            .annotate(n=Count("pk"), people=Count("reviewer", distinct=True))
        ):
            assert taken["n"] == taken["people"] <= taken["slot__queue__overlap"]

    @invariant()
    def the_books_balance(self) -> None:
        """I4: used = open leases + decided - undone, day by day; and what was answered is there (I3)."""
        for day in QuotaDay.objects.filter(reviewer__in=self.reviewers):
            slots = Slot.objects.filter(quota_day=day)
            assert day.used == sum(slots.values_list("images", flat=True))
            assert set(slots.values_list("reviewer", flat=True)) <= {day.reviewer_id}
        kept = set(Decision.objects.filter(slot__queue__in=self.queues).values_list("pk", flat=True))
        assert kept == {made.pk for *_rest, made in self.answered}

    @invariant()
    def one_screen_each(self) -> None:
        for reviewer in self.reviewers:
            held = list(leases.held(reviewer))
            assert [slot.is_soft for slot in held].count(False) <= 1
            unseen = [slot for slot in held if slot.seen_at is None]
            assert len(unseen) <= claiming.PREFETCH and all(slot.is_soft for slot in unseen)

    @invariant()
    def a_seat_is_in_one_state(self) -> None:
        """I5: and what it carries is that state's."""
        for slot in Slot.objects.filter(queue__in=self.queues):
            is_theirs = slot.reviewer_id is not None and slot.quota_day_id is not None
            assert (slot.state in ("leased", "decided")) is is_theirs
            assert (slot.state == "leased") is (slot.lease_until is not None)
            assert slot.lease_token is None or slot.state in ("leased", "closed")

    @invariant()
    def outcomes_follow_the_decisions(self) -> None:
        """Resolved when, and only when, every seat is decided; each outcome what the policy makes of what stands."""
        said = Verdict.objects.filter(decision__retraction=None, decision__slot__queue__in=self.queues)
        votes: dict[tuple[int, int], list[bool]] = defaultdict(list)
        for item_id, candidate, approved in said.values_list("decision__slot__item", "candidate", "approved"):
            votes[item_id, candidate].append(approved)
        asking = Decision.objects.standing().filter(slot__queue__in=self.queues, kind="escalated")
        asked = set(asking.values_list("slot__item", flat=True))
        waiting = Escalation.objects.waiting().filter(item__queue__in=self.queues)
        assert waiting.count() == asking.count() and set(waiting.values_list("item", flat=True)) == asked
        items = ReviewItem.objects.filter(queue__in=self.queues).select_related("queue")
        for item in items.prefetch_related("slots", "outcomes", "item_candidates"):
            states = {slot.state for slot in item.slots.all()}
            outcomes, candidates = item.outcomes.all(), item.item_candidates.all()
            if item.state == "withdrawn":
                assert len(outcomes) == len(candidates)
                self._left_the_queue(item)
                continue
            complete = states == {"decided"} and item.pk not in asked
            assert (item.state == "resolved") is complete and "closed" not in states
            assert len(outcomes) == (len(candidates) if complete else 0)
            for outcome in outcomes:
                assert outcome.state == outcome_of(item.queue.policy, votes[item.pk, outcome.candidate_id])

    @invariant()
    def one_report_is_open_at_a_time(self) -> None:
        """And only for what is withdrawn."""
        waiting = MaskRepair.objects.filter(team=self.admin.team, state="open").values_list("request", flat=True)
        withdrawn = ReviewItem.objects.filter(queue__in=self.queues, state="withdrawn")
        assert len(waiting) == len(set(waiting)) and set(waiting) <= set(withdrawn.values_list("request", flat=True))

    @invariant()
    def nothing_is_learned_from_what_was_taken_back(self) -> None:
        assert not PreferencePair.objects.standing().filter(decision__slot__attempt__gt=F("decision__attempt")).exists()

    @staticmethod
    def _left_the_queue(item: ReviewItem) -> None:
        """Withdrawn: nobody can come to it, one report stands, and its mask waits or is known to be right."""
        assert {slot.state for slot in item.slots.all()} <= {"decided", "closed"}
        assert {outcome.state for outcome in item.outcomes.all()} == {"withdrawn"}
        assert Decision.objects.standing().filter(slot__item=item, kind__in=WITHDRAWING).count() == 1
        assert item.request.mask_repairs.latest("pk").state in ("open", "kept")
