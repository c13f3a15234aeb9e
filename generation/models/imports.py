"""Imports of many rows at once: how far each is, what it made, and what it could not take."""

import uuid
from math import ceil
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from generation.models.attempts import Attempted
from generation.models.products import ProductRevision


class ImportKind(models.TextChoices):
    PRODUCTS = "products", _("Products")
    CANDIDATES = "candidates", _("Candidates made elsewhere")


class ImportState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


_S = ImportState


class BulkImportQuerySet(models.QuerySet["BulkImport"]):
    def of_team(self, team: Team) -> Self:
        return self.filter(team=team)

    def with_left_files(self) -> Self:
        """Those whose file is still in storage although nobody will read it; a dry run's may yet be imported."""
        return self.exclude(stored="").filter(state__in=[_S.SUCCEEDED, _S.FAILED, _S.CANCELLED])


class BulkImport(Attempted):
    """Rows 1 to `position` of `total` are done: what they made and what they counted was stored together with it.

    `stored` names the archive in storage; it is empty for what a command reads from its own disk, and after the end.
    Every row up to `position` is in exactly one of `added`, `changed`, `unchanged` and `refused`.
    """

    Kind = ImportKind
    State = ImportState
    MOVES = {
        _S.QUEUED: frozenset({_S.RUNNING, _S.CANCELLED, _S.FAILED}),
        _S.RUNNING: frozenset({_S.RUNNING, _S.QUEUED, _S.SUCCEEDED, _S.FAILED, _S.CANCELLED}),
    }

    handle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="imports")
    kind = models.CharField(max_length=12, choices=ImportKind)
    name = models.CharField(max_length=200)
    stored = models.CharField(max_length=100, blank=True)
    byte_size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    dry_run = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.QUEUED)
    total = models.PositiveIntegerField(null=True, help_text=_("Rows; unknown until they were counted."))
    position = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    without_mask = models.PositiveIntegerField(default=0, help_text=_("Of those added or changed."))
    seconds = models.FloatField(default=0, help_text=_("Of work, without waiting."))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["BulkImport"]] = BulkImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["team", "-created_at"])]

    def __str__(self) -> str:
        return self.name

    @property
    def has_ended(self) -> bool:
        return self.state not in (_S.QUEUED, _S.RUNNING)

    @property
    def can_be_real(self) -> bool:
        """Whether this was a dry run whose file is kept, to be imported for real."""
        return self.dry_run and self.state == _S.SUCCEEDED and bool(self.stored)

    @property
    def rows_per_second(self) -> float | None:
        return self.position / self.seconds if self.seconds and self.position else None

    @property
    def minutes_left(self) -> int | None:
        rate = self.rows_per_second
        return ceil((self.total - self.position) / rate / 60) if rate and self.total and not self.has_ended else None


class ImportProblem(models.Model):
    """Why a row was refused, or (`is_note`) what was left aside without refusing anything. `line` 0: the whole file."""

    bulk_import = models.ForeignKey(BulkImport, on_delete=models.CASCADE, related_name="problems")
    line = models.PositiveIntegerField()
    name = models.CharField(max_length=200, blank=True)
    field = models.CharField(max_length=20, blank=True)
    code = models.CharField(max_length=40)
    message = models.CharField(max_length=300)
    params = models.JSONField(default=dict)
    is_note = models.BooleanField(default=False)

    class Meta:
        ordering = ["line", "field"]
        constraints = [models.UniqueConstraint(fields=["bulk_import", "line", "field"], name="import_problem_once")]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """The reason, in the reader's language."""
        sentence: str = gettext(self.message) % self.params
        return sentence


class ImportedRevision(models.Model):
    """Which bytes a revision was imported from, so that the same import again is told without decoding a picture."""

    revision = models.OneToOneField(ProductRevision, on_delete=models.CASCADE, related_name="imported")
    fingerprint = models.CharField(max_length=64, help_text=_("sha256 of the photo's and the mask's files."))

    def __str__(self) -> str:
        return f"{self.revision}: {self.fingerprint[:12]}"
