"""Previews of pictures, behind the access check, under addresses that never change."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from accounts.rules import team_of
from generation.models import Picture

_FOR_EVER = "private, max-age=31536000, immutable"


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse | FileResponse:
    """One preview. The name is a keyed hash of the bytes, so a browser that has it never asks again.

    Another team's picture, a full-resolution original and a name nobody made all answer 404.
    """
    if "\0" in name or not Picture.objects.of_team(team_of(request)).with_preview(name).exists():
        raise Http404
    etag = f'"{name}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse | FileResponse = HttpResponseNotModified()
    else:
        try:
            response = FileResponse(default_storage.open(name), content_type="image/webp")
        except FileNotFoundError as error:
            raise Http404 from error
    response["Cache-Control"] = _FOR_EVER
    response["ETag"] = etag
    return response
