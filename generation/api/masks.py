"""`/api/v1/products/{id}/mask-proposals/` and `.../drawn-masks/`: a mask for a photo that came without."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.cache import get_conditional_response
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, mixins
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules import signed_in, team_of
from accounts.viewsets import IDEMPOTENCY_KEY, TeamViewSet
from generation.imaging.strokes import StrokesRejected, read_rectangle, read_strokes
from generation.imaging.uploads import UploadRejected
from generation.models import MaskProposal, MaskRepair, Product, ProductRevision
from generation.serializers.masks import (
    DrawnMaskSerializer,
    MaskNoteSerializer,
    MaskProposalSerializer,
    NewMaskProposalSerializer,
    UploadedMaskSerializer,
)
from generation.serializers.products import RevisionSerializer
from generation.services import masks, proposals, repairs

M = TypeVar("M", bound=Model)
PRODUCT = OpenApiParameter("product_pk", int, OpenApiParameter.PATH, description="The product's id.")


class _OfProduct(TeamViewSet[M]):
    """What hangs on one product of the caller's team; another team's answers 404."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.product  # noqa: B018 - a foreign product answers 404 before any word on the body

    @cached_property
    def product(self) -> Product:
        products = Product.objects.of_team(team_of(self.request._request))
        found: Product = get_object_or_404(products, pk=self.kwargs["product_pk"])
        return found

    def revision(self, number: int | None) -> ProductRevision:
        """The product's newest revision, or the one of that number. Raises ValidationError."""
        rows = self.product.revisions.select_related("product__team", "photo", "mask").order_by("-number")
        found = (rows if number is None else rows.filter(number=number)).first()
        if found is None:
            raise exceptions.ValidationError({"revision": [_("This product has no such revision.")]})
        return found


class MaskProposalViewSet(mixins.RetrieveModelMixin, _OfProduct[MaskProposal]):
    """What a segmenter makes of a product's photo, or a mask file to be looked at; nothing of it counts yet."""

    queryset = MaskProposal.objects.select_related("revision__photo", "revision__product", "mask")
    serializer_class = MaskProposalSerializer
    lookup_field = "handle"
    lookup_value_regex = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

    def get_queryset(self) -> QuerySet[MaskProposal]:
        if getattr(self, "swagger_fake_view", False):
            return MaskProposal.objects.none()
        return self.queryset.filter(revision__product=self.product)

    @extend_schema(
        parameters=[PRODUCT, IDEMPOTENCY_KEY],
        request=NewMaskProposalSerializer,
        responses={201: MaskProposalSerializer, 200: MaskProposalSerializer},
    )
    def create(self, request: Request, product_pk: str) -> Response:
        """Ask for a mask. It is made by a worker: ask for the proposal until its state is ready or failed."""
        form = NewMaskProposalSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        revision = self.revision(data["revision"])

        def make(once: Any) -> MaskProposal:
            with _refusals():
                return proposals.ask_for_mask(
                    revision, signed_in(request._request), segmenter=data["segmenter"], once=once,
                    rectangle=read_rectangle(data["rectangle"]) if data["rectangle"] is not None else None,
                    hints=read_strokes(data["hints"]),
                )  # fmt: skip

        return self.create_once(request, _content(product_pk, data), make)

    @extend_schema(
        parameters=[PRODUCT, IDEMPOTENCY_KEY],
        request={"multipart/form-data": UploadedMaskSerializer},
        responses={201: MaskProposalSerializer, 200: MaskProposalSerializer},
    )
    @action(detail=False, methods=["post"], parser_classes=[MultiPartParser])
    def upload(self, request: Request, product_pk: str) -> Response:
        """Bring a mask file: it is checked and shown over the photo, and counts once it is saved as a drawn mask."""
        form = UploadedMaskSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        file = form.validated_data["mask"]
        revision, data = self.revision(form.validated_data["revision"]), file.read()

        def make(once: Any) -> MaskProposal:
            with _refusals():
                return proposals.upload_mask(
                    revision, signed_in(request._request), mask_bytes=data, mask_type=file.content_type, once=once
                )

        return self.create_once(request, _content(product_pk, hashlib.sha256(data).hexdigest()), make)

    @extend_schema(parameters=[PRODUCT])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One proposal. Sent with `If-None-Match`, it answers 304 while nothing has changed."""
        proposal = self.get_object()
        etag = f'"{proposal.state}-{proposal.attempts}-{get_language()}"'
        unchanged = get_conditional_response(request._request, etag=etag)
        if unchanged is not None:
            return Response(status=unchanged.status_code, headers={"ETag": etag})
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        return Response(self.get_serializer(proposal).data, headers=headers)

    @extend_schema(parameters=[PRODUCT], request=None, responses={200: MaskProposalSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, product_pk: str, handle: str) -> Response:
        """Stop it. 409 when it has ended already."""
        proposal = self.get_object()
        proposals.cancel_proposal(proposal)
        return Response(self.get_serializer(self.get_object()).data)


class DrawnMaskViewSet(_OfProduct[ProductRevision]):
    """Strokes on a base, drawn at the photo's full resolution."""

    queryset = ProductRevision.objects.select_related("photo", "mask")
    serializer_class = RevisionSerializer

    def get_queryset(self) -> QuerySet[ProductRevision]:
        if getattr(self, "swagger_fake_view", False):
            return ProductRevision.objects.none()
        return self.queryset.filter(product=self.product)

    @extend_schema(
        parameters=[PRODUCT, IDEMPOTENCY_KEY],
        request=DrawnMaskSerializer,
        responses={201: RevisionSerializer, 200: RevisionSerializer},
    )
    def create(self, request: Request, product_pk: str) -> Response:
        """Save the mask as a new revision of the same photo. 409 when the `repair` it answers was settled already."""
        data, revision = self._drawn(request)
        user = signed_in(request._request)
        also = repairs.answer(self._reported(data["repair"]), user) if data["repair"] else None

        def make(once: Any) -> ProductRevision:
            with _refusals():
                return masks.save_mask(
                    revision, user, masks.Base(**data["base"]), read_strokes(data["strokes"]),
                    seen=data["seen"] or revision.number, once=once, also=also,
                )  # fmt: skip

        return self.create_once(request, _content(product_pk, data), make)

    @extend_schema(parameters=[PRODUCT], request=DrawnMaskSerializer, responses={200: MaskNoteSerializer(many=True)})
    @action(detail=False, methods=["post"])
    def check(self, request: Request, product_pk: str) -> Response:
        """Say what a person should look at again in this mask; nothing is saved."""
        data, revision = self._drawn(request)
        with _refusals():
            drawn = masks.draw_mask(revision, masks.Base(**data["base"]), read_strokes(data["strokes"]))
        return Response([MaskNoteSerializer(note).data for note in masks.notes_of_drawn(revision, drawn)])

    def _reported(self, pk: int) -> MaskRepair:
        found = (
            MaskRepair.objects.of_masks()
            .filter(revision__product=self.product, pk=pk)
            .select_related("request")
            .first()
        )
        if found is None:
            raise exceptions.ValidationError({"repair": [_("No mask of this product was reported under this number.")]})
        return found

    def _drawn(self, request: Request) -> tuple[dict[str, Any], ProductRevision]:
        form = DrawnMaskSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data: dict[str, Any] = form.validated_data
        return data, self.revision(data["revision"])


def _content(product_pk: str, data: object) -> bytes:
    return json.dumps([product_pk, data], sort_keys=True, default=str).encode()


@contextmanager
def _refusals() -> Iterator[None]:
    """Every refusal becomes a 400 that names the field and says what to do."""
    try:
        yield
    except StrokesRejected as refused:
        field = "rectangle" if refused.code.startswith("rectangle") else "strokes"
        raise _invalid(field, refused.code, refused.message, refused.params) from refused
    except masks.MaskRefused as refused:
        raise _invalid(refused.field, refused.code, refused.message, refused.params) from refused
    except UploadRejected as refused:
        raise _invalid("mask", refused.code, refused.message, refused.params) from refused


def _invalid(field: str, code: str, message: str, params: dict[str, object]) -> exceptions.ValidationError:
    return exceptions.ValidationError({field: [exceptions.ErrorDetail(_(message) % params, code)]})
