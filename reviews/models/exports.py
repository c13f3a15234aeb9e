"""A snapshot rendered in one trainer's format."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from generation.models import DatasetSnapshot
from generation.models.attempts import Attempted
from reviews.formats import EXPORT_FORMATS


class ExportState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RENDERING = "rendering", _("Rendering")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


_S = ExportState


def format_choices() -> list[tuple[str, StrPromise]]:
    return [(key, _(label)) for key, (label, _path) in EXPORT_FORMATS.items()]


class SnapshotExport(Attempted):
    """`files` lists what was written: name, storage name, bytes and sha256 of each, the manifest first."""

    State = ExportState
    MOVES = {
        _S.QUEUED: frozenset({_S.RENDERING, _S.CANCELLED, _S.FAILED}),
        _S.RENDERING: frozenset({_S.RENDERING, _S.READY, _S.FAILED, _S.CANCELLED}),
        _S.FAILED: frozenset({_S.QUEUED}),
    }

    handle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    snapshot = models.ForeignKey(DatasetSnapshot, on_delete=models.PROTECT, related_name="exports")
    format = models.CharField(max_length=40, choices=format_choices)
    state = models.CharField(max_length=10, choices=ExportState, default=ExportState.QUEUED)
    files = models.JSONField(default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[models.Manager["SnapshotExport"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "format"],
                condition=~models.Q(state__in=["failed", "cancelled"]),
                name="one_export_per_format",
            )
        ]

    def __str__(self) -> str:
        return f"{self.snapshot} as {self.format}"
