"""Quotas: how much each reviewer may judge in a day, and has judged today."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Membership, Role, User
from accounts.rules import signed_in, team_of
from reviews.forms.quotas import QuotaForm
from reviews.services import quotas


@require_safe
def quota_list(request: HttpRequest) -> HttpResponse:
    people = Membership.objects.filter(team=team_of(request), user__is_active=True, role=Role.REVIEWER)
    reviewers = [entry.user for entry in people.select_related("user").order_by("user__username")]
    states = quotas.states(reviewers)
    rows = [(reviewer, states[reviewer.pk]) for reviewer in reviewers]
    return render(request, "reviews/quotas.html", {"rows": rows})


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
