"""`/api/v1/time-sheets/`: active time, decisions and images by person and day."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.rules import signed_in, team_of
from reviews import hours
from reviews.forms.hours import SpanForm
from reviews.serializers.people import SheetsSerializer

_OFFERED = frozenset({"since", "until", "person"})


class TimeSheetsView(APIView):
    @extend_schema(
        parameters=[
            OpenApiParameter("since", OpenApiTypes.DATE, description="The first day; six days ago otherwise."),
            OpenApiParameter("until", OpenApiTypes.DATE, description="The last day; today otherwise."),
            OpenApiParameter("person", OpenApiTypes.STR, description="A username: this person alone."),
        ],
        responses=SheetsSerializer,
    )
    def get(self, request: Request) -> Response:
        """What was done, by day and person, of at most a year at once. Days without work are left out."""
        if unknown := sorted(set(request.query_params) - _OFFERED):
            told = _("There is no such parameter. This list takes %(names)s.") % {"names": ", ".join(sorted(_OFFERED))}
            raise exceptions.ValidationError({name[:80]: [told] for name in unknown[:10]}, code="unknown_parameter")
        team = team_of(request._request)
        form = SpanForm(request.query_params, hours.today_of(signed_in(request._request)))
        if not form.is_valid():
            raise exceptions.ValidationError(
                {name: [str(text) for text in errors] for name, errors in form.errors.items()}
            )
        name, person = request.query_params.get("person", ""), None
        if name:
            of_team = User.objects.filter(membership__team=team)
            person = get_object_or_404(of_team, username=name.replace("\0", ""))
        span = form.span()
        found = list(hours.sheets(team, span, person))
        return Response(SheetsSerializer({"since": span.first, "until": span.last, "results": found}).data)
