from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from canvas_review.context import navigation


def home(request: HttpRequest) -> HttpResponse:
    """Everybody starts where their work is: at the first entry of their menu."""
    entries = navigation(request)["navigation"]
    return redirect(entries[0]["url"] if entries else "accounts:profile")
