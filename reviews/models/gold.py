"""Gold: what an admin holds to be the right verdict on a candidate. It never counts as anybody's vote."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from accounts.models import Team
from reviews.models.decisions import DecisionKind, Verdict
from reviews.models.escalations import Escalation
from reviews.models.items import ItemCandidate
from reviews.models.queues import QueuePurpose


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


def known_verdicts(team: Team) -> QuerySet[Verdict]:
    """What people said of known images at a calibration and did not take back, each with `gold`: whether it is right.

    Of several right answers the newest counts. Left out is what the judge had set themselves, and what an admin has
    answered a question about.
    """
    answers = GoldVerdict.objects.filter(item_candidate__candidate=OuterRef("candidate")).order_by("-pk")
    asked = Escalation.objects.answered().filter(item=OuterRef("decision__slot__item"))
    said = Verdict.objects.filter(
        ~Exists(asked), decision__slot__queue__team=team, decision__slot__queue__purpose=QueuePurpose.CALIBRATION,
        decision__retraction=None, decision__kind=DecisionKind.JUDGED,
    )  # fmt: skip
    held = said.annotate(gold=Subquery(answers.values("approved")[:1]), set_by=Subquery(answers.values("set_by")[:1]))
    return held.filter(gold__isnull=False).exclude(decision__reviewer=F("set_by"))
