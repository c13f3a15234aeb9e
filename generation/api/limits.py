"""`/api/v1/limits/`: what holds, and what another limit would do. Only a person at a screen puts one in force."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from accounts.rules import team_of
from generation.serializers.limits import DryRunSerializer, LimitSerializer, TriedLimitSerializer
from generation.services import dry_runs, limits
from generation.services.limits import LimitRefused
from generation.variants import DEFAULT_VARIANT, VARIANTS

VARIANT = OpenApiParameter("variant", str, enum=list(VARIANTS), default=DEFAULT_VARIANT)


class LimitViewSet(ViewSet):
    """The limits in force for the caller's team."""

    @extend_schema(parameters=[VARIANT], responses={200: LimitSerializer(many=True)})
    def list(self, request: Request) -> Response:
        """What holds for a variant, measure by measure, with who changed it and why."""
        key = request.query_params.get("variant", DEFAULT_VARIANT)
        if key not in VARIANTS:
            raise exceptions.ValidationError({"variant": [_("There is no such variant.")]})
        entries = limits.limits_in_force(team_of(request._request), VARIANTS[key])
        return Response(LimitSerializer(entries, many=True).data)

    @extend_schema(request=TriedLimitSerializer, responses={200: DryRunSerializer})
    @action(detail=False, methods=["post"], url_path="dry-run")
    def dry_run(self, request: Request) -> Response:
        """What another limit would have done to the team's last 1,000 candidates. Changes nothing."""
        form = TriedLimitSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data, team = form.validated_data, team_of(request._request)
        variant = VARIANTS[data["variant"]]
        try:
            own = limits.limit_in_force(team, variant, data["measure"]).default
            wanted = limits.proposed(own, data["threshold"], data["blocks"])
        except LimitRefused as refused:
            said = exceptions.ErrorDetail(_(refused.message) % refused.params, refused.code)
            raise exceptions.ValidationError({refused.field: [said]}) from refused
        result = dry_runs.dry_run(team, variant, limits.limits_in_force(team, variant), wanted)
        return Response(DryRunSerializer(result).data)
