"""Model versions and training runs: what ranks and paints now, what is proposed, what is being trained."""

import zlib

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_POST, require_safe

from accounts.models import Team
from accounts.rules import signed_in, team_of
from generation.forms import TrainingForm
from generation.lifecycle import IllegalMove
from generation.models import DatasetSnapshot, ModelVersion, TrainingRun
from generation.services import releases, training

_RUNS = 20
_SNAPSHOTS = 50


def _offered(team: Team) -> QuerySet[DatasetSnapshot]:
    """The newest snapshots: older ones are trained on over the API or from the command line."""
    ours = DatasetSnapshot.objects.of_team(team).order_by("-created_at", "-pk")
    return ours.filter(pk__in=ours.values("pk")[:_SNAPSHOTS])


@require_safe
def models(request: HttpRequest) -> HttpResponse:
    team = team_of(request)
    context = {
        "versions": ModelVersion.objects.loadable().for_list(),
        "made_elsewhere": ModelVersion.objects.made_elsewhere(team),
        "runs": TrainingRun.objects.of_team(team).select_related("snapshot", "version", "created_by")[:_RUNS],
        "form": TrainingForm(snapshots=_offered(team)),
        "has_snapshots": _offered(team).exists(),
    }
    return render(request, "generation/models.html", context)


@require_POST
def activate_version(request: HttpRequest, pk: int) -> HttpResponse:
    version = get_object_or_404(ModelVersion.objects.visible_to(team_of(request)), pk=pk)
    try:
        releases.activate_version(version, signed_in(request))
        messages.success(request, _("%(version)s is in use from the next request on.") % {"version": version})
    except releases.VersionRefused as refused:
        messages.warning(request, _(refused.message))
    except IllegalMove:
        messages.warning(request, _("It is in use already, or somebody was faster; nothing was changed."))
    return redirect("generation:models")


@require_POST
def roll_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the version `pk` out of use and put back the one before it."""
    version = get_object_or_404(ModelVersion, pk=pk, state=ModelVersion.State.ACTIVE)
    try:
        back = releases.roll_back(version.kind, version.variant, signed_in(request))
        messages.success(request, _("%(version)s is in use again.") % {"version": back})
    except (IllegalMove, releases.VersionRefused):
        messages.warning(request, _("There is no earlier version to go back to; nothing was changed."))
    return redirect("generation:models")


@require_POST
def new_training(request: HttpRequest) -> HttpResponse:
    """Queue a training. A dataset that is not the team's does not exist: 404."""
    form = TrainingForm(request.POST, snapshots=_offered(team_of(request)))
    if form.has_error("snapshot"):
        raise Http404
    if not form.is_valid():
        messages.warning(request, _("Choose a dataset and a trainer of the list; nothing was started."))
        return redirect("generation:models")
    run = training.queue_training(signed_in(request), **form.cleaned_data)
    return redirect("generation:training_run", run.pk)


def _run(request: HttpRequest, pk: int) -> TrainingRun:
    rows = TrainingRun.objects.of_team(team_of(request)).select_related("snapshot", "version", "created_by")
    return get_object_or_404(rows, pk=pk)


@require_safe
def training_run(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "generation/training_run.html", {"run": _run(request, pk)})


def _run_etag(request: HttpRequest, pk: int) -> str | None:
    row = TrainingRun.objects.of_team(team_of(request)).filter(pk=pk)
    found = row.values_list("state", "steps_done", "steps_total", "note").first()
    return f'"{zlib.crc32(repr((found, get_language())).encode())}"' if found else None


@condition(etag_func=_run_etag)
@require_safe
def training_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The live part of the page, polled: 304 while nothing has changed."""
    return render(request, "generation/_training_live.html", {"run": _run(request, pk)})


@require_POST
def cancel_training(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    try:
        training.cancel_training(run)
        messages.success(request, _("The training is cancelled."))
    except IllegalMove:
        messages.warning(request, _("It had ended already; nothing was changed."))
    return redirect("generation:training_run", pk)
