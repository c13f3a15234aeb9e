"""What the last weeks would have been with other settings. A form that only asks, so its answer has an address."""

import csv

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.rules import team_of
from reviews.charts import Chart, Series, draw
from reviews.forms.simulator import SimulatorForm
from reviews.models import Queue
from reviews.services import replays
from reviews.services.replays import Simulated, Wanted

_CHANGED = ("quota", "overlap", "top_ranks", "score_floor", "exploration_share")


@require_safe
def simulator(request: HttpRequest) -> HttpResponse:
    team = team_of(request)
    asked = "queue" in request.GET
    form = SimulatorForm(request.GET if asked else None, team)
    context: dict[str, object] = {"form": form, "has_queues": asked or Queue.objects.of_team(team).exists()}
    if asked and form.is_valid():
        found = _simulated(form)
        context |= {
            "found": found,
            "queue": form.cleaned_data["queue"],
            "charts": [_backlogs(found), _judged(found)],
            "query": request.GET.urlencode(),
        }
    return render(request, "reviews/simulator.html", context, status=400 if form.errors else 200)


@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    """The days of a simulation, both ways, for the same address as the page's."""
    form = SimulatorForm(request.GET, team_of(request))
    if not form.is_valid():
        return render(request, "reviews/simulator.html", {"form": form, "has_queues": True}, status=400)
    found = _simulated(form)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="simulation.csv"'
    writer = csv.writer(response)
    names = ("arrived", "judged", "backlog", "minutes")
    writer.writerow(["day", *(f"{name}_{way}" for way in ("was", "simulated") for name in names)])
    for was, again in zip(found.was.days, found.again.days, strict=True):
        writer.writerow([was.day, *(f"{getattr(day, name):.1f}" for day in (was, again) for name in names)])
    return response


def _simulated(form: SimulatorForm) -> Simulated:
    said = form.cleaned_data
    return replays.simulate(said["queue"], said["weeks"], Wanted(**{name: said[name] for name in _CHANGED}))


def _labels(found: Simulated) -> list[str]:
    return [date_format(day.day, "j M") for day in found.was.days]


def _backlogs(found: Simulated) -> Chart:
    series = [
        Series(_("As it was"), [day.backlog for day in found.was.days]),
        Series(_("With these settings"), [round(day.backlog) for day in found.again.days], tone=2),
    ]
    return draw("simulated-backlog", _("Images still to judge"), _labels(found), series, axis=_("Day"))


def _judged(found: Simulated) -> Chart:
    series = [
        Series(_("As it was"), [day.judged for day in found.was.days]),
        Series(_("With these settings"), [round(day.judged) for day in found.again.days], tone=2),
    ]
    return draw("simulated-work", _("Images judged"), _labels(found), series, axis=_("Day"))
