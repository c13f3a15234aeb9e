"""Webhooks as programs see them. A secret is in one answer only: that of the call which made it."""

from typing import Any

from rest_framework import serializers

from delivery.events import EVENTS
from delivery.models import WebhookAttempt, WebhookEndpoint, WebhookMessage


class WebhookSerializer(serializers.ModelSerializer[WebhookEndpoint]):
    class Meta:
        model = WebhookEndpoint
        fields = ("id", "url", "description", "topics", "is_active", "old_secret_until", "created_at")


class NewWebhookSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(max_length=500)
    description = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    topics = serializers.MultipleChoiceField(choices=list(EVENTS), allow_empty=False)


class ChangedWebhookSerializer(serializers.Serializer[Any]):
    """What is left out stays as it is."""

    url = serializers.CharField(max_length=500, required=False)
    description = serializers.CharField(max_length=120, required=False, allow_blank=True)
    topics = serializers.MultipleChoiceField(choices=list(EVENTS), allow_empty=False, required=False)
    is_active = serializers.BooleanField(required=False)


class SecretSerializer(serializers.Serializer[Any]):
    secret = serializers.CharField()


class MadeWebhookSerializer(WebhookSerializer):
    secret = serializers.CharField()

    class Meta(WebhookSerializer.Meta):
        fields = (*WebhookSerializer.Meta.fields, "secret")  # type: ignore[assignment]


class AttemptSerializer(serializers.ModelSerializer[WebhookAttempt]):
    class Meta:
        model = WebhookAttempt
        fields = ("status", "error", "answer", "duration_ms", "created_at")


class MessageSerializer(serializers.ModelSerializer[WebhookMessage]):
    """`id` is the webhook-id that the receiver sees."""

    id = serializers.UUIDField(source="handle")
    attempts = AttemptSerializer(many=True)

    class Meta:
        model = WebhookMessage
        fields = ("id", "event", "body", "state", "created_at", "next_try_at", "attempts")
