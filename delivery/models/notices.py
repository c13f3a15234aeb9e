"""What people are told beside their work: on the page, and by e-mail if they want."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Team


class Notice(models.Model):
    """`kind` and `values` make the text in the reader's language (delivery.kinds). `about` tells repetitions: of one
    kind and subject a person has one unread notice."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=120)
    values = models.JSONField(default=dict)
    path = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Notice"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "about"], condition=Q(read_at=None), name="one_unread_notice_of_a_kind"
            )
        ]
        indexes = [models.Index(fields=["user", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"


class NoticeChoice(models.Model):
    """Which kinds of notices somebody gets by e-mail. Without a row the kinds' own defaults hold."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="notice_choice"
    )
    mailed = ArrayField(models.CharField(max_length=40), default=list)

    objects: ClassVar[models.Manager["NoticeChoice"]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.user_id}: {', '.join(self.mailed)}"


class Alarm(models.Model):
    """Something that is so now and has been told: it is not told again before it has ended. The row is the memory."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="alarms")
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=120)
    raised_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["Alarm"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "kind", "about"], name="alarm_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
