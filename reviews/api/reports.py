"""`/api/v1/reports/`: the figures of the pages, as numbers."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Team
from accounts.rules import team_of
from reviews.forms.reports import ReportForm
from reviews.reports.efficiency import efficiency
from reviews.reports.filters import LISTED_DAYS, ReportFilters
from reviews.reports.quality import quality
from reviews.reports.tables import Table
from reviews.reports.throughput import throughput

_FILTERS = [
    OpenApiParameter("since", OpenApiTypes.DATE, description=f"The first day; otherwise {LISTED_DAYS} up to today."),
    OpenApiParameter("until", OpenApiTypes.DATE, description="The last day, itself included."),
    OpenApiParameter("queue", OpenApiTypes.INT),
    OpenApiParameter("variant", OpenApiTypes.STR),
    OpenApiParameter("person", OpenApiTypes.INT, description="Narrows only what is one person's work."),
    OpenApiParameter("group", OpenApiTypes.INT, description="Narrows only what is one person's work."),
]


class ReportSerializer(serializers.Serializer[Any]):
    """Days are ISO dates, active time is in minutes, a rate lies in 0..1 and comes with its 95 % interval (`_low`,
    `_high`) and what it is a rate of (`_of`)."""

    since = serializers.DateField()
    until = serializers.DateField()
    tables = serializers.DictField(child=serializers.ListField(child=serializers.DictField()))


def _answer(request: Request, report: Callable[[Team, ReportFilters], list[Table]]) -> Response:
    team = team_of(request._request)
    form = ReportForm(request.query_params, team=team)
    filters = form.filters()
    if form.errors:
        raise exceptions.ValidationError({name: list(map(str, told)) for name, told in form.errors.items()})
    tables = {table.key: table.plain() for table in report(team, filters)}
    return Response(ReportSerializer({"since": filters.since, "until": filters.until, "tables": tables}).data)


class ThroughputView(APIView):
    @extend_schema(parameters=_FILTERS, responses={200: ReportSerializer})
    def get(self, request: Request) -> Response:
        """What came in and what was done, by day, person and queue."""
        return _answer(request, throughput)


class EfficiencyView(APIView):
    @extend_schema(parameters=_FILTERS, responses={200: ReportSerializer})
    def get(self, request: Request) -> Response:
        """Active seconds an image, approval and undo rates, by person, queue and day."""
        return _answer(request, efficiency)


class QualityView(APIView):
    @extend_schema(parameters=_FILTERS, responses={200: ReportSerializer})
    def get(self, request: Request) -> Response:
        """How far reviewers agree, by queue and week, how votes fell, and agreement with gold by person."""
        return _answer(request, quality)
