"""What the decisions come to, read only."""

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from reviews.models import Decision, Skip, Slot, Snooze, Verdict
from reviews.models.decisions import DecisionKind
from reviews.models.items import SlotState
from reviews.statistics import Agreement, agreement

__all__ = ["Agreement", "agreement_with_gold", "waiting_for"]

MOST_COUNTED = 99


def waiting_for(reviewer: User) -> int:
    """How many items wait for `reviewer`, counted no further than MOST_COUNTED + 1: a backlog is never counted whole.

    As the claim sees them, whatever is left of the day: those they hold, have passed by, put off or decided are not
    among them, nor those of a paused queue.
    """
    now = timezone.now()
    of_item = {"item": OuterRef("item")}
    free = Q(state=SlotState.READY) | Q(state=SlotState.LEASED, lease_until__lte=now)
    rows = Slot.objects.filter(free, queue__team=reviewer.team, queue__is_paused=False).exclude(
        Exists(Slot.objects.filter(**of_item, reviewer=reviewer))
        | Exists(Skip.objects.filter(**of_item, reviewer=reviewer))
        | Exists(Snooze.objects.filter(**of_item, reviewer=reviewer, until__gt=now))
        | Exists(Decision.objects.filter(slot__item=OuterRef("item"), reviewer=reviewer).exclude(slot=OuterRef("pk")))
    )
    # One seat an item: the first free one.
    earlier = Slot.objects.filter(free, **of_item, number__lt=OuterRef("number"))
    return rows.exclude(Exists(earlier))[: MOST_COUNTED + 1].count()


def agreement_with_gold(reviewer: User) -> Agreement:
    """How often the reviewer's standing verdicts say what gold says: approved or not, whatever the codes.

    Only images with a gold verdict count. To be shown after the fact, and to the reviewer themselves only where the
    team allows it (`Team.shows_agreement`).
    """
    held = Verdict.objects.filter(
        decision__reviewer=reviewer,
        decision__retraction=None,
        decision__kind=DecisionKind.JUDGED,
        candidate__item_candidates__gold__isnull=False,
        candidate__item_candidates__item=F("decision__slot__item"),
    )
    same = Q(approved=F("candidate__item_candidates__gold__approved"))
    found = held.aggregate(of=Count("pk"), agreed=Count("pk", filter=same))
    return agreement(found["agreed"], found["of"])
