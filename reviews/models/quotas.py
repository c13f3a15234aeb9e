"""How many images a reviewer may judge in a day, and how many are used: open leases + decided - undone."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class ReviewerQuota(models.Model):
    """The limit an admin sets. A change holds from the next claim on. Without a row the queue's default holds."""

    DEFAULT_DAILY_IMAGES = 200

    reviewer = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="review_quota")
    daily_images = models.PositiveIntegerField(
        _("images a day"), default=DEFAULT_DAILY_IMAGES, validators=[MaxValueValidator(100_000)]
    )

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.daily_images}"


class QuotaDay(models.Model):
    """One reviewer's day, by the calendar of their team's time zone. Only the claim and its kin write `used`."""

    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quota_days")
    day = models.DateField()
    used = models.IntegerField(default=0, db_default=0)

    objects: ClassVar[models.Manager["QuotaDay"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reviewer", "day"], name="quota_day_once"),
            models.CheckConstraint(condition=models.Q(used__gte=0), name="quota_used_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} {self.day}: {self.used}"
