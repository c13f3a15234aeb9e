"""`/api/v1/imports/`: many products, or candidates made elsewhere, in one archive."""

import json
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, mixins
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.idempotency import Once
from accounts.rules import signed_in, team_of
from accounts.viewsets import IDEMPOTENCY_KEY, TeamViewSet
from generation.importfiles.refusals import SourceRefused
from generation.models import BulkImport
from generation.serializers.imports import ImportProblemSerializer, ImportSerializer, NewImportSerializer
from generation.services import imports


class ImportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TeamViewSet[BulkImport]):
    """The team's imports, the newest first, each with its counts: rows 1 to `position` of `total` are done."""

    queryset = BulkImport.objects.order_by("-pk")
    serializer_class = ImportSerializer
    filterset_fields = ("state", "kind", "dry_run")
    parser_classes = (MultiPartParser,)
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request={"multipart/form-data": NewImportSerializer},
        responses={201: ImportSerializer, 200: ImportSerializer},
    )
    def create(self, request: Request) -> Response:
        """Queue the import of a ZIP archive. What is there already is passed over, so the same twice adds nothing."""
        form = NewImportSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        file: UploadedFile[Any] = form.validated_data["file"]
        options = {"kind": form.validated_data["kind"], "dry_run": form.validated_data["dry_run"]}
        sha256 = imports.sha256_of(file)
        team, user = team_of(request._request), signed_in(request._request)

        def make(once: Once | None) -> BulkImport:
            try:
                return imports.open_import(
                    team, user, name=file.name or "", file=file, sha256=sha256, once=once, **options
                )
            except SourceRefused as refused:
                said = exceptions.ErrorDetail(_(refused.message), refused.code)
                raise exceptions.ValidationError({"file": [said]}) from refused

        return self.create_once(request, json.dumps({"sha256": sha256, **options}, sort_keys=True).encode(), make)

    @extend_schema(responses=ImportProblemSerializer(many=True))
    @action(detail=True, methods=["get"], filter_backends=[], filterset_fields=())
    def problems(self, request: Request, pk: str) -> Response:
        """Why rows were refused, each with its line, the last one first; a `note` refused nothing."""
        rows: QuerySet[Any] = self.get_object().problems.all()
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(ImportProblemSerializer(page, many=True).data)

    @extend_schema(request=None, responses={200: ImportSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Stop it after its row; what it made stays. 409 when it has ended already."""
        bulk = self.get_object()
        imports.cancel_import(bulk)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=None, responses={201: ImportSerializer})
    @action(detail=True, methods=["post"], url_path="for-real")
    def for_real(self, request: Request, pk: str) -> Response:
        """Import what a dry run has looked at, within a day. 409 when it cannot be any more."""
        bulk = imports.import_for_real(self.get_object(), signed_in(request._request))
        return Response(self.get_serializer(bulk).data, status=201)
