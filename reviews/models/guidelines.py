"""What a team asks of its reviewers, in words and pictures: versions are added, never changed."""

from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.histories import NOT_EMPTIED
from accounts.models import Team
from generation.models import Candidate, Picture
from generation.models.requests import variant_choices


class GuidelineQuerySet(models.QuerySet["GuidelineVersion"]):
    def of_team(self, team: Team) -> Self:
        return self.filter(team=team)

    def newest(self, team: Team, variant: str) -> "GuidelineVersion | None":
        """The version in force."""
        return self.filter(team=team, variant=variant).order_by("-number").first()


class GuidelineVersion(models.Model):
    """`text` is Markdown. The newest of a team and variant is in force; decisions name the one on the screen."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="guidelines")
    variant = models.CharField(_("variant"), max_length=40, choices=variant_choices)
    number = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    text = models.TextField(_("text"), max_length=20_000)
    change_note = models.CharField(_("what has changed"), max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["GuidelineVersion"]] = GuidelineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "variant", "number"], name="guideline_number_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            NOT_EMPTIED,
        ]

    def __str__(self) -> str:
        return f"{self.variant} v{self.number}"


class GuidelineExample(models.Model):
    """A picture that shows what is meant. `code` names the defect of a bad one, where it shows just one."""

    version = models.ForeignKey(GuidelineVersion, on_delete=models.PROTECT, related_name="examples")
    position = models.PositiveSmallIntegerField()
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="+")
    candidate = models.ForeignKey(Candidate, null=True, on_delete=models.PROTECT, related_name="+")
    is_good = models.BooleanField(_("good"))
    code = models.CharField(_("defect"), max_length=40, blank=True)
    caption = models.CharField(_("caption"), max_length=200)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="example_position_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.caption
