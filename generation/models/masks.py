"""A mask that a machine proposes, or a person brings as a file, before anybody has said that it is right."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from accounts.models import Team
from generation.models.attempts import Attempted
from generation.models.pictures import Picture
from generation.models.products import ProductRevision
from generation.registries import SEGMENTERS


class ProposalState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


_S = ProposalState


def segmenter_choices() -> list[tuple[str, StrPromise]]:
    return [(key, _(label)) for key, (label, _path) in SEGMENTERS.items()]


class ProposalQuerySet(models.QuerySet["MaskProposal"]):
    def of_team(self, team: Team) -> Self:
        return self.filter(revision__product__team=team)

    def of_photo(self, revision: ProductRevision) -> Self:
        """Made of the photo of `revision`, whichever revision of the product they were asked for."""
        return self.filter(revision__product=revision.product_id, revision__photo=revision.photo_id)


class MaskProposal(Attempted):
    """`segmenter` is empty where a person uploaded the mask; then it is READY from the start."""

    State = ProposalState
    MOVES = {
        _S.QUEUED: frozenset({_S.RUNNING, _S.FAILED, _S.CANCELLED}),
        _S.RUNNING: frozenset({_S.RUNNING, _S.READY, _S.FAILED, _S.CANCELLED}),
    }

    handle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    revision = models.ForeignKey(ProductRevision, on_delete=models.PROTECT, related_name="mask_proposals")
    segmenter = models.CharField(max_length=40, choices=segmenter_choices, blank=True)
    rectangle = models.JSONField(null=True, help_text=_("left, top, right and bottom, in shares of the photo."))
    hints = models.JSONField(default=list, help_text=_("Strokes that show what is product for certain, or is not."))
    mask = models.ForeignKey(Picture, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.QUEUED)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[models.Manager["MaskProposal"]] = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["heartbeat_at"],
                condition=models.Q(state__in=["queued", "running"]),
                name="proposal_unfinished",
            )
        ]

    def __str__(self) -> str:
        return f"{self.segmenter or 'upload'} of {self.revision}"
