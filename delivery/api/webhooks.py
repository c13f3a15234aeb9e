"""`/api/v1/webhooks/`: where a team's events are sent."""

from typing import Any

from django.core.exceptions import ValidationError as Refused
from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules import signed_in, team_of
from accounts.viewsets import TeamViewSet
from delivery.models import WebhookAttempt, WebhookEndpoint
from delivery.serializers import (
    ChangedWebhookSerializer,
    MadeWebhookSerializer,
    MessageSerializer,
    NewWebhookSerializer,
    SecretSerializer,
    WebhookSerializer,
)
from delivery.services import endpoints, webhooks

_LOG = 50
_ATTEMPTS = Prefetch("attempts", WebhookAttempt.objects.order_by("pk"))


class WebhookViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TeamViewSet[WebhookEndpoint]):
    """The team's webhooks, the newest first. Events are signed as Standard Webhooks prescribes."""

    queryset = WebhookEndpoint.objects.order_by("-pk")
    serializer_class = WebhookSerializer
    filterset_fields = ("is_active",)
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(request=NewWebhookSerializer, responses={201: MadeWebhookSerializer})
    def create(self, request: Request) -> Response:
        """Make one. The answer holds its secret, this once."""
        form = NewWebhookSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        team, user = team_of(request._request), signed_in(request._request)
        try:
            endpoint, _secret = endpoints.create_endpoint(team, user, **form.validated_data)
        except Refused as refused:
            raise _problem(refused) from refused
        return Response(MadeWebhookSerializer(endpoint).data, status=201)

    @extend_schema(request=ChangedWebhookSerializer, responses=WebhookSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change it, or switch it off and on."""
        endpoint = self.get_object()
        form = ChangedWebhookSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        values = {name: getattr(endpoint, name) for name in ("url", "description", "topics", "is_active")}
        try:
            endpoints.change_endpoint(endpoint, signed_in(request._request), **(values | form.validated_data))
        except Refused as refused:
            raise _problem(refused) from refused
        return Response(WebhookSerializer(self.get_object()).data)

    @extend_schema(request=None, responses={202: MessageSerializer})
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str) -> Response:
        """Send a test event, whatever it listens for."""
        return Response(MessageSerializer(webhooks.send_test(self.get_object())).data, status=202)

    @extend_schema(request=None, responses=SecretSerializer)
    @action(detail=True, methods=["post"], url_path="rotate-secret")
    def rotate_secret(self, request: Request, pk: str) -> Response:
        """Make a new secret. For a day the old one signs as well."""
        secret = endpoints.rotate_secret(self.get_object(), signed_in(request._request))
        return Response({"secret": secret})

    @extend_schema(responses=MessageSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def messages(self, request: Request, pk: str) -> Response:
        """The newest 50 messages with every try."""
        log = self.get_object().messages.prefetch_related(_ATTEMPTS).order_by("-pk")[:_LOG]
        return Response(MessageSerializer(log, many=True).data)


def _problem(refused: Refused) -> exceptions.ValidationError:
    told: Any = refused.message_dict if hasattr(refused, "error_dict") else {"webhook": refused.messages}
    return exceptions.ValidationError(told)
