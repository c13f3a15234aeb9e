"""Work that a worker may die in the middle of: an attempt has a token and a heartbeat, and attempts are counted."""

from django.db import models

MAX_ATTEMPTS = 3
SILENT_AFTER_SECONDS = 60


class Attempted(models.Model):
    """A late attempt loses by its token; one silent for SILENT_AFTER_SECONDS is started again by the sweep."""

    attempt_token = models.UUIDField(null=True, editable=False)
    heartbeat_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    steps_done = models.PositiveIntegerField(default=0, editable=False)
    steps_total = models.PositiveIntegerField(default=0, editable=False)
    failure = models.TextField(blank=True, editable=False)

    class Meta:
        abstract = True
