"""`/api/v1/model-versions/` and `/api/v1/training-runs/`."""

import json
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.rules import signed_in, team_of
from accounts.viewsets import IDEMPOTENCY_KEY, TeamViewSet
from generation.models import ModelVersion, TrainingRun
from generation.serializers.training import ModelVersionSerializer, NewTrainingRunSerializer, TrainingRunSerializer
from generation.services import releases, training


class ModelVersionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[ModelVersion]):
    """Versions belong to the installation, not to a team: every team's requests are ranked by the one in use.

    Those of the kind `external` are names of models that made candidates elsewhere; a team sees the ones it brought.
    """

    queryset = ModelVersion.objects.select_related("snapshot").order_by("-pk")
    serializer_class = ModelVersionSerializer
    filterset_fields = ("kind", "variant", "state")
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[ModelVersion]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset().none()
        visible = ModelVersion.objects.visible_to(team_of(self.request._request))
        return super().get_queryset().filter(pk__in=visible.values("pk"))

    @extend_schema(request=None, responses={200: ModelVersionSerializer})
    @action(detail=True, methods=["post"])
    def activate(self, request: Request, pk: str) -> Response:
        """Put this version to use; the one in use is retired. 409 when it is in use already.

        400 for a model elsewhere, which is nothing but a name here.
        """
        version = self.get_object()
        try:
            releases.activate_version(version, signed_in(request._request))
        except releases.VersionRefused as refused:
            said = exceptions.ErrorDetail(_(refused.message), "made_elsewhere")
            raise exceptions.ValidationError({"kind": [said]}) from refused
        return Response(self.get_serializer(version).data)


class TrainingRunViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TeamViewSet[TrainingRun]):
    """The team's training runs, the newest first, each with its loss curve."""

    queryset = TrainingRun.objects.order_by("-pk")
    serializer_class = TrainingRunSerializer
    filterset_fields = ("state", "trainer")
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=NewTrainingRunSerializer,
        responses={201: TrainingRunSerializer, 200: TrainingRunSerializer},
    )
    def create(self, request: Request) -> Response:
        """Queue a training on a frozen snapshot."""
        form = NewTrainingRunSerializer(data=request.data, context={"team": team_of(request._request)})
        form.is_valid(raise_exception=True)
        data: dict[str, Any] = form.validated_data
        content = json.dumps({**data, "snapshot": data["snapshot"].pk}, sort_keys=True).encode()
        return self.create_once(
            request, content,
            lambda once: training.queue_training(signed_in(request._request), **data, once=once),
        )  # fmt: skip

    @extend_schema(request=None, responses={200: TrainingRunSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Stop it at its next step. 409 when it has ended already."""
        run = self.get_object()
        training.cancel_training(run)
        return Response(self.get_serializer(run).data)
