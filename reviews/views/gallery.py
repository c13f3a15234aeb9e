"""The gallery: every image of the team that people may see, and what is like one of them."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import Role
from accounts.rules import signed_in, team_of
from generation.models import Candidate
from reviews import gallery as images
from reviews.forms.filters import GalleryForm
from reviews.services.bulk import MOST_IMAGES


def filter_form(request: HttpRequest) -> GalleryForm:
    """The filters in the address, as far as this role may ask."""
    role = signed_in(request).role
    return GalleryForm(
        request.GET,
        team=team_of(request),
        sees_versions=role in (Role.ML_ENGINEER, Role.ADMIN),
        sees_blocked=role in (Role.OPERATOR, Role.ADMIN),
    )


def like(request: HttpRequest) -> Candidate | None:
    """The image that others should resemble. Raises Http404 when it is not the team's, or not to be seen."""
    asked = request.GET.get("like", "")
    if not asked:
        return None
    try:
        handle = UUID(asked)
    except ValueError as error:
        raise Http404 from error
    return get_object_or_404(Candidate.objects.cleared().filter(request__team=team_of(request)), handle=handle)


def page_key(request: HttpRequest) -> int | None:
    """Where a list goes on; what is no key begins it anew."""
    asked = request.GET.get("before", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else None


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    form, model = filter_form(request), like(request)
    rows = images.matching(team_of(request), form.filters())
    before = page_key(request)
    if model is not None:
        found, following = images.alike(rows, model), None
    else:
        found, following = images.newest(rows, before)
    context = {
        "form": form, "like": model, "images": found, "next": following, "is_first": before is None,
        "most": MOST_IMAGES, "nearest": images.NEAREST, "bits": 64,
        "sees_history": signed_in(request).role == Role.ADMIN,
    }  # fmt: skip
    return render(request, "reviews/gallery.html", context)
