"""A question of a reviewer about an item, put to the admins of the team."""

from typing import ClassVar, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from generation.models import Candidate
from reviews.models.decisions import Decision
from reviews.models.items import ReviewItem


class EscalationState(models.TextChoices):
    OPEN = "open", _("Open")
    ANSWERED = "answered", _("Answered")
    TAKEN_BACK = "taken_back", _("Taken back")


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def of_team(self, team: Team) -> Self:
        return self.filter(item__queue__team=team)

    def waiting(self) -> Self:
        return self.filter(state=EscalationState.OPEN)

    def answered(self) -> Self:
        return self.filter(state=EscalationState.ANSWERED)

    def for_list(self) -> Self:
        """With who asked and who answered, and the images in an order that tells nothing of their ranks."""
        blind = Prefetch("item__candidates", Candidate.objects.select_related("composed").order_by("handle"))
        people = self.select_related("item__request", "decision__reviewer", "answered_by")
        return people.prefetch_related(blind, "item__request__revisions__product")


@pghistory.track()
class Escalation(models.Model):
    """It belongs to a decision of the kind "escalated", which holds the seat until the answer retracts it."""

    State = EscalationState
    MOVES = {EscalationState.OPEN: frozenset({EscalationState.ANSWERED, EscalationState.TAKEN_BACK})}

    item = models.ForeignKey(ReviewItem, on_delete=models.PROTECT, related_name="escalations")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="escalation")
    state = models.CharField(max_length=10, choices=EscalationState, default=EscalationState.OPEN)
    question = models.CharField(_("question"), max_length=1000)
    answer = models.CharField(_("answer"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["Escalation"]] = EscalationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="answered_by_somebody",
                condition=Q(state="answered", answered_by__isnull=False, answered_at__isnull=False)
                | (~Q(state="answered") & Q(answered_by=None, answered_at=None, answer="")),
            ),
        ]
        indexes = [models.Index(fields=["item"], condition=Q(state="open"), name="escalation_waiting")]

    def __str__(self) -> str:
        return self.question
