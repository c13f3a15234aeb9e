"""The audit: who changed what, when, from what to what. Read only, as everything behind it is."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.csvrows import csv_response
from accounts.rules import team_of
from reviews.audit import exporting, listing
from reviews.audit.entries import Place
from reviews.audit.places import NoPlace, read_place, write_place
from reviews.audit.sources import WINDOW
from reviews.audit.subjects import thing_of
from reviews.forms.audit import AuditForm


def _before(request: HttpRequest) -> Place | None:
    asked = request.GET.get("before", "")
    try:
        return read_place(asked) if asked else None
    except NoPlace as error:
        raise BadRequest(_("This is no place in the audit. Begin with its first page.")) from error


def _form(request: HttpRequest) -> AuditForm:
    """Raises Http404 for an object that is not the team's."""
    form = AuditForm(request.GET, team=team_of(request))
    form.is_valid()
    if form.is_nobodys:
        raise Http404
    return form


@never_cache
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    team, form, before = team_of(request), _form(request), _before(request)
    context = {"form": form, "zone": team.time_zone, "is_first": before is None, "window": WINDOW}
    if not form.is_valid():
        return render(request, "reviews/audit.html", context, status=400)
    filters = form.asked()
    entries, following = listing.newest(team, filters, before)
    context |= {
        "entries": entries, "next": write_place(following) if following else None,
        "thing": thing_of(team, filters.subject) if filters.subject else None,
    }  # fmt: skip
    return render(request, "reviews/audit.html", context)


@require_safe
def audit_csv(request: HttpRequest) -> HttpResponseBase:
    """Everything that the page's filters let through, a row a change, however much it is."""
    form = _form(request)
    if not form.is_valid():
        raise BadRequest(str(form.errors))
    entries = listing.walk(team_of(request), form.asked())
    return csv_response("audit.csv", exporting.HEADER, (row for entry in entries for row in exporting.rows(entry)))
