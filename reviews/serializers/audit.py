from typing import Any

from rest_framework import serializers

from reviews.audit.entries import By


class FieldChangeSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    before = serializers.JSONField(help_text="null: there was nothing. Secrets are never told.")
    after = serializers.JSONField(help_text="null: nothing is left.")


class AuditEntrySerializer(serializers.Serializer[Any]):
    """`by` says who it was in kind: a person (`who`), a command or the system, or somebody who was not signed in."""

    at = serializers.DateTimeField()
    by = serializers.ChoiceField(choices=[(by.value, by.value) for by in By])
    who = serializers.CharField()
    via = serializers.CharField(help_text="The address or the command by which it was done.")
    source = serializers.CharField(  # type: ignore[assignment]
        help_text="The kind of thing, e.g. `reviews.queue`."
    )
    act = serializers.CharField(help_text="`insert`, `update`, `delete`, or what a decision says.")
    object = serializers.CharField(help_text="Give it as `object` to be told everything of it.")
    name = serializers.CharField()
    reason = serializers.CharField()
    changes = FieldChangeSerializer(many=True)


class AuditSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    results = AuditEntrySerializer(many=True)
