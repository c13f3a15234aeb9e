"""The outbox: what must follow a change is a row written in the same transaction."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def waiting(self) -> Self:
        return self.filter(published_at=None)


class OutboxMessage(models.Model):
    """`topic` names the event, `key` the primary key of what it is about; the relay alone publishes it."""

    topic = models.CharField(max_length=60)
    key = models.BigIntegerField()
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["OutboxMessage"]] = OutboxQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(published_at=None), name="outbox_waiting")]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"
