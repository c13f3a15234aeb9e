"""Who works here: users, the one team each belongs to, their role in it, and their API tokens."""

import hashlib
import secrets
import uuid
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

import pghistory
from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OPERATOR = "operator", _("Operator")
    REVIEWER = "reviewer", _("Reviewer")
    ML_ENGINEER = "ml_engineer", _("ML engineer")
    ADMIN = "admin", _("Admin")


class Scope(models.TextChoices):
    """What an API token may do, within what its owner's role may do."""

    PRODUCTS_READ = "products:read", _("Read products")
    PRODUCTS_WRITE = "products:write", _("Add products")
    REQUESTS_READ = "requests:read", _("Read requests")
    REQUESTS_WRITE = "requests:write", _("Open and cancel requests")
    SNAPSHOTS_READ = "snapshots:read", _("Read snapshots and exports")
    SNAPSHOTS_WRITE = "snapshots:write", _("Freeze snapshots")
    MODELS_READ = "models:read", _("Read model versions and training runs")
    MODELS_WRITE = "models:write", _("Train models")
    FLOOR_READ = "floor:read", _("Read queues, quotas and workload")
    FLOOR_WRITE = "floor:write", _("Change queues, quotas and people")


@pghistory.track()
class Team(models.Model):
    """Products, requests, queues and people belong to exactly one team."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    time_zone = models.CharField(max_length=60, default="UTC", help_text=_("Where the team's working day begins."))
    shows_agreement = models.BooleanField(
        _("reviewers see their agreement with gold"),
        default=False,
        help_text=_("After the fact, on the page of their own day. Never at the desk."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractUser):
    """A person. `handle` is the pseudonym under which exports and other reviewers know them."""

    handle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    language = models.CharField(
        _("language"), max_length=10, blank=True, help_text=_("Empty: whatever the browser asks for.")
    )

    objects: ClassVar[UserManager[Self]] = UserManager()

    @property
    def role(self) -> str | None:
        membership = self.current_membership
        return membership.role if membership else None

    @property
    def team(self) -> Team | None:
        membership = self.current_membership
        return membership.team if membership else None

    @property
    def zone(self) -> ZoneInfo:
        """Where their days begin at midnight: their own time zone, or their team's."""
        membership = self.current_membership
        return ZoneInfo((membership.time_zone or membership.team.time_zone) if membership else "UTC")

    @property
    def current_membership(self) -> "Membership | None":
        """The user's one membership, fetched with its team once per request."""
        if not hasattr(self, "_membership"):
            self._membership = Membership.objects.select_related("team").filter(user_id=self.pk).first()
        return self._membership


@pghistory.track()
class Membership(models.Model):
    """A user's place in their team. One row a user: the primary key is the user."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="membership")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    time_zone = models.CharField(
        _("time zone"), max_length=60, blank=True, help_text=_("Where their working day begins. Empty: as the team's.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.team}"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=timezone.now(), user__is_active=True)


@pghistory.track(exclude=["digest", "last_used_at"])
class ApiToken(models.Model):
    """A 256-bit secret of which only the SHA-256 is kept; the prefix lets its owner recognise it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[models.Manager["ApiToken"]] = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"

    @staticmethod
    def make_secret() -> str:
        return "cr_" + secrets.token_urlsafe(32)

    @staticmethod
    def digest_of(secret: str) -> str:
        # A plain hash is enough: the secret has 256 random bits, so there is nothing to guess faster.
        return hashlib.sha256(secret.encode()).hexdigest()

    @classmethod
    def issue(cls, **values: Any) -> tuple["ApiToken", str]:
        """Store a new token; returns it with its secret, which cannot be read again."""
        secret = cls.make_secret()
        return cls.objects.create(prefix=secret[:8], digest=cls.digest_of(secret), **values), secret


class IdempotencyKey(models.Model):
    """What a client's Idempotency-Key made: sending it again answers with the same object and changes nothing."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    route = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64, help_text=_("SHA-256 of the request's body."))
    object_id = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "route", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
