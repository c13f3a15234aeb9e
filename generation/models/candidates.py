"""Candidates, what the guards found in them, and how the reward models scored them. Rows are added, never rewritten."""

import uuid
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from generation.models.pictures import Picture
from generation.models.requests import GenerationRequest
from generation.models.training import ModelVersion


class CandidateState(models.TextChoices):
    GENERATED = "generated", _("Generated")
    CLEARED = "cleared", _("Cleared")
    BLOCKED = "blocked", _("Blocked")
    SCORED = "scored", _("Scored")


_S = CandidateState


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def scored(self) -> Self:
        return self.filter(state=CandidateState.SCORED)

    def cleared(self) -> Self:
        """Not blocked: what a person or a reward model may see."""
        return self.filter(state__in=[CandidateState.CLEARED, CandidateState.SCORED])


class Candidate(models.Model):
    """`raw` is the model's own output; `composed` the full-resolution image with the product pasted back."""

    State = CandidateState
    MOVES = {
        _S.GENERATED: frozenset({_S.CLEARED, _S.BLOCKED}),
        _S.CLEARED: frozenset({_S.SCORED}),
    }

    handle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(GenerationRequest, on_delete=models.CASCADE, related_name="candidates")
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=CandidateState, default=CandidateState.GENERATED)
    raw = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="+")
    composed = models.ForeignKey(Picture, null=True, on_delete=models.PROTECT, related_name="+")
    perceptual_hash = models.BigIntegerField(
        null=True, help_text=_("64-bit hash of the composed image, as a signed integer.")
    )
    heat_map = models.ForeignKey(
        Picture,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("How far the raw output strayed inside the product, as the guardian saw it."),
    )
    recipe = models.JSONField(
        default=dict,
        help_text=_("Everything needed to make the same pixels again; what was sent, where it was made elsewhere."),
    )
    generator_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["Candidate"]] = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["request_id", "position"]
        constraints = [models.UniqueConstraint(fields=["request", "position"], name="candidate_once")]

    def __str__(self) -> str:
        return f"{self.request_id}.{self.position}"


class Finding(models.Model):
    """One guard measurement against the limit that held when it was taken."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="findings")
    guard = models.CharField(max_length=40)
    measure = models.CharField(max_length=40)
    value = models.FloatField()
    threshold = models.FloatField(null=True)
    violated = models.BooleanField(default=False)
    blocking = models.BooleanField(default=False, help_text=_("Whether breaking this limit stops the candidate."))
    regions = models.JSONField(
        default=list, help_text=_("Where, as boxes {x, y, width, height} in shares of the image's sides, 0..1.")
    )
    proof = models.ForeignKey(Picture, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["candidate", "measure"], name="finding_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.measure}={self.value:.3g}"


class Score(models.Model):
    """What one reward version says of one candidate. `rank` counts from 1 within the request."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="scores")
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    value = models.FloatField()
    rank = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["candidate", "version"], name="score_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.candidate_id}: {self.value:.3f}"
