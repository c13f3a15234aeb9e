"""What the queue's policy makes of the decisions: one outcome per candidate and item."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from generation.models import Candidate
from reviews.models.counts import COUNT_AGREEMENT
from reviews.models.items import ReviewItem


class OutcomeState(models.TextChoices):
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    SPLIT = "split", _("Split")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    def approved(self) -> Self:
        """What may be downloaded and published: approved, by the newest visit of its request that has ended."""
        newer = Outcome.objects.filter(
            candidate=OuterRef("candidate"), item__state__in=("resolved", "withdrawn"), item__gt=OuterRef("item")
        )
        return self.filter(~Exists(newer), state=OutcomeState.APPROVED, item__state="resolved")


class Outcome(models.Model):
    """Derived from the standing decisions of a resolved item; removed when an undo opens the item again."""

    State = OutcomeState

    item = models.ForeignKey(ReviewItem, on_delete=models.CASCADE, related_name="outcomes")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="outcomes")
    state = models.CharField(max_length=10, choices=OutcomeState)
    votes = models.PositiveSmallIntegerField(default=0)
    approvals = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[models.Manager["Outcome"]] = OutcomeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "candidate"], name="outcome_once")]
        triggers = COUNT_AGREEMENT

    def __str__(self) -> str:
        return f"{self.candidate_id}: {self.state}"
