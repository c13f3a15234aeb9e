"""What admins have set in place of a variant's own limits. Rows are added, never rewritten: the newest holds."""

from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.histories import NOT_EMPTIED
from accounts.models import Team
from generation.models.requests import variant_choices

_FAR = 1e9


class LimitChangeQuerySet(models.QuerySet["LimitChange"]):
    def of(self, team: Team, variant: str) -> Self:
        return self.filter(team=team, variant=variant)

    def newest(self) -> Self:
        """One row per measure: the last."""
        return self.order_by("team", "variant", "measure", "-pk").distinct("team", "variant", "measure")


class LimitChange(models.Model):
    """From now on, for one team: another threshold for a measure, or, without one, the variant's own limit again."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="limit_changes")
    variant = models.CharField(max_length=40, choices=variant_choices)
    measure = models.CharField(max_length=40)
    threshold = models.FloatField(null=True)
    blocks = models.BooleanField(null=True)
    reason = models.CharField(max_length=300, help_text=_("Why, in the words of who changed it."))
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["LimitChange"]] = LimitChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["team", "variant", "measure", "-id"], name="limit_change_newest")]
        constraints = [
            models.CheckConstraint(
                # PostgreSQL holds NaN for larger than any number, so this refuses it as well.
                condition=Q(threshold=None, blocks=None)
                | Q(threshold__isnull=False, threshold__gte=-_FAR, threshold__lte=_FAR, blocks__isnull=False),
                name="limit_change_is_a_limit_or_none",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            NOT_EMPTIED,
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {'default' if self.threshold is None else self.threshold}"
