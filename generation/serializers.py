"""What the API takes and gives. Checks of form only: what is allowed is decided by the services."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from rest_framework import serializers

from accounts.rules import team_of
from generation.models import (
    Candidate,
    DatasetSnapshot,
    Finding,
    GenerationRequest,
    LimitChange,
    ModelVersion,
    Picture,
    Product,
    ProductRevision,
    TrainingRun,
)
from generation.models.requests import variant_choices
from generation.models.training import trainer_choices
from generation.services.limits import LimitInForce
from generation.services.requests import (
    LARGEST_SEED,
    LONGEST_PROMPT,
    MOST_CANDIDATES,
    MOST_GUIDANCE,
    MOST_STEPS,
)
from generation.variants import DEFAULT_VARIANT, VARIANTS


class PictureSerializer(serializers.ModelSerializer[Picture]):
    thumb_url = serializers.SerializerMethodField()
    fit_url = serializers.SerializerMethodField()

    class Meta:
        model = Picture
        fields = ("sha256", "width", "height", "thumb_url", "fit_url")

    def get_thumb_url(self, picture: Picture) -> str:
        return reverse("generation:picture", args=[picture.thumb_name])

    def get_fit_url(self, picture: Picture) -> str:
        return reverse("generation:picture", args=[picture.fit_name])


class RevisionSerializer(serializers.ModelSerializer[ProductRevision]):
    photo = PictureSerializer()
    mask = PictureSerializer()

    class Meta:
        model = ProductRevision
        fields = ("id", "number", "photo", "mask", "mask_coverage", "created_at")


class ProductSerializer(serializers.ModelSerializer[Product]):
    revisions = RevisionSerializer(many=True, read_only=True)

    class Meta:
        model = Product
        fields = ("id", "title", "category", "external_id", "created_at", "revisions")


class NewProductSerializer(serializers.Serializer[Any]):
    """`multipart/form-data`. Without a mask file the photo's own alpha channel is taken."""

    title = serializers.CharField(max_length=200)
    category = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    external_id = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    photo = serializers.FileField()
    mask = serializers.FileField(required=False, default=None)


class NewRevisionSerializer(serializers.Serializer[Any]):
    """`multipart/form-data`: a better photo, or a better mask for the newest photo, of a product already here."""

    photo = serializers.FileField(required=False, default=None)
    mask = serializers.FileField(required=False, default=None)


class FindingSerializer(serializers.ModelSerializer[Finding]):
    """`reason` says why there is a limit; empty for a measure without one."""

    reason = serializers.SerializerMethodField()

    class Meta:
        model = Finding
        fields = ("guard", "measure", "value", "threshold", "violated", "blocking", "reason")

    def get_reason(self, finding: Finding) -> str:
        limits = VARIANTS[finding.candidate.request.variant].limits
        return next((gettext(limit.reason) for limit in limits if limit.measure == finding.measure), "")


class CandidateSerializer(serializers.ModelSerializer[Candidate]):
    picture = PictureSerializer(source="composed")
    findings = FindingSerializer(many=True)
    score = serializers.SerializerMethodField()
    rank = serializers.SerializerMethodField()

    class Meta:
        model = Candidate
        fields = ("handle", "position", "state", "picture", "findings", "score", "rank", "recipe", "created_at")

    def get_score(self, candidate: Candidate) -> float | None:
        score = self._score_in_use(candidate)
        return score.value if score else None

    def get_rank(self, candidate: Candidate) -> int | None:
        score = self._score_in_use(candidate)
        return score.rank if score else None

    def _score_in_use(self, candidate: Candidate) -> Any:
        version = candidate.request.reward_version_id
        return next((score for score in candidate.scores.all() if score.version_id == version), None)


class RequestSerializer(serializers.ModelSerializer[GenerationRequest]):
    products = serializers.SerializerMethodField()

    class Meta:
        model = GenerationRequest
        fields = (
            "id", "variant", "prompt", "products", "candidate_count", "seed", "steps", "guidance", "state",
            "steps_done", "steps_total", "failure", "created_at", "ended_at",
        )  # fmt: skip

    def get_products(self, request: GenerationRequest) -> list[int]:
        return [entry.revision.product_id for entry in request.request_products.all()]


class RequestDetailSerializer(RequestSerializer):
    """One request with what was made for it."""

    candidates = CandidateSerializer(many=True, read_only=True)

    class Meta:
        model = GenerationRequest
        fields = (*RequestSerializer.Meta.fields, "candidates")


class NewRequestSerializer(serializers.Serializer[Any]):
    """`product` takes its newest revision, or the one named by `revision`."""

    product = serializers.IntegerField(min_value=1)
    revision = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)
    variant = serializers.ChoiceField(choices=variant_choices(), default=DEFAULT_VARIANT)
    prompt = serializers.CharField(max_length=LONGEST_PROMPT)
    candidates = serializers.IntegerField(min_value=1, max_value=MOST_CANDIDATES, allow_null=True, default=None)
    seed = serializers.IntegerField(min_value=0, max_value=LARGEST_SEED, allow_null=True, default=None)
    steps = serializers.IntegerField(min_value=1, max_value=MOST_STEPS, allow_null=True, default=None)
    guidance = serializers.FloatField(min_value=0, max_value=MOST_GUIDANCE, allow_null=True, default=None)


class ModelVersionSerializer(serializers.ModelSerializer[ModelVersion]):
    """`snapshot` is null where the version was trained on another team's: versions are shared, datasets are not."""

    snapshot = serializers.SerializerMethodField()

    class Meta:
        model = ModelVersion
        fields = (
            "id", "kind", "variant", "engine", "name", "number", "sha256", "is_demonstration", "state", "metrics",
            "snapshot", "created_at", "activated_at",
        )  # fmt: skip

    def get_snapshot(self, version: ModelVersion) -> int | None:
        team = team_of(self.context["request"]._request)
        return version.snapshot_id if version.snapshot and version.snapshot.team_id == team.pk else None


class TrainingRunSerializer(serializers.ModelSerializer[TrainingRun]):
    class Meta:
        model = TrainingRun
        fields = (
            "id", "trainer", "variant", "snapshot", "state", "steps_done", "steps_total", "curve", "note", "failure",
            "version", "created_at", "ended_at",
        )  # fmt: skip


class NewTrainingRunSerializer(serializers.Serializer[Any]):
    snapshot = serializers.PrimaryKeyRelatedField(queryset=DatasetSnapshot.objects.none())
    trainer = serializers.ChoiceField(choices=trainer_choices())
    variant = serializers.ChoiceField(choices=variant_choices(), default=DEFAULT_VARIANT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if team := self.context.get("team"):  # another team's snapshot does not exist for this caller
            self.fields["snapshot"].queryset = DatasetSnapshot.objects.of_team(team)  # type: ignore[attr-defined]


class LimitChangeSerializer(serializers.ModelSerializer[LimitChange]):
    """Without a threshold, the variant's own limit was put in force again."""

    changed_by = serializers.CharField(source="changed_by.username")

    class Meta:
        model = LimitChange
        fields = ("threshold", "blocks", "reason", "changed_by", "created_at")


class LimitSerializer(serializers.Serializer[Any]):
    """`reason` says why there is a limit at all, `change` who set another one, when and why."""

    measure = serializers.CharField(source="limit.measure")
    label = serializers.SerializerMethodField()  # type: ignore[assignment]  # a field here, not the word for one
    reason = serializers.SerializerMethodField()
    bound = serializers.ChoiceField(choices=["at_most", "at_least"], source="limit.bound")
    threshold = serializers.FloatField(source="limit.threshold")
    blocks = serializers.BooleanField(source="limit.blocks")
    default_threshold = serializers.FloatField(source="default.threshold")
    default_blocks = serializers.BooleanField(source="default.blocks")
    lowest = serializers.FloatField(source="default.lowest")
    highest = serializers.FloatField(source="default.highest")
    locked = serializers.BooleanField(source="default.locked")
    change = LimitChangeSerializer(allow_null=True)

    def get_label(self, entry: LimitInForce) -> str:
        return gettext(entry.limit.label)

    def get_reason(self, entry: LimitInForce) -> str:
        return gettext(entry.limit.reason)


class TriedLimitSerializer(serializers.Serializer[Any]):
    variant = serializers.ChoiceField(choices=variant_choices(), default=DEFAULT_VARIANT)
    measure = serializers.CharField(max_length=40)
    threshold = serializers.FloatField()
    blocks = serializers.BooleanField()


class ShareSerializer(serializers.Serializer[Any]):
    """A part of `n` candidates, with the 95 % interval of its rate."""

    count = serializers.IntegerField()
    n = serializers.IntegerField()
    rate = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class TriedCandidateSerializer(serializers.ModelSerializer[Candidate]):
    picture = PictureSerializer(source="composed")

    class Meta:
        model = Candidate
        fields = ("handle", "request", "position", "picture")


class DryRunSerializer(serializers.Serializer[Any]):
    """The lists hold the newest twelve of each kind."""

    newly_blocked = ShareSerializer()
    newly_passed = ShareSerializer()
    blocked_now = ShareSerializer()
    blocked_then = ShareSerializer()
    blocked_candidates = TriedCandidateSerializer(many=True)
    passed_candidates = TriedCandidateSerializer(many=True)
