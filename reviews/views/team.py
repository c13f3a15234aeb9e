"""The team: who is in it, what they do today, and how it works."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Membership
from accounts.rules import signed_in, team_of
from accounts.services import change_team
from reviews.forms.team import TeamForm
from reviews.services import quotas


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest) -> HttpResponse:
    ours = team_of(request)
    initial = {"time_zone": ours.time_zone, "shows_agreement": ours.shows_agreement}
    form = TeamForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_team(ours, signed_in(request), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error("time_zone", refused)
        else:
            messages.success(request, _("Saved. It holds from now on."))
            return redirect("reviews:team")
    entries = Membership.objects.filter(team=ours).select_related("user").order_by("role", "user__username")
    members = list(entries)
    states = quotas.states([member.user for member in members])
    people = [(member, states[member.user.pk]) for member in members]
    context = {"team": ours, "people": people, "form": form}
    return render(request, "reviews/team.html", context, status=400 if form.errors else 200)
