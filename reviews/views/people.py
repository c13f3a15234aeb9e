"""One person of the team: making, inviting, changing, switching off and on again."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services as accounts
from accounts.models import Membership, User
from accounts.rules import signed_in, team_of
from accounts.services import invitations
from reviews import hours
from reviews.forms.team import CrewsForm, NewPersonForm, PersonForm
from reviews.models import Pause
from reviews.services import crews, people, quotas

_PAGE = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(_PAGE)
def new_person(request: HttpRequest) -> HttpResponse:
    form = NewPersonForm(request.POST or None, initial={"role": "reviewer"})
    if request.method == "POST" and form.is_valid():
        try:
            person = accounts.create_person(team_of(request), signed_in(request), **form.cleaned_data)
        except ValidationError as refused:
            _tell(form, refused)
        else:
            _invite(request, person)
            return redirect("reviews:person", person.username)
    return render(request, "reviews/new_person.html", {"form": form}, status=400 if form.errors else 200)


@never_cache
@require_http_methods(_PAGE)
def person(request: HttpRequest, username: str) -> HttpResponse:
    """What an admin may see of a person. POST changes the details, or, with `crews`, groups and skills."""
    found = _found(request, username)
    is_crews = request.method == "POST" and "crews" in request.POST
    form = PersonForm(
        request.POST if request.method == "POST" and not is_crews else None,
        initial={
            "name": found.get_full_name(), "email": found.email, "role": found.role,
            "time_zone": found.membership.time_zone,
        },
    )  # fmt: skip
    crews_form = CrewsForm(request.POST if is_crews else None, person=found)
    saved = (is_crews and _saved_crews(request, found, crews_form)) or (form.is_bound and _saved(request, found, form))
    if saved:
        messages.success(request, _("Saved. It holds from now on."))
        return redirect("reviews:person", found.username)
    context = _about(request, found) | {"form": form, "crews_form": crews_form}
    return render(request, "reviews/person.html", context, status=400 if form.errors or crews_form.errors else 200)


def _about(request: HttpRequest, found: User) -> dict[str, Any]:
    team = found.membership.team
    today = hours.today_of(found)
    awaits = invitations.awaits_invitation(found)
    running = Pause.objects.filter(Q(reviewer=found) | Q(reviewer=None), team=team, ended_at=None)
    return {
        "person": found,
        "quota": quotas.state(found),
        "days": list(hours.sheets(team, hours.Span(today - timedelta(days=13), today), found))[::-1],
        "pauses": list(running.select_related("begun_by").order_by("pk")),
        "invitation": request.build_absolute_uri(invitations.invitation_path(found)) if awaits else "",
        "valid_days": max(1, invitations.valid_for().days),
        "is_oneself": found == signed_in(request),
    }


def _saved(request: HttpRequest, found: User, form: PersonForm) -> bool:
    if not form.is_valid():
        return False
    try:
        given_back = people.change_person(found, signed_in(request), **form.cleaned_data)
    except ValidationError as refused:
        _tell(form, refused)
        return False
    _tell_given_back(request, given_back)
    return True


def _saved_crews(request: HttpRequest, found: User, form: CrewsForm) -> bool:
    if not form.is_valid():
        return False
    by = signed_in(request)
    crews.set_groups_of(found, by, form.chosen())
    crews.set_skills_of(found, by, form.levels())
    return True


@require_POST
def invite_again(request: HttpRequest, username: str) -> HttpResponse:
    found = _found(request, username)
    if invitations.awaits_invitation(found):
        _invite(request, found)
    elif found.is_active:
        messages.warning(
            request, _("They have chosen a password. With “Forgotten your password?” they can choose another one.")
        )
    else:
        messages.warning(request, _("They are switched off. Switch them on first."))
    return redirect("reviews:person", found.username)


@require_POST
def deactivate_person(request: HttpRequest, username: str) -> HttpResponse:
    found = _found(request, username)
    try:
        given_back = people.deactivate_person(found, signed_in(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(
            request, _("%(name)s is switched off: nobody is signed in by this name any more.") % {"name": found}
        )
        _tell_given_back(request, given_back)
    if found == signed_in(request):
        return redirect("account_login")
    return redirect("reviews:person", found.username)


@require_POST
def reactivate_person(request: HttpRequest, username: str) -> HttpResponse:
    found = _found(request, username)
    try:
        accounts.activate(found, signed_in(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        if invitations.awaits_invitation(found):
            _invite(request, found)
    return redirect("reviews:person", found.username)


def _found(request: HttpRequest, username: str) -> User:
    if "\0" in username:
        raise Http404
    entries = Membership.objects.select_related("user", "team").filter(team=team_of(request))
    entry = get_object_or_404(entries, user__username=username)
    entry.user._membership = entry
    return entry.user


def _invite(request: HttpRequest, person: User) -> None:
    address = request.build_absolute_uri(invitations.invitation_path(person))
    if invitations.send_invitation(person, address):
        messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": person.email})
    else:
        messages.warning(request, _("No mail could be sent. Give them the link on this page yourself."))


def _tell(form: Form, refused: ValidationError) -> None:
    """Beside its field what belongs to one, above them what does not."""
    for name, errors in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def _tell_given_back(request: HttpRequest, count: int) -> None:
    if count:
        told = ngettext(
            "%(count)s item that they held is back in the queue.",
            "%(count)s items that they held are back in the queue.",
            count,
        )
        messages.info(request, told % {"count": count})
