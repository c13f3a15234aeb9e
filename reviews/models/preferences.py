"""Preference pairs, and which decisions a snapshot has frozen."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from generation.models import Candidate, DatasetSnapshot
from reviews.models.decisions import APPEND_ONLY, Decision
from reviews.models.queues import QueuePurpose


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


def frozen() -> Q:
    """For a query over decisions: whether a dataset holds it, so that it stays as it is.

    What was said at a calibration is in no dataset. It counts as held by the next one of its variant all the same: else
    it could be told by this that it was one.
    """
    held = SnapshotDecision.objects.filter(decision=OuterRef("pk"))
    of = Coalesce(KeyTextTransform("variant", "filters"), Value(""), output_field=models.TextField())
    since = DatasetSnapshot.objects.annotate(of=of).filter(
        Q(of="") | Q(of=OuterRef("slot__queue__variant")), team=OuterRef("slot__queue__team"),
        created_at__gt=OuterRef("created_at"),
    )  # fmt: skip
    return Q(Exists(held)) | Q(Q(slot__queue__purpose=QueuePurpose.CALIBRATION) & Q(Exists(since)))


class SnapshotDecision(models.Model):
    """This decision left in that snapshot: from then on it can no longer be undone."""

    snapshot = models.ForeignKey(DatasetSnapshot, on_delete=models.PROTECT, related_name="snapshot_decisions")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="snapshots")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "decision"], name="decision_once_per_snapshot")]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.decision_id} in {self.snapshot_id}"
