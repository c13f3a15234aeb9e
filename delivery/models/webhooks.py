"""What other programs are told, signed as Standard Webhooks prescribes, and what came of telling them."""

import uuid
from typing import ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    # That it changed is history, never what it is. Triggers fire by their names: this one after the others.
    pghistory.UpdateEvent("new_secret", condition=pgtrigger.AnyChange("secret"), trigger_name="with_new_secret"),
    exclude=["secret", "old_secret"],
)
class WebhookEndpoint(models.Model):
    """`topics` are the types of events it wants to hear of. Of two secrets both sign until `old_secret_until`."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="webhook_endpoints")
    url = models.URLField(_("address"), max_length=500)
    description = models.CharField(_("description"), max_length=120, blank=True)
    topics = ArrayField(models.CharField(max_length=40), verbose_name=_("events"))
    secret = models.CharField(max_length=80)
    old_secret = models.CharField(max_length=80, blank=True)
    old_secret_until = models.DateTimeField(null=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["WebhookEndpoint"]] = models.Manager()

    def __str__(self) -> str:
        return self.url


class MessageState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")


class WebhookMessage(models.Model):
    """One event for one endpoint. `handle` is the webhook-id: it stays the same however often it is sent."""

    State = MessageState

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="messages")
    handle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.CharField(max_length=40)
    about = models.CharField(max_length=120)
    body = models.JSONField()
    state = models.CharField(max_length=9, choices=MessageState, default=MessageState.WAITING)
    created_at = models.DateTimeField(auto_now_add=True)
    next_try_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["WebhookMessage"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event", "about"], name="webhook_event_once"),
        ]
        indexes = [
            models.Index(fields=["endpoint", "-created_at"]),
            models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="webhook_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.about}"


class WebhookAttempt(models.Model):
    """One try: the answer's status, or why there was none; the start of what was answered."""

    message = models.ForeignKey(WebhookMessage, on_delete=models.CASCADE, related_name="attempts")
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    duration_ms = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["WebhookAttempt"]] = models.Manager()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.status or self.error}"
