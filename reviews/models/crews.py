"""Groups of reviewers, and what they are good at."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ReviewerGroup(models.Model):
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="reviewer_groups")
    name = models.CharField(_("name"), max_length=80)
    members: "models.ManyToManyField[User, GroupMember]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="GroupMember", related_name="reviewer_groups"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["ReviewerGroup"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="group_name_once")]

    def __str__(self) -> str:
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class GroupMember(models.Model):
    group = models.ForeignKey(ReviewerGroup, on_delete=models.CASCADE, related_name="memberships")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="group_memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "reviewer"], name="group_member_once")]

    def __str__(self) -> str:
        return f"{self.reviewer_id} in {self.group_id}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Skill(models.Model):
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="skills")
    name = models.CharField(_("name"), max_length=80)

    objects: ClassVar[models.Manager["Skill"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="skill_name_once")]

    def __str__(self) -> str:
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ReviewerSkill(models.Model):
    """How well a reviewer does something, from 1 (learning) to 5 (teaches others)."""

    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reviewer_skills")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="holders")
    level = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1), MaxValueValidator(5)])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reviewer", "skill"], name="reviewer_skill_once")]

    def __str__(self) -> str:
        return f"{self.reviewer_id}: {self.skill_id} {self.level}"
