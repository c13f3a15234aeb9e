"""`/api/v1/snapshots/`: freezing what was judged, and rendering it for a trainer."""

import json
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules import signed_in, team_of
from accounts.viewsets import IDEMPOTENCY_KEY, TeamViewSet
from generation.models import DatasetSnapshot
from reviews.serializers.snapshots import (
    ExportSerializer,
    NewExportSerializer,
    NewSnapshotSerializer,
    SnapshotSerializer,
)
from reviews.services import exports, snapshots
from reviews.services.judged import SnapshotFilters


class SnapshotViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TeamViewSet[DatasetSnapshot]):
    """The team's frozen snapshots, the newest first, each with its exports."""

    queryset = DatasetSnapshot.objects.prefetch_related("exports").order_by("-pk")
    serializer_class = SnapshotSerializer
    filterset_fields = ("name", "version")
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=NewSnapshotSerializer,
        responses={201: SnapshotSerializer, 200: SnapshotSerializer},
    )
    def create(self, request: Request) -> Response:
        """Freeze what stands now. With an `Idempotency-Key`, sending it again freezes nothing new."""
        form = NewSnapshotSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        filters: dict[str, Any] = dict(form.validated_data)
        name = filters.pop("name")
        content = json.dumps({"name": name, **filters}, sort_keys=True, default=str).encode()
        team, user = team_of(request._request), signed_in(request._request)
        try:
            return self.create_once(
                request,
                content,
                lambda once: snapshots.freeze_snapshot(
                    team, user, name=name, filters=SnapshotFilters(**filters), once=once
                ),
            )
        except snapshots.NothingToFreeze as nothing:
            raise exceptions.ValidationError({"filters": [str(nothing)]}, code="nothing_to_freeze") from nothing

    @extend_schema(request=NewExportSerializer, responses={202: ExportSerializer})
    @action(detail=True, methods=["post"])
    def exports(self, request: Request, pk: str) -> Response:
        """Render the snapshot in one format, on a worker. Asking again answers with the one there is."""
        snapshot = self.get_object()
        form = NewExportSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        export = exports.request_export(snapshot, form.validated_data["format"], signed_in(request._request))
        return Response(ExportSerializer(export).data, status=202)
