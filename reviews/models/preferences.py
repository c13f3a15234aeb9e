"""Preference pairs, and which decisions a snapshot has frozen."""

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from generation.models import Candidate, DatasetSnapshot
from reviews.models.decisions import APPEND_ONLY, Decision


class PairRule(models.TextChoices):
    BEST_OVER_SIBLING = "best_over_sibling", _("Best over its sibling")
    APPROVED_OVER_REJECTED = "approved_over_rejected", _("Approved over rejected")


class PairQuerySet(models.QuerySet["PreferencePair"]):
    def standing(self) -> Self:
        return self.filter(decision__retraction=None)


class PreferencePair(models.Model):
    """Derived from one decision in its own transaction; retracted with it."""

    Rule = PairRule

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="pairs")
    winner = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="+")
    loser = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=24, choices=PairRule)

    objects: ClassVar[models.Manager["PreferencePair"]] = PairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "winner", "loser"], name="pair_once"),
            models.CheckConstraint(condition=~models.Q(winner=models.F("loser")), name="pair_of_two"),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.winner_id} > {self.loser_id}"


class SnapshotDecision(models.Model):
    """This decision left in that snapshot: from then on it can no longer be undone."""

    snapshot = models.ForeignKey(DatasetSnapshot, on_delete=models.PROTECT, related_name="snapshot_decisions")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="snapshots")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "decision"], name="decision_once_per_snapshot")]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.decision_id} in {self.snapshot_id}"
