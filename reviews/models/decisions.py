"""Decisions are added, never changed: an undo is a row of its own, and what stands is derived."""

from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.histories import NOT_EMPTIED
from generation.models import Candidate
from reviews.models.counts import COUNT_DECISIONS, COUNT_UNDONE, COUNT_VERDICTS
from reviews.models.guidelines import GuidelineVersion
from reviews.models.items import Slot

APPEND_ONLY = [
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
    NOT_EMPTIED,
]


class DecisionKind(models.TextChoices):
    JUDGED = "judged", _("Judged")
    CANNOT_JUDGE = "cannot_judge", _("Cannot judge")
    MASK_WRONG = "mask_wrong", _("Mask is wrong")
    UNSUITABLE_SOURCE = "unsuitable_source", _("Unsuitable source")
    ESCALATED = "escalated", _("Escalated")


WITHDRAWING = (DecisionKind.MASK_WRONG, DecisionKind.UNSUITABLE_SOURCE)
"""What takes the item out of the queue for everybody, until an operator has answered."""


class DecisionQuerySet(models.QuerySet["Decision"]):
    def standing(self) -> Self:
        return self.filter(retraction=None)

    def judged(self) -> Self:
        return self.filter(kind=DecisionKind.JUDGED)


class Decision(models.Model):
    """One reviewer's bundle for one slot and attempt.

    `idempotency_key` comes from the browser: sending a decision again answers the same and changes nothing;
    `fingerprint` (SHA-256 of what was sent) tells a repetition from a key used twice. `shown_order` is the order in
    which the siblings stood on the screen (candidate ids), `active_ms` the time with the page visible and in use,
    `aids` what of reviews.desk_actions.AIDS was looked at before deciding, `guideline` the version on the screen.
    """

    Kind = DecisionKind

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="decisions")
    attempt = models.PositiveSmallIntegerField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=20, choices=DecisionKind)
    best = models.ForeignKey(Candidate, null=True, on_delete=models.PROTECT, related_name="+")
    idempotency_key = models.UUIDField()
    fingerprint = models.CharField(max_length=64)
    shown_order = ArrayField(models.BigIntegerField(), default=list)
    active_ms = models.PositiveIntegerField(default=0)
    aids = ArrayField(models.CharField(max_length=20), default=list)
    guideline = models.ForeignKey(GuidelineVersion, null=True, on_delete=models.PROTECT, related_name="decisions")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[models.Manager["Decision"]] = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slot", "attempt"], name="one_decision_per_attempt"),
            models.UniqueConstraint(fields=["reviewer", "idempotency_key"], name="decision_key_once"),
        ]
        indexes = [models.Index(fields=["reviewer", "-created_at"])]
        triggers = APPEND_ONLY + COUNT_DECISIONS

    def __str__(self) -> str:
        return f"{self.reviewer_id} on {self.slot_id}"


class Verdict(models.Model):
    """One candidate in one decision, on two axes. A reject names at least one code."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="verdicts")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="verdicts")
    approved = models.BooleanField()
    product_right = models.BooleanField()
    scene_right = models.BooleanField()
    codes = ArrayField(models.CharField(max_length=40), default=list)
    marks = models.JSONField(
        default=list, help_text=_("Points and boxes on the image, in shares of its width and height.")
    )
    comment = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "candidate"], name="verdict_once"),
            models.CheckConstraint(condition=Q(approved=False) | Q(codes=[]), name="approval_names_no_defect"),
            models.CheckConstraint(condition=Q(approved=True) | ~Q(codes=[]), name="reject_names_a_code"),
        ]
        triggers = APPEND_ONLY + COUNT_VERDICTS

    def __str__(self) -> str:
        return f"{self.candidate_id}: {'approved' if self.approved else ', '.join(self.codes)}"


class Retraction(models.Model):
    """An undo: it takes one decision back, for good. `reviewer` is who did: for a report of a wrong mask it may be the
    operator who found the mask right."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="retraction")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="retraction_by_age")]
        triggers = APPEND_ONLY + COUNT_UNDONE

    def __str__(self) -> str:
        return f"undo of {self.decision_id}"
