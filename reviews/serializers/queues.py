"""Queues and what a dry run of one tells, for programs."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from reviews.models import Queue
from reviews.models.queues import QueuePurpose
from reviews.routing import FIELDS, MOST_CONDITIONS, OPERATORS
from reviews.serializers.people import HeldSkillSerializer
from reviews.services.queue_dry_runs import DryRun, Moved
from reviews.services.queues import SETTINGS

_BIGGEST = 2**63 - 1
_MOST_NAMED = 1000
RULES = tuple(name for name in SETTINGS if name != "position")


@extend_schema_field(
    {
        "type": "object",
        "required": ["field", "op", "value"],
        "properties": {
            "field": {"type": "string", "enum": list(FIELDS)},
            "op": {"type": "string", "enum": list(dict.fromkeys(op for ops in OPERATORS.values() for op in ops))},
            "value": {"oneOf": [{"type": "number"}, {"type": "string"}, {"type": "boolean"}]},
        },
        "description": "Of numbers `at_least` and `below`, of texts `is`, `is_not` and `contains`, of yes and no `is`.",
        "example": {"field": "best_score", "op": "at_least", "value": 0.8},
    }
)
class ConditionField(serializers.JSONField):
    """Read by reviews.routing, which says what is wrong with it."""


class AudienceSerializer(serializers.Serializer[Any]):
    """Who judges it: whoever is one of these `reviewers` (usernames) or in one of these `groups`, or has one of these
    `skills` at this level at least. All empty: everybody who reviews."""

    reviewers = serializers.ListField(
        child=serializers.CharField(max_length=150), max_length=_MOST_NAMED, required=False
    )
    groups = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=_BIGGEST), max_length=_MOST_NAMED, required=False
    )
    skills = HeldSkillSerializer(many=True, required=False)


class QueueSerializer(serializers.ModelSerializer[Queue]):
    """`position` is its place among the queues of its variant: 1 is asked first. Seats are counted, and the images at
    them: an item that three people judge waits three times."""

    position = serializers.IntegerField(source="place", read_only=True)
    conditions = serializers.ListField(child=ConditionField())
    audience = serializers.SerializerMethodField()
    waiting_slots = serializers.IntegerField(read_only=True)
    waiting_images = serializers.IntegerField(read_only=True)
    leased_slots = serializers.IntegerField(read_only=True)
    leased_images = serializers.IntegerField(read_only=True)

    class Meta:
        model = Queue
        fields = (
            "id", "position", *RULES, "audience", "is_paused", "is_closed", "waiting_slots", "waiting_images",
            "leased_slots", "leased_images", "created_at",
        )  # fmt: skip

    @extend_schema_field(AudienceSerializer)
    def get_audience(self, queue: Queue) -> dict[str, list[Any]]:
        rows = sorted(queue.audience.all(), key=lambda row: row.pk)
        return {
            "reviewers": [row.reviewer.username for row in rows if row.reviewer],
            "groups": [row.group_id for row in rows if row.group_id],
            "skills": [{"skill": row.skill_id, "level": row.min_level} for row in rows if row.skill_id],
        }


class QueueInputSerializer(serializers.ModelSerializer[Queue]):
    """What is left out keeps its value, or gets the usual one. `conditions` and `audience` replace all there are;
    without conditions the queue takes whatever no queue before it took. `position` is the place among the queues of the
    variant, 1 is asked first; a new queue is asked first."""

    purpose = serializers.ChoiceField(choices=QueuePurpose.choices, required=False)
    conditions = serializers.ListField(child=ConditionField(), max_length=MOST_CONDITIONS, required=False)
    audience = AudienceSerializer(required=False)
    position = serializers.IntegerField(min_value=1, max_value=10_000, required=False)

    class Meta:
        model = Queue
        fields = (*RULES, "audience", "position")


class QueueTrialSerializer(QueueInputSerializer):
    """A dry run of a new queue needs no name, and nobody is named: who judges changes nothing of where requests go."""

    name = serializers.CharField(max_length=80, required=False)

    class Meta:
        model = Queue
        fields = (*RULES, "position")


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200, allow_blank=True, required=False, default="")


class NowAndThenSerializer(serializers.Serializer[Any]):
    now = serializers.IntegerField()
    then = serializers.IntegerField()


class QueueShareSerializer(NowAndThenSerializer):
    queue = serializers.CharField()


class FlowSerializer(serializers.Serializer[Any]):
    before = serializers.CharField()
    after = serializers.CharField()
    requests = serializers.IntegerField()


class MovedRequestSerializer(serializers.Serializer[Moved]):
    request = serializers.IntegerField(source="request.pk")
    before = serializers.CharField()
    after = serializers.CharField()


class QueueDryRunSerializer(serializers.Serializer[DryRun]):
    """Of the last scored `requests` of the variant `moved` would go elsewhere. A queue is told by its name; an empty
    one is the queue that is made by itself where no rule matches. `images` are to be judged, times their reviewers."""

    requests = serializers.IntegerField()
    moved = serializers.IntegerField()
    images = serializers.SerializerMethodField()
    queues = serializers.SerializerMethodField()
    flows = serializers.SerializerMethodField()
    examples = MovedRequestSerializer(many=True)

    @extend_schema_field(NowAndThenSerializer)
    def get_images(self, run: DryRun) -> dict[str, int]:
        return {"now": run.images[0], "then": run.images[1]}

    @extend_schema_field(QueueShareSerializer(many=True))
    def get_queues(self, run: DryRun) -> list[dict[str, Any]]:
        return [{"queue": name, "now": now, "then": then} for name, now, then in run.queues]

    @extend_schema_field(FlowSerializer(many=True))
    def get_flows(self, run: DryRun) -> list[dict[str, Any]]:
        return [{"before": before, "after": after, "requests": count} for before, after, count in run.rows]
