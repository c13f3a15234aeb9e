"""The promises I1 to I8 of the desk, under any order of what people can do to it."""

import pytest
from django.db.models import Count, F
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from generation.models import MaskRepair
from reviews.models import Decision, PreferencePair, QuotaDay, ReviewItem, Slot
from reviews.models.decisions import WITHDRAWING
from reviews.services import claiming, queue
from reviews.services.outcomes import outcome_of
from reviews.tests.desk_machine import OVERLAP, DeskMachine


class Desk(DeskMachine):
    """The machine, and what must hold after every step of it."""

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
            held = queue.current(reviewer)
            assert [slot.is_soft for slot in held].count(False) <= 1
            unseen = [slot for slot in held if slot.seen_at is None]
            assert len(unseen) <= claiming.PREFETCH and all(slot.is_soft for slot in unseen)

    @invariant()
    def outcomes_follow_the_decisions(self) -> None:
        """Resolved when, and only when, every seat is decided; each outcome what the policy makes of what stands."""
        for item in ReviewItem.objects.filter(queue=self.queue):
            asked = item.escalations.waiting().count()
            assert asked == Decision.objects.standing().filter(slot__item=item, kind="escalated").count()
            complete = not item.slots.exclude(state="decided").exists() and not asked
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
        assert Decision.objects.standing().filter(slot__item=item, kind__in=WITHDRAWING).count() == 1
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
