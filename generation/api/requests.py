"""`/api/v1/requests/`: asking for candidates, and watching them come."""

import hashlib
import json
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, mixins
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.idempotency import Once, SentBefore
from accounts.rules import signed_in, team_of
from accounts.viewsets import IDEMPOTENCY_KEY, TeamViewSet
from generation.models import GenerationRequest, ProductRevision
from generation.serializers.requests import (
    AdoptedRequestSerializer,
    NewRequestSerializer,
    RequestDetailSerializer,
    RequestSerializer,
)
from generation.services import requests
from generation.services.elsewhere import ImageRefused, SentImage, adopt_candidates


class RequestViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TeamViewSet[GenerationRequest]):
    """The team's requests, the newest first; one by itself with what was made for it."""

    queryset = GenerationRequest.objects.for_list().order_by("-pk")
    serializer_class = RequestSerializer
    filterset_fields = ("state", "variant")
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[GenerationRequest]:
        rows = super().get_queryset()
        if self.action in ("list", "create", "elsewhere"):
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
        revision = _revision(request, data)
        try:
            return requests.open_request(
                team_of(request._request), signed_in(request._request), revisions=[revision],
                variant=str(data["variant"]), prompt=str(data["prompt"]), candidate_count=data["candidates"],
                seed=data["seed"], steps=data["steps"], guidance=data["guidance"], parameters=data["parameters"],
                once=once,
            )  # fmt: skip
        except requests.RequestRefused as refused:
            raise _problem(refused) from refused

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request={"multipart/form-data": AdoptedRequestSerializer},
        responses={201: RequestSerializer, 200: RequestSerializer},
    )
    @action(detail=False, methods=["post"], parser_classes=[MultiPartParser])
    def elsewhere(self, request: Request) -> Response:
        """Bring candidates made elsewhere; they are guarded, scored and reviewed as if they were made here.

        The same files for the same product, variant, model and prompt answer the earlier request with 200.
        """
        form = AdoptedRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = dict(form.validated_data)
        images = [(file.read(), file.content_type) for file in data.pop("images")]
        content = json.dumps([data, *(hashlib.sha256(sent).hexdigest() for sent, _type in images)], sort_keys=True)
        return self.create_once(request, content.encode(), lambda once: self._adopt(request, data, images, once))

    def _adopt(
        self, request: Request, data: dict[str, Any], images: list[SentImage], once: Once | None
    ) -> GenerationRequest:  # fmt: skip
        revision = _revision(request, data)
        try:
            found, is_new = adopt_candidates(
                team_of(request._request), signed_in(request._request), revision=revision,
                variant=str(data["variant"]), model_name=data["model"], prompt=data["prompt"], images=images, once=once,
            )  # fmt: skip
        except requests.RequestRefused as refused:
            raise _problem(refused) from refused
        if not is_new:
            raise SentBefore(found.pk)
        return found

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


def _revision(request: Request, data: dict[str, Any]) -> ProductRevision:
    team = team_of(request._request)
    revisions = ProductRevision.objects.filter(product__team=team, product_id=data["product"]).order_by("-number")
    if data["revision"]:
        revisions = revisions.filter(number=data["revision"])
    revision = revisions.first()
    if revision is None:
        raise exceptions.ValidationError({"product": [_("There is no such product or revision in your team.")]})
    return revision


def _problem(refused: requests.RequestRefused) -> exceptions.ValidationError:
    said = [exceptions.ErrorDetail(_(refused.message) % refused.params, refused.code)]
    if isinstance(refused, ImageRefused):
        return exceptions.ValidationError({refused.field: {str(refused.position): said}})
    return exceptions.ValidationError({refused.field: said})
