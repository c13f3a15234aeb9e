"""Reworks, for programs."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from reviews.models import Rework
from reviews.models.rework import ReworkKind
from reviews.ordering import MOST_PRIORITY
from reviews.rework import MOST_HANDLES

_BIGGEST = 2**63 - 1


class ReworkChoiceSerializer(serializers.Serializer[Any]):
    """Which items: all that is named must hold. `reviewer` (a user name), `since`, `until` (days of the team, both
    included) and `guideline` (a version's number, with `variant`) hold of one decision that stands."""

    queue = serializers.IntegerField(min_value=1, max_value=_BIGGEST, required=False)
    variant = serializers.CharField(max_length=40, required=False)
    state = serializers.CharField(max_length=10, required=False)
    reviewer = serializers.CharField(max_length=150, required=False)
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)
    guideline = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False)
    outcome = serializers.CharField(max_length=10, required=False)
    code = serializers.CharField(max_length=40, required=False)
    priority = serializers.IntegerField(min_value=0, max_value=MOST_PRIORITY, required=False)
    handles = serializers.ListField(child=serializers.UUIDField(), max_length=MOST_HANDLES, required=False)


class NewReworkSerializer(serializers.Serializer[Any]):
    """With `dry_run` nothing is done and the answer says what would be; its `seen` confirms exactly that."""

    act = serializers.ChoiceField(choices=ReworkKind.choices)
    choice = ReworkChoiceSerializer()
    reason = serializers.CharField(max_length=500)
    to_queue = serializers.IntegerField(min_value=1, max_value=_BIGGEST, required=False)
    to_priority = serializers.IntegerField(min_value=0, max_value=MOST_PRIORITY, required=False)
    fresh_eyes = serializers.BooleanField(default=False)
    dry_run = serializers.BooleanField(default=False)
    seen = serializers.CharField(max_length=120, default="", allow_blank=True)


class RefusedSerializer(serializers.Serializer[Any]):
    why = serializers.CharField()
    detail = serializers.CharField()
    items = serializers.IntegerField()


class ReworkEffectSerializer(serializers.Serializer[Any]):
    """`items` would be changed, `refused` could not; withdrawing ends `leases`, and `approved` images no longer are."""

    items = serializers.IntegerField()
    refused = RefusedSerializer(many=True)
    approved = serializers.IntegerField()
    leases = serializers.IntegerField()
    seen = serializers.CharField()


class ReworkSerializer(serializers.ModelSerializer[Rework]):
    act = serializers.ChoiceField(source="kind", choices=ReworkKind.choices, read_only=True)
    done_by = serializers.CharField(source="done_by.username", read_only=True)
    undone_by = serializers.SerializerMethodField()

    class Meta:
        model = Rework
        fields = (
            "id", "act", "reason", "said", "state", "items_total", "items_done", "items_passed", "items_undone",
            "items_left", "done_by", "done_at", "ended_at", "undone_by", "undone_at",
        )  # fmt: skip

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_undone_by(self, rework: Rework) -> str | None:
        return rework.undone_by.username if rework.undone_by else None
