"""Groups of reviewers and what they are good at: what queues and quotas are made for."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rules import signed_in, team_of
from reviews.forms.team import GroupForm, NameForm
from reviews.models import ReviewerGroup, ReviewerSkill, Skill
from reviews.services import crews

_PAGE = ["GET", "HEAD", "POST"]


@require_http_methods(_PAGE)
def groups(request: HttpRequest) -> HttpResponse:
    """POST makes a group."""
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = crews.create_group(team_of(request), signed_in(request), form.cleaned_data["name"])
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The group is made. Say who is in it."))
            return redirect("reviews:group", made.pk)
    rows = ReviewerGroup.objects.filter(team=team_of(request)).prefetch_related("members").order_by("name")
    return _list(request, "reviews/groups.html", rows, form)


@require_http_methods(_PAGE)
def group(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ReviewerGroup, pk=pk, team=team_of(request))
    initial = {"name": found.name, "members": list(found.memberships.values_list("reviewer_id", flat=True))}
    form = GroupForm(request.POST or None, initial=initial, team=found.team)
    if request.method == "POST" and form.is_valid():
        by = signed_in(request)
        try:
            crews.rename(found, by, form.cleaned_data["name"])
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            crews.set_members(found, by, list(form.cleaned_data["members"]))
            messages.success(request, _("Saved. It holds from their next image on."))
            return redirect("reviews:groups")
    context = {"group": found, "form": form}
    return render(request, "reviews/group.html", context, status=400 if form.errors else 200)


@require_POST
def delete_group(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ReviewerGroup, pk=pk, team=team_of(request))
    try:
        crews.delete_group(found, signed_in(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("reviews:group", pk)
    messages.success(request, _("The group is gone; its people are as before."))
    return redirect("reviews:groups")


@require_http_methods(_PAGE)
def skills(request: HttpRequest) -> HttpResponse:
    """POST makes a skill."""
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            crews.create_skill(team_of(request), signed_in(request), form.cleaned_data["name"])
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The skill is made. Give it to people on their own pages."))
            return redirect("reviews:skills")
    rows = Skill.objects.filter(team=team_of(request)).annotate(people=Count("holders")).order_by("name")
    return _list(request, "reviews/skills.html", rows, form)


@require_http_methods(_PAGE)
def skill(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has it; POST gives it another name."""
    found = get_object_or_404(Skill, pk=pk, team=team_of(request))
    form = NameForm(request.POST or None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            crews.rename(found, signed_in(request), form.cleaned_data["name"])
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Saved. It holds from now on."))
            return redirect("reviews:skills")
    holders = ReviewerSkill.objects.filter(skill=found).select_related("reviewer")
    context = {"skill": found, "form": form, "holders": holders.order_by("-level", "reviewer__username")}
    return render(request, "reviews/skill.html", context, status=400 if form.errors else 200)


@require_POST
def delete_skill(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Skill, pk=pk, team=team_of(request))
    try:
        crews.delete_skill(found, signed_in(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("reviews:skill", pk)
    messages.success(request, _("The skill is gone."))
    return redirect("reviews:skills")


def _list(request: HttpRequest, template: str, rows: Any, form: Form) -> HttpResponse:
    return render(request, template, {"rows": rows, "form": form}, status=400 if form.errors else 200)
