from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render

from accounts.files import StorageAway


class StorageAwayMiddleware:
    """Answers 503 with a page that says what to do when files cannot be stored or read; the API has its own words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, StorageAway):
            return None
        response = render(request, "503.html", status=503)
        response["Retry-After"] = "60"
        return response


class CompressedPagesMiddleware(GZipMiddleware):
    """Compresses pages and API answers. Files go out as they are: pictures are small already, archives are streams.

    Django pads each answer by a random length against guessing a secret from sizes (BREACH), and CSRF tokens differ
    in every answer.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.get("Content-Type", "").partition(";")[0]
        if response.streaming or not (kind == "text/html" or kind.endswith("json")):
            return response
        return super().process_response(request, response)
