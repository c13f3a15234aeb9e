"""`/api/v1/requests/{id}/approved/`: what may be published."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rules import team_of
from generation.models import Candidate, GenerationRequest
from reviews.models import Outcome


class ApprovedView(APIView):
    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, pk: int) -> Response:
        """The approved candidates of a request, each with the address of its full-resolution image."""
        found = get_object_or_404(GenerationRequest.objects.of_team(team_of(request._request)), pk=pk)
        rows = Candidate.objects.filter(request=found, outcomes__in=Outcome.objects.approved()).distinct()
        return Response(
            {
                "results": [
                    {
                        "handle": str(candidate.handle),
                        "position": candidate.position,
                        "url": reverse("reviews:approved_image", args=[candidate.handle]),
                    }
                    for candidate in rows
                ]
            }
        )
