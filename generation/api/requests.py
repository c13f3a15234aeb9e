"""`/api/v1/requests/`: asking for candidates, and watching them come."""

import json
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.idempotency import Once
from accounts.rules import signed_in, team_of
from accounts.viewsets import IDEMPOTENCY_KEY, TeamViewSet
from generation.models import GenerationRequest, ProductRevision
from generation.serializers import NewRequestSerializer, RequestDetailSerializer, RequestSerializer
from generation.services import requests


class RequestViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TeamViewSet[GenerationRequest]):
    """The team's requests, the newest first; one by itself with what was made for it."""

    queryset = GenerationRequest.objects.for_list().order_by("-pk")
    serializer_class = RequestSerializer
    filterset_fields = ("state", "variant")
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[GenerationRequest]:
        rows = super().get_queryset()
        if self.action in ("list", "create"):
            return rows
        return rows.prefetch_related("candidates__findings", "candidates__scores", "candidates__composed")

    def get_serializer_class(self) -> type[BaseSerializer[GenerationRequest]]:
        return RequestDetailSerializer if self.action == "retrieve" else RequestSerializer

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=NewRequestSerializer,
        responses={201: RequestSerializer, 200: RequestSerializer},
    )
    def create(self, request: Request) -> Response:
        """Open a request. With an `Idempotency-Key`, sending it again opens nothing."""
        form = NewRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        content = json.dumps(data, sort_keys=True).encode()
        return self.create_once(request, content, lambda once: self._open(request, data, once))

    def _open(self, request: Request, data: dict[str, Any], once: Once | None) -> GenerationRequest:
        team = team_of(request._request)
        revisions = ProductRevision.objects.filter(product__team=team, product_id=data["product"]).order_by("-number")
        if data["revision"]:
            revisions = revisions.filter(number=data["revision"])
        revision = revisions.first()
        if revision is None:
            raise exceptions.ValidationError({"product": ["There is no such product or revision in your team."]})
        try:
            return requests.open_request(
                team, signed_in(request._request), revisions=[revision], variant=str(data["variant"]),
                prompt=str(data["prompt"]), candidate_count=data["candidates"], seed=data["seed"],
                steps=data["steps"], guidance=data["guidance"], once=once,
            )  # fmt: skip
        except requests.RequestRefused as refused:
            said = exceptions.ErrorDetail(_(refused.message) % refused.params, refused.code)
            raise exceptions.ValidationError({refused.field: [said]}) from refused

    @extend_schema(request=None, responses={200: RequestSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Stop it. What was made so far is kept, and nobody reviews it. 409 when it has ended already."""
        found = get_object_or_404(self.get_queryset(), pk=pk)
        requests.cancel_request(found)
        return Response(self.get_serializer(found).data)

    @extend_schema(request=None, responses={200: RequestSerializer})
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """Queue a failed request again. 409 when it has not failed."""
        found = get_object_or_404(self.get_queryset(), pk=pk)
        requests.retry_request(found)
        return Response(self.get_serializer(found).data)
