"""Mask repairs: a reviewer says that a mask is wrong, or the photo unsuitable; an operator repairs it and asks again,
or finds nothing wrong."""

from typing import Any, ClassVar, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from generation.models.products import ProductRevision
from generation.models.requests import GenerationRequest


class RepairReason(models.TextChoices):
    MASK = "mask", _("Mask is wrong")
    SOURCE = "source", _("Unsuitable source")


class RepairState(models.TextChoices):
    OPEN = "open", _("Open")
    REPAIRED = "repaired", _("Repaired")
    KEPT = "kept", _("Mask kept")
    TAKEN_BACK = "taken_back", _("Taken back")


class RepairQuerySet(models.QuerySet["MaskRepair"]):
    def of_team(self, team: Team) -> Self:
        return self.filter(team=team)

    def waiting(self) -> Self:
        return self.filter(state=RepairState.OPEN)

    def of_masks(self) -> Self:
        return self.filter(reason=RepairReason.MASK)

    def for_list(self) -> Self:
        return self.select_related("request", "revision__product", "revision__photo", "revision__mask", "new_revision")


@pghistory.track()
class MaskRepair(models.Model):
    """One report of a wrong mask or, by its reason, of an unsuitable photo.

    `note` and `marks` are the reviewer's, for the operator. `marks` are points {x, y} and boxes {x, y, width, height}
    in shares of the photo's sides, 0..1.
    """

    Reason = RepairReason
    State = RepairState
    MOVES = {RepairState.OPEN: frozenset({RepairState.REPAIRED, RepairState.KEPT, RepairState.TAKEN_BACK})}

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="mask_repairs")
    request = models.ForeignKey(GenerationRequest, on_delete=models.PROTECT, related_name="mask_repairs")
    revision = models.ForeignKey(ProductRevision, on_delete=models.PROTECT, related_name="mask_repairs")
    reason = models.CharField(max_length=10, choices=RepairReason, default=RepairReason.MASK)
    state = models.CharField(max_length=10, choices=RepairState, default=RepairState.OPEN)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    marks = models.JSONField(default=list)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    new_revision = models.ForeignKey(ProductRevision, null=True, on_delete=models.PROTECT, related_name="+")
    new_request = models.OneToOneField(
        GenerationRequest, null=True, on_delete=models.PROTECT, related_name="asked_again_for"
    )

    objects: ClassVar[models.Manager["MaskRepair"]] = RepairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request"], condition=Q(state="open"), name="one_open_repair"),
            models.CheckConstraint(
                name="repair_closed_by_somebody",
                condition=Q(state="open", closed_by=None, closed_at=None)
                | (~Q(state="open") & Q(closed_by__isnull=False, closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="repaired_with_what_is_new",
                condition=Q(state="repaired", new_revision__isnull=False, new_request__isnull=False)
                | (~Q(state="repaired") & Q(new_revision=None, new_request=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["team", "-id"]),
            models.Index(fields=["team"], condition=Q(state="open"), name="repair_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} of {self.revision}, for request {self.request_id}"

    def marks_in_pixels(self) -> list[dict[str, Any]]:
        """The marks over the photo, in its pixels, as a drawing of its size takes them."""
        across, down = {"x", "width"}, {"y", "height"}
        sides = dict.fromkeys(across, self.revision.photo.width) | dict.fromkeys(down, self.revision.photo.height)
        return [{name: round(share * sides[name]) for name, share in mark.items()} for mark in self.marks]
