"""What the desk sends."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


class ClaimSerializer(serializers.Serializer[Any]):
    """`soft` asks for an item after this one, unseen until it is shown: one that is not among the tokens `held`.

    With `item`, its handle, that very item is leased softly, to deliver what was decided on it.
    """

    soft = serializers.BooleanField(default=False)
    held = serializers.ListField(child=serializers.UUIDField(), max_length=50, required=False, default=None)
    item = serializers.UUIDField(required=False, default=None, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["item"] is not None and not attrs["soft"]:
            raise serializers.ValidationError({"item": [_("An item is asked for by its handle with soft only.")]})
        return attrs


class SnoozeSerializer(serializers.Serializer[Any]):
    minutes = serializers.IntegerField(min_value=1, max_value=24 * 60, default=30)


class UndoSerializer(serializers.Serializer[Any]):
    """`decision` is the idempotency key of the decision that is meant; without it the latest is."""

    decision = serializers.UUIDField(required=False, default=None, allow_null=True)


class MarkSerializer(serializers.Serializer[Any]):
    """A point (x, y) or a box (with width and height) in shares of the image's sides, 0..1."""

    x = serializers.FloatField(min_value=0, max_value=1)
    y = serializers.FloatField(min_value=0, max_value=1)
    width = serializers.FloatField(min_value=0, max_value=1, required=False)
    height = serializers.FloatField(min_value=0, max_value=1, required=False)


class VerdictSerializer(serializers.Serializer[Any]):
    candidate = serializers.UUIDField()
    approved = serializers.BooleanField()
    product_right = serializers.BooleanField(required=False, default=None, allow_null=True)
    scene_right = serializers.BooleanField(required=False, default=None, allow_null=True)
    codes = serializers.ListField(child=serializers.CharField(max_length=40), max_length=20, default=list)
    comment = serializers.CharField(max_length=1000, allow_blank=True, default="")
    marks = MarkSerializer(many=True, default=list)


class MaskReportSerializer(serializers.Serializer[Any]):
    """The mask of the original is wrong. `marks` are on the original."""

    comment = serializers.CharField(max_length=1000, allow_blank=True, default="")
    marks = MarkSerializer(many=True, default=list)


class SourceReportSerializer(serializers.Serializer[Any]):
    """The photo itself is of no use."""

    comment = serializers.CharField(max_length=1000, allow_blank=True, default="")


class QuestionSerializer(serializers.Serializer[Any]):
    """What the admins are asked about the item."""

    question = serializers.CharField(max_length=1000)


class DecisionSerializer(serializers.Serializer[Any]):
    """One bundle: a verdict for every sibling, or exactly one of `cannot_judge`, `mask_wrong`, `unsuitable_source` and
    `escalate`. `aids` were looked at before deciding; `guideline` is the number of the version on the screen."""

    idempotency_key = serializers.UUIDField()
    verdicts = VerdictSerializer(many=True, default=list)
    best = serializers.UUIDField(required=False, default=None, allow_null=True)
    cannot_judge = serializers.BooleanField(default=False)
    mask_wrong = MaskReportSerializer(required=False, default=None, allow_null=True)
    unsuitable_source = SourceReportSerializer(required=False, default=None, allow_null=True)
    escalate = QuestionSerializer(required=False, default=None, allow_null=True)
    aids = serializers.ListField(child=serializers.CharField(max_length=40), max_length=20, default=list)
    guideline = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, default=None, allow_null=True
    )
    shown_order = serializers.ListField(child=serializers.UUIDField(), max_length=20, default=list)
    active_ms = serializers.IntegerField(min_value=0, max_value=24 * 60 * 60 * 1000, default=0)
