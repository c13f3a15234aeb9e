"""What the API takes and gives of limits."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from generation.models import Candidate, LimitChange
from generation.models.requests import variant_choices
from generation.serializers.products import PictureSerializer
from generation.services.limits import LimitInForce
from generation.variants import DEFAULT_VARIANT


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
        return _(entry.limit.label)

    def get_reason(self, entry: LimitInForce) -> str:
        return _(entry.limit.reason)


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
