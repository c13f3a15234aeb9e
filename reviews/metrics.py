"""What the decisions come to, read only."""

from django.db.models import Count, F, Q

from accounts.models import User
from reviews.models import Verdict
from reviews.models.decisions import DecisionKind
from reviews.statistics import Agreement, agreement

__all__ = ["Agreement", "agreement_with_gold"]


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
