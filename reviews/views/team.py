"""The team: its people, and how it works."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Max, Prefetch, Q, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Membership, Team
from accounts.rules import signed_in, team_of
from accounts.services import change_team
from reviews.forms.team import FloorForm, PeopleForm, TeamForm
from reviews.models import FloorSettings, ReviewerSkill
from reviews.services import quotas
from reviews.services.floor_settings import change_floor


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest) -> HttpResponse:
    """`?words=`, `role`, `group`, `skill` and `state` narrow the list. POST changes how the team works."""
    ours = team_of(request)
    floor = FloorSettings.objects.filter(team=ours).first() or FloorSettings(team=ours)
    is_floor = request.method == "POST" and "hold_minutes" in request.POST
    form = TeamForm(
        request.POST if request.method == "POST" and not is_floor else None,
        initial={"time_zone": ours.time_zone, "shows_agreement": ours.shows_agreement},
    )
    floor_form = FloorForm(
        request.POST if is_floor else None,
        initial={name: getattr(floor, name) for name in FloorForm.base_fields},
    )
    if request.method == "POST" and _saved(request, floor_form if is_floor else form, ours):
        messages.success(request, _("Saved. It holds from now on."))
        return redirect("reviews:team")
    narrow = PeopleForm(request.GET, team=ours)
    members = list(_narrowed(_members(ours), narrow))
    states = quotas.states([member.user for member in members])
    people = [(member, states[member.user.pk]) for member in members]
    context = {"team": ours, "people": people, "form": form, "floor_form": floor_form, "filters": narrow}
    return render(request, "reviews/team.html", context, status=400 if form.errors or floor_form.errors else 200)


def _saved(request: HttpRequest, form: Form, ours: Team) -> bool:
    if not form.is_valid():
        return False
    try:
        change = change_floor if isinstance(form, FloorForm) else change_team
        change(ours, signed_in(request), **form.cleaned_data)
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    return True


def _members(ours: Team) -> QuerySet[Membership]:
    skills = ReviewerSkill.objects.select_related("skill").order_by("skill__name")
    entries = Membership.objects.filter(team=ours).select_related("user").order_by("role", "user__username")
    return entries.prefetch_related(
        "user__reviewer_groups", Prefetch("user__reviewer_skills", queryset=skills)
    ).annotate(judged_on=Max("user__work_days__day"))


def _narrowed(entries: QuerySet[Membership], form: PeopleForm) -> QuerySet[Membership]:
    asked = form.understood()
    if words := asked.get("words"):
        # PostgreSQL knows no NUL in a text; nobody is called so.
        words = str(words).replace("\0", "")
        entries = entries.filter(
            Q(user__username__icontains=words) | Q(user__first_name__icontains=words)
            | Q(user__last_name__icontains=words) | Q(user__email__icontains=words)
        )  # fmt: skip
    if role := asked.get("role"):
        entries = entries.filter(role=role)
    if group := asked.get("group"):
        entries = entries.filter(user__group_memberships__group_id=group.pk)
    if skill := asked.get("skill"):
        entries = entries.filter(user__reviewer_skills__skill_id=skill.pk)
    if state := asked.get("state"):
        entries = entries.filter(user__is_active=state == "active")
    return entries
