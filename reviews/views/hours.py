"""Time sheets: of everybody for admins, and a person's own."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.csvrows import csv_response
from accounts.models import User
from accounts.rules import signed_in, team_of
from reviews import hours
from reviews.forms.hours import SpanForm


def _asked(request: HttpRequest) -> SpanForm:
    return SpanForm(request.GET, hours.today_of(signed_in(request)))


def _one_of(request: HttpRequest) -> User | None:
    name = request.GET.get("person", "")
    if not name:
        return None
    found = User.objects.filter(membership__team=team_of(request))
    return get_object_or_404(found, username=name.replace("\0", ""))


@never_cache
@require_safe
def time_sheets(request: HttpRequest) -> HttpResponse:
    """From `?since=` to `?until=`; with `?person=` day by day."""
    form, person = _asked(request), _one_of(request)
    span = form.span()
    rows = hours.totals(team_of(request), span, person)
    by_day = list(hours.sheets(team_of(request), span, person)) if person else []
    context = {"form": form, "span": span, "rows": rows, "all": hours.together(rows), "person": person, "days": by_day}
    return render(request, "reviews/hours.html", context, status=400 if form.errors else 200)


@require_safe
def time_sheets_csv(request: HttpRequest) -> HttpResponseBase:
    return _csv(request, _one_of(request))


@require_safe
def own_hours_csv(request: HttpRequest) -> HttpResponseBase:
    """There is no address for anybody else's."""
    return _csv(request, signed_in(request))


def _csv(request: HttpRequest, person: User | None) -> HttpResponseBase:
    form = _asked(request)
    if not form.is_valid():
        return HttpResponse(form.errors.as_text(), status=400, content_type="text/plain; charset=utf-8")
    span = form.span()
    rows = (sheet.cells() for sheet in hours.sheets(team_of(request), span, person))
    return csv_response(f"hours-{span.name}.csv", hours.HEADER, rows)
