"""What the API takes and gives of requests and their candidates."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from generation.models import Candidate, Finding, GenerationRequest
from generation.models.requests import variant_choices
from generation.serializers.products import PictureSerializer
from generation.services.elsewhere import LONGEST_MODEL_NAME
from generation.services.requests import LARGEST_SEED, LONGEST_PROMPT, MOST_CANDIDATES, MOST_GUIDANCE, MOST_STEPS
from generation.variants import DEFAULT_VARIANT, VARIANTS


class FindingSerializer(serializers.ModelSerializer[Finding]):
    """`reason` says why there is a limit; empty for a measure without one."""

    reason = serializers.SerializerMethodField()

    class Meta:
        model = Finding
        fields = ("guard", "measure", "value", "threshold", "violated", "blocking", "reason")

    def get_reason(self, finding: Finding) -> str:
        limits = VARIANTS[finding.candidate.request.variant].limits
        return next((_(limit.reason) for limit in limits if limit.measure == finding.measure), "")


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
    """`made_elsewhere_by` names the model of candidates made elsewhere; seed, steps and guidance are null then."""

    products = serializers.SerializerMethodField()
    made_elsewhere_by = serializers.SerializerMethodField()

    class Meta:
        model = GenerationRequest
        fields = (
            "id", "variant", "prompt", "parameters", "products", "candidate_count", "seed", "steps", "guidance",
            "made_elsewhere_by", "state", "steps_done", "steps_total", "failure", "created_at", "ended_at",
        )  # fmt: skip

    def get_products(self, request: GenerationRequest) -> list[int]:
        return [entry.revision.product_id for entry in request.request_products.all()]

    def get_made_elsewhere_by(self, request: GenerationRequest) -> str | None:
        return str(request.generator_version) if request.is_made_elsewhere else None


class RequestDetailSerializer(RequestSerializer):
    """One request with what was made for it."""

    candidates = CandidateSerializer(many=True, read_only=True)

    class Meta:
        model = GenerationRequest
        fields = (*RequestSerializer.Meta.fields, "candidates")


def settings_help() -> str:
    """What may be set for each variant, as the API's description lists it."""
    lines = [
        f"- `{variant.key}`: " + "; ".join(f"`{p.key}`: {', '.join(p.options)}" for p in variant.parameters)
        for variant in VARIANTS.values()
        if variant.parameters
    ]
    return "\n".join(["The variant's settings beside the prompt; what is left out takes the first value.", "", *lines])


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
    parameters = serializers.DictField(
        child=serializers.CharField(max_length=40), default=dict, help_text=settings_help(),
    )  # fmt: skip


class AdoptedRequestSerializer(serializers.Serializer[Any]):
    """`multipart/form-data`: candidates that `model` made elsewhere, one file each, all in the photo's proportions."""

    product = serializers.IntegerField(min_value=1)
    revision = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)
    variant = serializers.ChoiceField(choices=variant_choices(), default=DEFAULT_VARIANT)
    model = serializers.CharField(max_length=LONGEST_MODEL_NAME)
    prompt = serializers.CharField(max_length=LONGEST_PROMPT)
    images = serializers.ListField(child=serializers.FileField(), min_length=1, max_length=MOST_CANDIDATES)
