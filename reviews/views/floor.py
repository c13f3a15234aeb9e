"""The floor as it is now, and how one queue has gone and will go on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.rules import team_of
from reviews import floor
from reviews.charts import Chart, Series, Value, draw
from reviews.forecasts import Forecast
from reviews.models import Pause, Queue
from reviews.services import quotas, workload

AHEAD_DAYS = 28


@never_cache
@require_safe
@vary_on_headers("HX-Request")
def floor_page(request: HttpRequest) -> HttpResponse:
    """The whole page, or, for the page that is open already, its live part."""
    team = team_of(request)
    people = floor.people(team)
    states = quotas.states([person.user for person in people])
    queues = floor.queues(team)
    context = {
        "people": [(person, states[person.user.pk]) for person in people],
        "queues": queues,
        "team_pause": Pause.objects.filter(team=team, reviewer=None, ended_at=None).first(),
        **floor.totals(people, queues),
        "most_read": floor.MOST_READ,
        "active_minutes": floor.ACTIVE_MINUTES,
    }
    live = request.headers.get("HX-Request") == "true"
    return render(request, "reviews/_floor_live.html" if live else "reviews/floor.html", context)


@require_safe
def queue_page(request: HttpRequest, pk: int) -> HttpResponse:
    team = team_of(request)
    queue = get_object_or_404(Queue.objects.of_team(team), pk=pk)
    figures = next(each for each in floor.queues(team, count=29) if each.queue.pk == queue.pk)
    ahead = workload.forecast_of(queue, figures.backlog_images)
    context = {
        "queue": queue,
        "figures": figures,
        "forecast": ahead,
        "days": len(figures.days) - 1,
        "work": _work(figures),
        "backlog": _backlog(figures, ahead),
    }
    return render(request, "reviews/floor_queue.html", context)


def _work(figures: floor.QueueFigures) -> Chart:
    labels = [date_format(day.day, "j M") for day in figures.days]
    series = [
        Series(_("Judged"), [day.judged for day in figures.days], "bar"),
        Series(_("Arrived"), [day.arrived for day in figures.days], tone=2),
    ]
    return draw("work", _("Images arrived and judged"), labels, series, axis=_("Day"))


def _backlog(figures: floor.QueueFigures, ahead: Forecast) -> Chart:
    """Where it was, counted back from now, and where it goes."""
    was = floor.backlogs(figures.backlog_images, figures.days)
    coming = ahead.ahead[:AHEAD_DAYS]
    days = [*(each.day for each in figures.days), *(day for day, _low, _middle, _high in coming)]
    labels = [date_format(day, "j M") for day in days]
    before: list[Value] = [None] * (len(was) - 1)
    series = [Series(_("Waiting or in hand"), [*was, *([None] * len(coming))])]
    if coming:
        bands = ([low for _day, low, _m, _h in coming], [m for _day, _l, m, _h in coming], [h for *_rest, h in coming])
        low, middle, high = ([*before, was[-1], *map(round, band)] for band in bands)
        series.append(Series(_("Forecast"), middle, tone=2, low=low, high=high))
    return draw("backlog", _("Images still to judge"), labels, series, axis=_("Day"))
