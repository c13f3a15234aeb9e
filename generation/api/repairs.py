"""`/api/v1/mask-repairs/`: masks and photos that reviewers say are wrong, and the operators' answers."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, mixins
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules import signed_in
from accounts.viewsets import TeamViewSet
from generation.imaging.uploads import UploadRejected
from generation.models import GenerationRequest, MaskRepair
from generation.serializers.repairs import MaskRepairSerializer, RepairSerializer
from generation.services import repairs
from generation.services.requests import RequestRefused


class MaskRepairViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TeamViewSet[MaskRepair]):
    """The reports of wrong masks and unsuitable photos (`reason`), the newest first."""

    queryset = MaskRepair.objects.for_list().order_by("-pk")
    serializer_class = MaskRepairSerializer
    filterset_fields = ("state", "reason")
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(request={"multipart/form-data": RepairSerializer}, responses={200: MaskRepairSerializer})
    @action(detail=True, methods=["post"], parser_classes=(MultiPartParser,))
    def repair(self, request: Request, pk: str) -> Response:
        """Repair the mask, or name a later revision, and ask for the same candidates again, in one step.

        For an unsuitable photo only a later revision with another photo will do. 409 when it was answered already.
        """
        found, user = self.get_object(), signed_in(request._request)
        form = RepairSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        mask, number = form.validated_data["mask"], form.validated_data["revision"]
        if mask is None:
            _or_refuse(lambda: repairs.ask_again(found, user, number))
        else:
            sent = mask.read()
            _or_refuse(lambda: repairs.repair_mask(found, user, mask_bytes=sent, mask_type=mask.content_type))
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=None, responses={200: MaskRepairSerializer})
    @action(detail=True, methods=["post"])
    def keep(self, request: Request, pk: str) -> Response:
        """The mask is right, or the photo fine: what was withdrawn goes back to review.

        409 when it was answered already.
        """
        repairs.keep_mask(self.get_object(), signed_in(request._request))
        return Response(self.get_serializer(self.get_object()).data)


def _or_refuse(work: Callable[[], GenerationRequest]) -> None:
    try:
        work()
    except UploadRejected as refused:
        said = exceptions.ErrorDetail(_(refused.message) % refused.params, refused.code)
        raise exceptions.ValidationError({"mask": [said]}) from refused
    except RequestRefused as refused:
        said = exceptions.ErrorDetail(_(refused.message) % refused.params, refused.code)
        raise exceptions.ValidationError({refused.field: [said]}) from refused
