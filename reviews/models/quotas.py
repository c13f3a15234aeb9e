"""How much may be judged, by whom, where and when; and how much of it is used: open leases + decided - undone."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from generation.models.requests import variant_choices
from reviews.models.crews import ReviewerGroup
from reviews.models.queues import Queue

DEFAULT_DAILY_IMAGES = 200
"""What a reviewer may judge in a day where no quota says otherwise."""


class QuotaPeriod(models.TextChoices):
    DAY = "day", _("Day")
    WEEK = "week", _("Week")


class QuotaUnit(models.TextChoices):
    IMAGES = "images", _("Images")
    MINUTES = "minutes", _("Active minutes")


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Quota(models.Model):
    """A limit an admin sets: `cap` is enforced by the claim, `target` is only shown. It holds from the next claim on.

    For one `reviewer`, for the members of a `group`, or for everybody; for one `queue`, one `variant`, or all of it.
    For each of them, unless `is_shared`: then it is one budget for all together. Of caps for each that differ in
    nothing but whom they are for, the person's own comes before their group's, and that before everybody's. With
    `carries_over` what was left of the period before may be used in this one.
    """

    Period = QuotaPeriod
    Unit = QuotaUnit

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="quotas")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="quotas"
    )
    group = models.ForeignKey(ReviewerGroup, null=True, blank=True, on_delete=models.CASCADE, related_name="quotas")
    queue = models.ForeignKey(Queue, null=True, blank=True, on_delete=models.CASCADE, related_name="quotas")
    variant = models.CharField(_("variant"), max_length=40, blank=True, choices=variant_choices)
    period = models.CharField(_("period"), max_length=4, choices=QuotaPeriod, default=QuotaPeriod.DAY)
    unit = models.CharField(_("unit"), max_length=7, choices=QuotaUnit, default=QuotaUnit.IMAGES)
    is_shared = models.BooleanField(_("one budget for all of them"), default=False)
    cap = models.PositiveIntegerField(_("cap"), null=True, blank=True, validators=[MaxValueValidator(1_000_000)])
    target = models.PositiveIntegerField(_("target"), null=True, blank=True, validators=[MaxValueValidator(1_000_000)])
    carries_over = models.BooleanField(_("what is left carries over"), default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[models.Manager["Quota"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "reviewer", "group", "queue", "variant", "period", "unit", "is_shared"],
                nulls_distinct=False,
                name="quota_once",
            ),
            models.CheckConstraint(
                condition=Q(cap__isnull=False) | Q(target__isnull=False), name="quota_says_something"
            ),
            models.CheckConstraint(condition=Q(reviewer=None) | Q(group=None), name="quota_for_person_or_group"),
            models.CheckConstraint(condition=Q(queue=None) | Q(variant=""), name="quota_of_queue_or_variant"),
            models.CheckConstraint(condition=Q(reviewer=None) | Q(is_shared=False), name="quota_shared_by_several"),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer or self.group or 'everybody'}: {self.cap} {self.unit} a {self.period}"


class QuotaDay(models.Model):
    """What one reviewer has used of a queue on a day, in images, by their own calendar: the unit of all quotas.

    Only the claim and its kin write `used`.
    """

    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quota_days")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="quota_days")
    day = models.DateField()
    used = models.IntegerField(default=0, db_default=0)

    objects: ClassVar[models.Manager["QuotaDay"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reviewer", "day", "queue"], name="quota_day_once"),
            models.CheckConstraint(condition=models.Q(used__gte=0), name="quota_used_not_negative"),
        ]
        indexes = [models.Index(fields=["queue", "day"])]

    def __str__(self) -> str:
        return f"{self.reviewer} {self.day}: {self.used}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Pause(models.Model):
    """Nothing is given out to `reviewer`, or, without one, to anybody of the team, until it ends. The program itself
    begins one where `begun_by` is empty (reviews.services.gold_alarms)."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="pauses")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="pauses")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Pause"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "reviewer"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="one_pause_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"pause of {self.reviewer or self.team}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Holiday(models.Model):
    """A day off, of everybody or of one reviewer: no target is set for it, and no forecast counts on it.

    Nobody is kept from working: caps hold as on any day.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="holidays")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="holidays"
    )
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=80, blank=True)

    objects: ClassVar[models.Manager["Holiday"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "reviewer", "day"], nulls_distinct=False, name="holiday_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
