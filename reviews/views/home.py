"""Where everybody starts: what waits for them, and what has happened, by role. Nothing is taken by looking."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Membership, Role, Team, User
from accounts.rules import signed_in
from generation.models import (
    BulkImport,
    Candidate,
    DatasetSnapshot,
    GenerationRequest,
    MaskRepair,
    ModelVersion,
    Product,
    TrainingRun,
)
from generation.models.training import VersionState
from reviews import floor, journal
from reviews.gallery import GalleryFilters, matching, shown
from reviews.journal import JournalFilters
from reviews.metrics import MOST_COUNTED, waiting_for
from reviews.models import Escalation, Snooze
from reviews.models.outcomes import OutcomeState
from reviews.serializers.desk import quota_words
from reviews.services import quotas

DAYS = 30
_FEW = 5
_IMAGES = 12
Part = Callable[[User, Team], dict[str, Any]]


def _own_work(user: User, team: Team) -> dict[str, Any]:
    """A reviewer's: what waits, what is left of today, what they decided last, what they put off."""
    waiting = waiting_for(user)
    later = Snooze.objects.filter(reviewer=user, until__gt=timezone.now()).order_by("until")
    return {
        "quota": (quota := quotas.state(user)),
        "quota_more": quota_words(quota),
        "waiting": min(waiting, MOST_COUNTED),
        "waits_more": waiting > MOST_COUNTED,
        "latest": journal.newest(journal.decided(user, JournalFilters()), None, _FEW)[0],
        "later": later.select_related("item__request")[:_FEW],
    }


def _making(user: User, team: Team) -> dict[str, Any]:
    """An operator's: requests by state, what is to be repaired, what came in, what was approved."""
    return _requests(user, team) | {
        "repairs": MaskRepair.objects.of_team(team).waiting().for_list().order_by("pk")[:_FEW],
        "unmasked": Product.objects.of_team(team).without_mask()[: MOST_COUNTED + 1].count(),
        "imports": BulkImport.objects.of_team(team).order_by("-pk")[:_FEW],
        "approved": _approved(team),
    }


def _requests(user: User, team: Team) -> dict[str, Any]:
    recent = GenerationRequest.objects.of_team(team).filter(created_at__gte=timezone.now() - timedelta(days=DAYS))
    counts = dict(recent.order_by().values_list("state").annotate(Count("pk")))
    states = GenerationRequest.State.choices
    return {"days": DAYS, "states": [(value, label, counts[value]) for value, label in states if value in counts]}


def _approved(team: Team) -> QuerySet[Candidate]:
    return shown(matching(team, GalleryFilters(outcome=OutcomeState.APPROVED))).order_by("-pk")[:_IMAGES]


def _learning(user: User, team: Team) -> dict[str, Any]:
    """An ML engineer's: datasets, versions, runs."""
    versions = ModelVersion.objects.loadable().filter(state__in=[VersionState.ACTIVE, VersionState.PROPOSED])
    return {
        "snapshots": DatasetSnapshot.objects.of_team(team).select_related("created_by").order_by("-pk")[:_FEW],
        "versions": versions.order_by("-pk")[:_FEW],
        "runs": TrainingRun.objects.of_team(team).select_related("snapshot", "version")[:_FEW],
    }


def _leading(user: User, team: Team) -> dict[str, Any]:
    """An admin's: the questions of reviewers, the floor and everybody's day, and the others' in short."""
    questions = Escalation.objects.of_team(team).waiting().select_related("item__request", "decision__reviewer")
    members = Membership.objects.filter(team=team, role=Role.REVIEWER, user__is_active=True).select_related("user")
    reviewers = [member.user for member in members.order_by("user__username")]
    states = quotas.states(reviewers)
    return _making(user, team) | {
        "questions": questions.order_by("pk")[:_FEW],
        "days_of_reviewers": [(reviewer, states[reviewer.pk]) for reviewer in reviewers],
        **floor.summary(team),
        "runs": TrainingRun.objects.of_team(team).select_related("snapshot", "version")[:3],
    }


_PARTS: Mapping[str, tuple[str, Part]] = {
    Role.REVIEWER: ("reviews/home_reviewer.html", _own_work),
    Role.OPERATOR: ("reviews/home_operator.html", _making),
    Role.ML_ENGINEER: ("reviews/home_ml_engineer.html", _learning),
    Role.ADMIN: ("reviews/home_admin.html", _leading),
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    role = user.role
    if user.team is None or role is None or role not in _PARTS:
        return redirect("accounts:profile")
    template, part = _PARTS[role]
    return render(request, template, part(user, user.team))
