"""Datasets a trainer can read, the runs that read them, and the versions that come out."""

import uuid
from typing import ClassVar, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from accounts.models import Team
from generation.models.attempts import Attempted
from generation.registries import GENERATORS, REWARD_MODELS, TRAINERS


class VersionState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    ACTIVE = "active", _("Active")
    RETIRED = "retired", _("Retired")


class EngineKind(models.TextChoices):
    GENERATOR = "generator", _("Generator")
    REWARD = "reward", _("Reward model")
    EXTERNAL = "external", _("Made elsewhere")


class RunState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


_V = VersionState
_R = RunState


def engine_choices() -> list[tuple[str, StrPromise]]:
    return [(key, _(label)) for registry in (GENERATORS, REWARD_MODELS) for key, (label, _path) in registry.items()]


def trainer_choices() -> list[tuple[str, StrPromise]]:
    return [(key, _(label)) for key, (label, _path) in TRAINERS.items()]


class SnapshotQuerySet(models.QuerySet["DatasetSnapshot"]):
    def of_team(self, team: Team) -> Self:
        return self.filter(team=team)

    def called(self, reference: str, team_slug: str = "") -> "DatasetSnapshot":
        """The snapshot NAME@VERSION, the latest version of NAME, or the one with that number, by a person's words.

        Raises LookupError with a sentence when there is none, or when several teams have one and none was named.
        """
        rows = self.filter(team__slug=team_slug) if team_slug else self
        name, _at, version = reference.partition("@")
        if reference.isdecimal():
            rows = rows.filter(pk=int(reference))
        else:
            rows = rows.filter(name=name, **({"version": int(version)} if version.isdecimal() else {}))
        teams = set(rows.values_list("team", flat=True))
        latest = rows.select_related("team").order_by("-version").first()
        if latest is None or (version and not version.isdecimal()):
            raise LookupError(f"There is no snapshot {reference}.")
        if len(teams) > 1:
            raise LookupError(f"Several teams have a snapshot {reference}: say which.")
        return latest


class DatasetSnapshot(models.Model):
    """A frozen, format-neutral set of judged candidates and pairs, addressed by the hash of its manifest.

    `files` maps a file's name inside the snapshot to its storage name; `counts` holds rows per split and kind.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="snapshots")
    name = models.SlugField(max_length=80)
    version = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, help_text=_("Of the manifest, which lists every file with its own."))
    files = models.JSONField()
    filters = models.JSONField(default=dict)
    counts = models.JSONField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["DatasetSnapshot"]] = SnapshotQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "name", "version"], name="snapshot_version_once")]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"


class VersionQuerySet(models.QuerySet["ModelVersion"]):
    def loadable(self) -> Self:
        """Those with weights here: what can be put to use."""
        return self.exclude(kind=EngineKind.EXTERNAL)

    def visible_to(self, team: Team) -> Self:
        """What works here belongs to the installation; the names that another team gave to models elsewhere do not."""
        theirs = ModelVersion.objects.filter(requests__team=team)
        return self.exclude(Q(kind=EngineKind.EXTERNAL) & ~Q(pk__in=theirs.values("pk")))

    def made_elsewhere(self, team: Team) -> Self:
        """The models whose candidates `team` brought in, each with `request_count` and `first_at`."""
        ours = Q(requests__team=team)
        rows = self.filter(kind=EngineKind.EXTERNAL).annotate(
            request_count=models.Count("requests", filter=ours),
            first_at=models.Min("requests__created_at", filter=ours),
        )
        return rows.filter(request_count__gt=0).order_by("variant", "name")

    def active(self, kind: str, variant: str) -> "ModelVersion":
        """The version in use. Raises ModelVersion.DoesNotExist when none was activated."""
        return self.get(kind=kind, variant=variant, state=VersionState.ACTIVE)

    def for_list(self) -> Self:
        """Each with `has_predecessor`: whether a version of its kind and variant was in use before it."""
        before = ModelVersion.objects.filter(
            kind=models.OuterRef("kind"), variant=models.OuterRef("variant"), state=VersionState.RETIRED
        ).exclude(activated_at=None)
        rows = self.select_related("snapshot", "created_by").annotate(has_predecessor=models.Exists(before))
        return rows.order_by("kind", "variant", "-number")


@pghistory.track()
class ModelVersion(models.Model):
    """One engine with one set of weights. `folder` lies under SHIPPED_MODELS_DIR or MODELS_DIR; `sha256` pins it.

    A version of the kind EXTERNAL is only the name of a model that made candidates elsewhere: no engine, no weights,
    never in use.
    """

    State = VersionState
    Kind = EngineKind
    MOVES = {
        _V.PROPOSED: frozenset({_V.ACTIVE, _V.RETIRED}),
        _V.ACTIVE: frozenset({_V.RETIRED}),
        _V.RETIRED: frozenset({_V.ACTIVE}),
    }

    kind = models.CharField(max_length=12, choices=EngineKind)
    variant = models.CharField(max_length=40)
    engine = models.CharField(max_length=60, choices=engine_choices, blank=True)
    name = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    folder = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    is_demonstration = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.PROPOSED)
    metrics = models.JSONField(default=dict)
    snapshot = models.ForeignKey(DatasetSnapshot, null=True, on_delete=models.PROTECT, related_name="versions")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    activated_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["ModelVersion"]] = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "variant", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "variant"], condition=Q(state="active"), name="one_active_version"),
            models.UniqueConstraint(fields=["kind", "variant", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["variant", "name"], condition=Q(kind=EngineKind.EXTERNAL), name="external_model_once"
            ),
            models.CheckConstraint(
                condition=~Q(kind=EngineKind.EXTERNAL)
                | Q(engine="", folder="", sha256="", state=VersionState.PROPOSED, activated_at=None),
                name="external_model_is_a_name",
            ),
        ]

    def __str__(self) -> str:
        # What its makers call it has its own numbers in it.
        return self.name if self.is_external else f"{self.name} v{self.number}"

    @property
    def is_external(self) -> bool:
        return self.kind == EngineKind.EXTERNAL


class RunQuerySet(models.QuerySet["TrainingRun"]):
    def of_team(self, team: Team) -> Self:
        return self.filter(team=team)


class TrainingRun(Attempted):
    """One training, in slices: RUNNING goes back to QUEUED until the trainer says it is done."""

    State = RunState
    MOVES = {
        _R.QUEUED: frozenset({_R.RUNNING, _R.CANCELLED, _R.FAILED}),
        _R.RUNNING: frozenset({_R.RUNNING, _R.QUEUED, _R.SUCCEEDED, _R.FAILED, _R.CANCELLED}),
    }

    handle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="training_runs")
    trainer = models.CharField(max_length=60, choices=trainer_choices)
    variant = models.CharField(max_length=40)
    snapshot = models.ForeignKey(DatasetSnapshot, on_delete=models.PROTECT, related_name="runs")
    state = models.CharField(max_length=10, choices=RunState, default=RunState.QUEUED)
    curve = models.JSONField(default=list, help_text=_("Points of (step, loss)."))
    note = models.CharField(max_length=200, blank=True)
    version = models.OneToOneField(ModelVersion, null=True, on_delete=models.PROTECT, related_name="run")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["TrainingRun"]] = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.trainer} on {self.snapshot}"
