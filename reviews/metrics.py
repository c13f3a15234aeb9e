"""What the decisions come to, read only."""

from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from reviews.models import Decision, Skip, Slot, Snooze, Verdict
from reviews.models.decisions import DecisionKind
from reviews.models.gold import known_verdicts
from reviews.models.items import SlotState
from reviews.models.queues import QueuePurpose
from reviews.statistics import Agreement, agreement

__all__ = ["Agreement", "agreement_with_gold", "known_so_far", "waiting_for"]

MOST_COUNTED = 99
FEWEST_KNOWN = 10


def waiting_for(reviewer: User) -> int:
    """How many items wait for `reviewer`, counted no further than MOST_COUNTED + 1: a backlog is never counted whole.

    As the claim sees them, whatever is left of the day: those they hold, have passed by, put off or decided are not
    among them, nor those of a paused queue. Known items are not told: they come with others, or not at all.
    """
    now = timezone.now()
    of_item = {"item": OuterRef("item")}
    free = Q(state=SlotState.READY) | Q(state=SlotState.LEASED, lease_until__lte=now)
    rows = Slot.objects.filter(free, queue__team=reviewer.team, queue__is_paused=False)
    rows = rows.exclude(queue__purpose=QueuePurpose.CALIBRATION).exclude(
        Exists(Slot.objects.filter(**of_item, reviewer=reviewer))
        | Exists(Skip.objects.filter(**of_item, reviewer=reviewer))
        | Exists(Snooze.objects.filter(**of_item, reviewer=reviewer, until__gt=now))
        | Exists(Decision.objects.filter(slot__item=OuterRef("item"), reviewer=reviewer).exclude(slot=OuterRef("pk")))
    )
    # One seat an item: the first free one.
    earlier = Slot.objects.filter(free, **of_item, number__lt=OuterRef("number"))
    return rows.exclude(Exists(earlier))[: MOST_COUNTED + 1].count()


def known_so_far(reviewer: User) -> Agreement | None:
    """How many known images the reviewer has judged right, up to yesterday; None below FEWEST_KNOWN.

    To be shown to themselves where the team allows it. Not those of today, and only many together: no number may change
    with a decision, or it would tell which image was known while that can still be taken back.
    """
    if reviewer.team is None:
        return None
    midnight = timezone.localtime(timezone=ZoneInfo(reviewer.team.time_zone)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    told = known_verdicts(reviewer.team).filter(decision__reviewer=reviewer, decision__created_at__lt=midnight)
    found = told.aggregate(of=Count("pk"), right=Count("pk", filter=Q(approved=F("gold"))))
    return agreement(found["right"], found["of"]) if found["of"] >= FEWEST_KNOWN else None


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
