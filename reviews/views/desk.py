"""The desk: one page, filled by static/js/desk from /api/v1/review/."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.rules import signed_in
from reviews.services import quotas


@never_cache
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    return render(request, "reviews/desk.html", {"quota": quotas.state(signed_in(request))})
