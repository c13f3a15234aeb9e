"""The full-resolution image of an approved candidate: the only way an original leaves."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.files import ranged_response
from accounts.rules import team_of
from generation.models import Candidate
from reviews.models import Outcome
from reviews.services.archives import file_name


@require_safe
def approved_image(request: HttpRequest, handle: UUID) -> HttpResponseBase:
    """404 for everything that is not approved now, another team's candidates included."""
    rows = Candidate.objects.filter(request__team=team_of(request), outcomes__in=Outcome.objects.approved())
    candidate = get_object_or_404(rows.select_related("composed", "request").distinct(), handle=handle)
    picture = candidate.composed
    if picture is None:
        raise Http404
    name = file_name(candidate, picture)
    response = ranged_response(
        request, picture.name, etag=picture.sha256, content_type=picture.media_type, filename=name
    )
    # An approval can be taken back: no copy of the answer may outlive it.
    response["Cache-Control"] = "private, no-store"
    return response
