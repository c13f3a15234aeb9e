"""A request asks for candidates of one variant for one or more product revisions."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from accounts.models import Team
from generation.models.attempts import Attempted
from generation.models.pictures import Picture
from generation.models.products import ProductRevision
from generation.variants import VARIANTS


def variant_choices() -> list[tuple[str, StrPromise]]:
    return [(key, _(variant.label)) for key, variant in VARIANTS.items()]


class RequestState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    GENERATING = "generating", _("Generating")
    SCREENING = "screening", _("Screening")
    SCORING = "scoring", _("Scoring")
    READY = "ready", _("Ready")
    INELIGIBLE = "ineligible", _("Not eligible")
    ALL_BLOCKED = "all_blocked", _("All blocked")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


_S = RequestState
ENDED = (_S.READY, _S.INELIGIBLE, _S.ALL_BLOCKED, _S.FAILED, _S.CANCELLED)


class RequestQuerySet(models.QuerySet["GenerationRequest"]):
    def of_team(self, team: Team) -> Self:
        return self.filter(team=team)

    def searched(self, words: str) -> Self:
        """Those whose prompt, or the title or external id of whose product, holds `words`."""
        called = models.Q(revision__product__title__icontains=words)
        called |= models.Q(revision__product__external_id__icontains=words)
        placed = RequestProduct.objects.filter(called, request=models.OuterRef("pk"))
        return self.filter(models.Q(prompt__icontains=words) | models.Exists(placed))

    def for_list(self) -> Self:
        return self.select_related("created_by", "generator_version").prefetch_related(
            "request_products__revision__product", "request_products__revision__photo"
        )


class GenerationRequest(Attempted):
    """`seed` gives every candidate its own: candidate i is made with seed + i.

    Candidates made elsewhere have no seed, steps and guidance that we know of; `origin_sha256` stands for what was
    sent, so that the same is not taken in twice.
    """

    State = RequestState
    MOVES = {
        _S.QUEUED: frozenset({_S.GENERATING, _S.INELIGIBLE, _S.FAILED, _S.CANCELLED}),
        _S.GENERATING: frozenset({_S.GENERATING, _S.SCREENING, _S.FAILED, _S.CANCELLED}),
        _S.SCREENING: frozenset({_S.SCREENING, _S.SCORING, _S.ALL_BLOCKED, _S.FAILED, _S.CANCELLED}),
        _S.SCORING: frozenset({_S.SCORING, _S.READY, _S.FAILED, _S.CANCELLED}),
        _S.FAILED: frozenset({_S.QUEUED}),
    }

    handle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="requests")
    revisions = models.ManyToManyField(ProductRevision, through="RequestProduct", related_name="requests")
    variant = models.CharField(_("variant"), max_length=40, choices=variant_choices)
    prompt = models.CharField(_("prompt"), max_length=500)
    candidate_count = models.PositiveSmallIntegerField(
        _("candidates"), validators=[MinValueValidator(1), MaxValueValidator(8)]
    )
    parameters = models.JSONField(
        _("settings"),
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        help_text=_("What the variant asks for beside the prompt, by key."),
    )
    canvas = models.ForeignKey(
        Picture, null=True, on_delete=models.PROTECT, related_name="+", editable=False,
        help_text=_("What was painted on, where that is not the photo itself."),
    )  # fmt: skip
    kept = models.ForeignKey(
        Picture, null=True, on_delete=models.PROTECT, related_name="+", editable=False,
        help_text=_("Which part of the canvas stays byte for byte as it is."),
    )  # fmt: skip
    seed = models.PositiveIntegerField(_("seed"), null=True)
    steps = models.PositiveSmallIntegerField(
        _("steps"), null=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    guidance = models.FloatField(_("guidance"), null=True, validators=[MinValueValidator(0.0), MaxValueValidator(30.0)])
    origin_sha256 = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("Of what was sent, where the candidates were made elsewhere."),
    )
    state = models.CharField(max_length=12, choices=RequestState, default=RequestState.QUEUED)
    generator_version = models.ForeignKey(
        "generation.ModelVersion", null=True, on_delete=models.PROTECT, related_name="requests", editable=False
    )
    reward_version = models.ForeignKey(
        "generation.ModelVersion", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[models.Manager["GenerationRequest"]] = RequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["team", "-created_at"]),
            models.Index(
                fields=["heartbeat_at"],
                condition=models.Q(state__in=["queued", "generating", "screening", "scoring"]),
                name="request_unfinished",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "origin_sha256"], condition=~models.Q(origin_sha256=""), name="adopted_once"
            ),
            models.CheckConstraint(
                condition=models.Q(origin_sha256="", seed__isnull=False, steps__isnull=False, guidance__isnull=False)
                | models.Q(~models.Q(origin_sha256=""), seed=None, steps=None, guidance=None),
                name="numbers_where_made_here",
            ),
            models.CheckConstraint(
                condition=models.Q(canvas=None, kept=None) | models.Q(canvas__isnull=False, kept__isnull=False),
                name="canvas_with_what_is_kept",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.prompt}"

    @property
    def is_made_elsewhere(self) -> bool:
        """Whether its candidates came as files; `generator_version` is then a mere name."""
        return bool(self.origin_sha256)

    @property
    def chosen_settings(self) -> list[tuple[str, str]]:
        """Label and value of each of the variant's settings, as people read them."""
        known = VARIANTS[self.variant].parameters if self.variant in VARIANTS else ()
        values = [(parameter, self.parameters.get(parameter.key, "")) for parameter in known]
        return [(gettext(one.label), gettext(one.options[value])) for one, value in values if value in one.options]

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED


class RequestProduct(models.Model):
    """One product revision of a request, with where it stands (`placement`: variant-specific, empty by default)."""

    request = models.ForeignKey(GenerationRequest, on_delete=models.CASCADE, related_name="request_products")
    revision = models.ForeignKey(ProductRevision, on_delete=models.PROTECT, related_name="request_products")
    position = models.PositiveSmallIntegerField(default=0)
    placement = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["request", "position"], name="request_position_once")]

    def __str__(self) -> str:
        return f"{self.request_id}/{self.position}"
