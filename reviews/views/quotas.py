"""Quotas: how much each person may judge today and this week, and what of it is used."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Membership, Role, User
from accounts.rules import signed_in, team_of
from reviews.forms.quotas import PauseForm, QuotaForm, TermsForm
from reviews.services import pauses, quotas, workloads


@never_cache
@require_safe
def quota_list(request: HttpRequest) -> HttpResponse:
    team = team_of(request)
    people = Membership.objects.filter(team=team, user__is_active=True, role=Role.REVIEWER)
    reviewers = [entry.user for entry in people.select_related("user").order_by("user__username")]
    states, loads = quotas.states(reviewers), workloads.workloads(reviewers)
    context = {
        "rows": [(reviewer, states[reviewer.pk], loads[reviewer.pk]) for reviewer in reviewers],
        "form": TermsForm(),
        "pauses": pauses.open_pauses(team),
        "pause_form": PauseForm(team),
    }
    return render(request, "reviews/quotas.html", context)


@require_POST
def set_quota(request: HttpRequest, username: str) -> HttpResponse:
    if "\0" in username:
        raise Http404
    reviewer = get_object_or_404(User, username=username, membership__team=team_of(request))
    form = QuotaForm(request.POST)
    if form.is_valid():
        quotas.set_limit(reviewer, form.cleaned_data["daily_images"], by=signed_in(request))
        messages.success(request, _("%(name)s: the new limit holds from the next image on.") % {"name": reviewer})
    else:
        messages.error(request, _("A limit is a whole number from 0 to 100,000. Nothing was changed."))
    return redirect("reviews:quotas")
