"""`/api/v1/products/`: photos with masks, and their revisions."""

import hashlib
import json
from typing import Any

from django.core.files.uploadedfile import UploadedFile
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
from generation.imaging.uploads import UploadRejected
from generation.models import Product
from generation.serializers.products import NewProductSerializer, NewRevisionSerializer, ProductSerializer
from generation.services import products


def _bytes_and_type(file: UploadedFile[Any] | None) -> tuple[bytes | None, str | None]:
    return (file.read(), file.content_type) if file else (None, None)


class ProductViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TeamViewSet[Product]):
    """The team's products with their revisions, the newest first."""

    queryset = Product.objects.for_list()
    serializer_class = ProductSerializer
    filterset_fields = ("category", "external_id")
    parser_classes = (MultiPartParser,)
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request={"multipart/form-data": NewProductSerializer},
        responses={201: ProductSerializer, 200: ProductSerializer},
    )
    def create(self, request: Request) -> Response:
        """Add a product with its first revision. With an `Idempotency-Key`, sending it again adds nothing."""
        form = NewProductSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = dict(form.validated_data)
        photo, photo_type = _bytes_and_type(data.pop("photo"))
        mask, mask_type = _bytes_and_type(data.pop("mask"))
        content = json.dumps([data, *(hashlib.sha256(part or b"").hexdigest() for part in (photo, mask))])

        def make(once: Once | None) -> Product:
            return products.create_product(
                team_of(request._request), signed_in(request._request), **data, once=once,
                photo_bytes=photo or b"", photo_type=photo_type, mask_bytes=mask, mask_type=mask_type,
            )  # fmt: skip

        return self.create_once(request, content.encode(), lambda once: _or_refuse(make, once))

    @extend_schema(request={"multipart/form-data": NewRevisionSerializer}, responses={201: ProductSerializer})
    @action(detail=True, methods=["post"])
    def revisions(self, request: Request, pk: str) -> Response:
        """Add a revision: a better photo or mask. Earlier candidates keep pointing to the one they were made from."""
        product = self.get_object()
        form = NewRevisionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        photo, photo_type = _bytes_and_type(form.validated_data["photo"])
        mask, mask_type = _bytes_and_type(form.validated_data["mask"])

        def make(_once: Once | None) -> Product:
            products.add_revision(
                product, signed_in(request._request),
                photo_bytes=photo, photo_type=photo_type, mask_bytes=mask, mask_type=mask_type,
            )  # fmt: skip
            return product

        _or_refuse(make, None)
        return Response(self.get_serializer(self.get_object()).data, status=201)


def _or_refuse(make: Any, once: Once | None) -> Product:
    try:
        product: Product = make(once)
    except UploadRejected as refused:
        said = exceptions.ErrorDetail(_(refused.message) % refused.params, refused.code)
        field = "mask" if refused.code.startswith("mask") else "photo"
        raise exceptions.ValidationError({field: [said]}) from refused
    except products.ProductRefused as refused:
        said = exceptions.ErrorDetail(_(refused.message), refused.code)
        raise exceptions.ValidationError({refused.field: [said]}) from refused
    return product
