"""What admins do with many items at once, and can take back; and how the review floor of a team is run."""

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from reviews.models.items import ReviewItem


class ReworkKind(models.TextChoices):
    REVIEW_AGAIN = "review_again", _("Review again")
    WITHDRAW = "withdraw", _("Withdraw")
    MOVE = "move", _("Move to another queue")
    PRIORITISE = "prioritise", _("Change the priority")


@pghistory.track()
class Rework(models.Model):
    """One act on many items, with its reason. `said` is what was chosen and asked for, as the preview showed it."""

    Kind = ReworkKind

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="reworks")
    kind = models.CharField(_("act"), max_length=14, choices=ReworkKind)
    reason = models.CharField(_("reason"), max_length=500)
    said = models.JSONField(default=dict)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Rework"]] = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["team", "-done_at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"


class ReworkItem(models.Model):
    """An item of a rework as it was before it (`before`), and the visit that was made for it, if one was."""

    rework = models.ForeignKey(Rework, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey(ReviewItem, on_delete=models.PROTECT, related_name="reworks")
    before = models.JSONField(default=dict)
    made = models.OneToOneField(ReviewItem, null=True, on_delete=models.PROTECT, related_name="made_by")

    objects: ClassVar[models.Manager["ReworkItem"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rework", "item"], name="rework_item_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.rework_id}: {self.item_id}"


@pghistory.track()
class FloorSettings(models.Model):
    """How a team runs its review floor. Without a row the defaults hold."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="floor_settings")
    hold_minutes = models.PositiveIntegerField(
        _("publication hold, minutes"),
        default=10,
        help_text=_("So long after an item is resolved its webhooks wait: what is undone meanwhile leaves no trace."),
    )
    locks_after_hours = models.PositiveIntegerField(
        _("accepted items lock after, hours"),
        default=24,
        help_text=_("From then on only an admin can bring an accepted item back to review, with a reason."),
    )

    gold_floor = models.PositiveSmallIntegerField(
        _("known images judged right, at least, in 100"),
        default=80,
        validators=[MaxValueValidator(100)],
        help_text=_("Whose share is below it by more than chance explains is told to admins. 0: nobody is."),
    )
    gold_pauses = models.BooleanField(
        _("pause whoever is below it"),
        default=False,
        help_text=_("Nothing new is given to them until an admin ends the pause."),
    )

    objects: ClassVar[models.Manager["FloorSettings"]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.team}: {self.hold_minutes} min, {self.locks_after_hours} h"
