"""`/api/v1/audit/`: who changed what, when, from what to what."""

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from accounts.rules import team_of
from reviews.audit import exporting, listing
from reviews.audit.entries import Place
from reviews.audit.places import NoPlace, read_place, write_place
from reviews.forms.audit import NOBODY, AuditForm
from reviews.serializers.audit import AuditSerializer

_MOST = 100
_OFFERED = ("words", "person", "kind", "since", "until", "object", "cursor", "page_size")


class AuditView(APIView):
    @extend_schema(
        parameters=[
            OpenApiParameter("words", OpenApiTypes.STR, description="In names and values of the newest changes."),
            OpenApiParameter("person", OpenApiTypes.STR, description=f"A username; `{NOBODY}` for commands."),
            OpenApiParameter("kind", OpenApiTypes.STR, description="A kind of thing, as `source` tells it."),
            OpenApiParameter("since", OpenApiTypes.DATE, description="The first day, in the team's time zone."),
            OpenApiParameter("until", OpenApiTypes.DATE, description="The last day, itself included."),
            OpenApiParameter("object", OpenApiTypes.STR, description="One object, as `object` tells it."),
            OpenApiParameter("cursor", OpenApiTypes.STR, description="Where to go on: see `next`."),
            OpenApiParameter("page_size", OpenApiTypes.INT, description=f"1 to {_MOST}; {listing.PAGE} otherwise."),
        ],
        responses=AuditSerializer,
    )
    def get(self, request: Request) -> Response:
        """Every act and decision of the team, newest first."""
        if unknown := sorted(set(request.query_params) - set(_OFFERED)):
            told = _("There is no such parameter. This list takes %(names)s.") % {"names": ", ".join(_OFFERED)}
            raise exceptions.ValidationError({name[:80]: [told] for name in unknown[:10]}, code="unknown_parameter")
        team = team_of(request._request)
        form = AuditForm(request.query_params, team=team)
        if not form.is_valid():
            raise exceptions.ValidationError({name: list(map(str, told)) for name, told in form.errors.items()})
        if form.is_nobodys:
            raise Http404
        found, following = listing.newest(team, form.asked(), _before(request), _size(request))
        here = request.build_absolute_uri()
        onward = replace_query_param(here, "cursor", write_place(following)) if following else None
        return Response(AuditSerializer({"next": onward, "results": [exporting.plain(entry) for entry in found]}).data)


def _before(request: Request) -> Place | None:
    cursor = request.query_params.get("cursor", "")
    try:
        return read_place(cursor) if cursor else None
    except NoPlace as error:
        raise exceptions.ValidationError({"cursor": [_("Take the cursor from `next`, as it is.")]}) from error


def _size(request: Request) -> int:
    asked = str(request.query_params.get("page_size", listing.PAGE))
    if not (asked.isascii() and asked.isdecimal()) or len(asked) > 9 or int(asked) == 0:
        raise exceptions.ValidationError({"page_size": [_("Give a whole number from 1 to 100.")]})
    return min(int(asked), _MOST)
