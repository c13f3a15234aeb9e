"""Gold: what an admin holds to be the right verdict on a candidate. It never counts as anybody's vote."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from reviews.models.items import ItemCandidate


# Taking it away is an event as well: the row is gone then, and the history alone says who did it.
@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class GoldVerdict(models.Model):
    """Set after the fact, on an item that has been judged: the reviewers' verdicts are held against it."""

    item_candidate = models.OneToOneField(ItemCandidate, on_delete=models.PROTECT, related_name="gold")
    approved = models.BooleanField()
    codes = ArrayField(models.CharField(max_length=40), default=list)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["GoldVerdict"]] = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(approved=False) | Q(codes=[]), name="gold_approval_names_no_defect"),
            models.CheckConstraint(condition=Q(approved=True) | ~Q(codes=[]), name="gold_reject_names_a_code"),
        ]

    def __str__(self) -> str:
        return f"gold for {self.item_candidate}"
