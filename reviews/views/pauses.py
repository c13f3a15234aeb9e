"""Pausing people and keeping days free."""

from datetime import UTC, datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rules import signed_in, team_of
from reviews.forms.quotas import HolidayForm, PauseForm, ResumeForm
from reviews.services import holidays, pauses
from reviews.services.pauses import AlreadyPaused


@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    team = team_of(request)
    form = PauseForm(team, request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose somebody of the team, and a reason of at most 200 characters."))
        return redirect("reviews:quotas")
    try:
        pauses.pause(team, form.cleaned_data["reviewer"], form.cleaned_data["reason"], signed_in(request))
    except AlreadyPaused as already:
        messages.info(request, str(already))
    else:
        messages.success(request, _("Paused. What is in hand may be finished; nothing new is given out."))
    return redirect("reviews:quotas")


@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    team = team_of(request)
    form = ResumeForm(team, request.POST)
    if form.is_valid() and pauses.resume(team, form.cleaned_data["reviewer"], signed_in(request)):
        messages.success(request, _("Work goes on."))
    else:
        messages.info(request, _("Nothing was paused there."))
    return redirect("reviews:quotas")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def holiday_list(request: HttpRequest) -> HttpResponse:
    team = team_of(request)
    form = HolidayForm(team, request.POST if request.method == "POST" else None)
    if form.is_valid():
        values = form.cleaned_data
        holidays.set_holiday(team, values["day"], signed_in(request), reviewer=values["reviewer"], name=values["name"])
        messages.success(request, _("The day is kept free."))
        return redirect("reviews:holidays")
    # A day back: somewhere it is still yesterday.
    since = datetime.now(UTC).date() - timedelta(days=1)
    context = {"form": form, "holidays": holidays.holidays_from(team, since)}
    return render(request, "reviews/holidays.html", context, status=400 if form.is_bound else 200)


@require_POST
def remove_holiday(request: HttpRequest, pk: int) -> HttpResponse:
    if not holidays.remove_holiday(team_of(request), pk, signed_in(request)):
        raise Http404
    messages.success(request, _("The day is a working day again."))
    return redirect("reviews:holidays")
