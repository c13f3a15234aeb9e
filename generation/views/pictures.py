"""Previews of pictures, behind the access check, under addresses that never change."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.files import ranged_response
from accounts.rules import team_of
from generation.models import Picture

_FOR_EVER = "private, max-age=31536000, immutable"


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """One preview. The name is a keyed hash of the bytes, so a browser that has it never asks again.

    Another team's picture, a full-resolution original and a name nobody made all answer 404.
    """
    if "\0" in name or not Picture.objects.of_team(team_of(request)).with_preview(name).exists():
        raise Http404
    response = ranged_response(request, name, etag=name, content_type="image/webp")
    response["Cache-Control"] = _FOR_EVER
    return response
