"""What admins do with many items at once, and can take back; and how the review floor of a team is run."""

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.histories import NOT_EMPTIED
from accounts.models import Team
from generation.models.attempts import Attempted
from reviews.models.items import ReviewItem


class ReworkKind(models.TextChoices):
    REVIEW_AGAIN = "review_again", _("Review again")
    WITHDRAW = "withdraw", _("Withdraw")
    MOVE = "move", _("Move to another queue")
    PRIORITISE = "prioritise", _("Change the priority")


class ReworkState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")
    UNDO_QUEUED = "undo_queued", _("To be undone")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


_S = ReworkState
# How far it is: written every second by whoever is at it, and no history.
_PROGRESS = [
    "attempt_token", "heartbeat_at", "attempts", "steps_done", "steps_total", "failure",
    "items_done", "items_passed", "items_undone", "items_left",
]  # fmt: skip


@pghistory.track(exclude=_PROGRESS)
class Rework(Attempted):
    """One act on many items, with its reason. `said` is what was chosen and asked for, as the preview showed it.

    Of `items_total`, `items_done` were changed and `items_passed` passed over, because they had gone on since the
    preview; of those done, an undo put `items_undone` back and left `items_left`, which had gone on since.
    """

    Kind = ReworkKind
    State = ReworkState
    MOVES = {
        _S.QUEUED: frozenset({_S.RUNNING, _S.CANCELLED, _S.FAILED}),
        _S.RUNNING: frozenset({_S.RUNNING, _S.QUEUED, _S.DONE, _S.CANCELLED, _S.FAILED}),
        _S.DONE: frozenset({_S.UNDO_QUEUED}),
        _S.CANCELLED: frozenset({_S.UNDO_QUEUED}),
        _S.FAILED: frozenset({_S.UNDO_QUEUED}),
        _S.UNDO_QUEUED: frozenset({_S.UNDOING, _S.FAILED}),
        _S.UNDOING: frozenset({_S.UNDOING, _S.UNDO_QUEUED, _S.UNDONE, _S.FAILED}),
    }

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="reworks")
    kind = models.CharField(_("act"), max_length=14, choices=ReworkKind)
    reason = models.CharField(_("reason"), max_length=500)
    said = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=ReworkState)
    items_total = models.PositiveIntegerField(default=0)
    items_done = models.PositiveIntegerField(default=0)
    items_passed = models.PositiveIntegerField(default=0)
    items_undone = models.PositiveIntegerField(default=0)
    items_left = models.PositiveIntegerField(default=0)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Rework"]] = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["team", "-done_at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"

    @property
    def is_at_work(self) -> bool:
        return self.state in (_S.QUEUED, _S.RUNNING, _S.UNDO_QUEUED, _S.UNDOING)

    @property
    def is_being_done(self) -> bool:
        """Whether it can still be cancelled."""
        return self.state in (_S.QUEUED, _S.RUNNING)

    @property
    def can_be_undone(self) -> bool:
        return (
            self.state in (_S.DONE, _S.CANCELLED, _S.FAILED) and self.items_done > self.items_undone + self.items_left
        )

    @property
    def items_settled(self) -> int:
        """How far it is, of `items_to_settle`."""
        if self.state in (_S.UNDO_QUEUED, _S.UNDOING):
            return self.items_undone + self.items_left
        return self.items_done + self.items_passed

    @property
    def items_to_settle(self) -> int:
        return self.items_done if self.state in (_S.UNDO_QUEUED, _S.UNDOING) else self.items_total


class ReworkItemState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    PASSED = "passed", _("Passed over")
    UNDONE = "undone", _("Put back")
    LEFT = "left", _("Left as it is")


_ENDED = "OLD.state IN ('passed', 'undone', 'left')"
_BACKWARDS = "OLD.state = 'done' AND NEW.state NOT IN ('undone', 'left')"
_REWRITTEN = (
    "OLD.state = 'done' AND (NEW.before <> OLD.before OR NEW.made_id IS DISTINCT FROM OLD.made_id)"
    " OR NEW.rework_id <> OLD.rework_id OR NEW.item_id <> OLD.item_id"
)


class ReworkItem(models.Model):
    """An item of a rework as it was before it (`before`), and the visit that was made for it, if one was.

    `why` says what kept it from being done, or from being put back (reviews.rework.WHY). A row only goes forward:
    waiting > done or passed; done > undone or left. What it was before is written once.
    """

    State = ReworkItemState

    rework = models.ForeignKey(Rework, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey(ReviewItem, on_delete=models.PROTECT, related_name="reworks")
    state = models.CharField(max_length=7, choices=ReworkItemState)
    why = models.CharField(max_length=20, blank=True)
    before = models.JSONField(default=dict)
    made = models.OneToOneField(ReviewItem, null=True, on_delete=models.PROTECT, related_name="made_by")

    objects: ClassVar[models.Manager["ReworkItem"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rework", "item"], name="rework_item_once")]
        indexes = [models.Index(fields=["rework", "state", "id"], name="rework_item_by_state")]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="only_forward",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"(({_ENDED}) OR ({_BACKWARDS}) OR ({_REWRITTEN}))"),
            ),
            NOT_EMPTIED,
        ]

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
