"""Reports: throughput, efficiency and quality, each with the same filters, and every table of them as a file."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from accounts.models import Team
from accounts.rules import team_of
from reviews.forms.reports import ReportForm
from reviews.reports.efficiency import efficiency
from reviews.reports.filters import WEEK_DAYS, ReportFilters, last_days
from reviews.reports.quality import quality
from reviews.reports.tables import Column, Table, plain_cells
from reviews.reports.throughput import throughput
from reviews.reports.week import week
from reviews.views.report_charts import charts_of
from reviews.views.spreadsheets import csv_file

Report = Callable[[Team, ReportFilters], list[Table]]

_WEEK = "week"
# Each table's key, and the report it is of.
_OF: dict[str, Report] = {
    "throughput_by_day": throughput, "throughput_by_person": throughput, "throughput_by_queue": throughput,
    "efficiency_by_person": efficiency, "efficiency_by_queue": efficiency, "efficiency_by_day": efficiency,
    "agreement_by_queue": quality, "agreement_by_week": quality, "votes": quality, "gold_by_person": quality,
    "known_by_person": quality, "known_by_week": quality,
}  # fmt: skip
_PAGES = (
    ("reviews:reports", gettext_noop("Throughput")),
    ("reviews:report_efficiency", gettext_noop("Efficiency")),
    ("reviews:report_quality", gettext_noop("Quality")),
)


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    return _page(request, throughput, "reviews:reports")


@require_safe
def report_efficiency(request: HttpRequest) -> HttpResponse:
    return _page(request, efficiency, "reviews:report_efficiency")


@require_safe
def report_quality(request: HttpRequest) -> HttpResponse:
    return _page(request, quality, "reviews:report_quality")


def _page(request: HttpRequest, report: Report, here: str) -> HttpResponse:
    team = team_of(request)
    form = ReportForm(request.GET or None, team=team)
    filters = form.filters()
    tables = report(team, filters)
    context = {
        "form": form, "filters": filters, "tables": tables, "charts": charts_of(tables), "here": here,
        "pages": [(name, _(label)) for name, label in _PAGES],
    }  # fmt: skip
    return render(request, "reviews/reports.html", context, status=400 if form.errors else 200)


@require_safe
def report_csv(request: HttpRequest, table: str) -> HttpResponse:
    """One table with the filters of its page. The week is of the last seven days, whatever else is asked for."""
    team = team_of(request)
    if table == _WEEK:
        filters = last_days(team, WEEK_DAYS)
        return _file(week(team, filters), filters)
    if table not in _OF:
        raise Http404
    form = ReportForm(request.GET, team=team)
    filters = form.filters()
    if form.errors:
        # A file that silently holds something else than was asked for would be worse than none.
        raise BadRequest(str(form.errors))
    return _file(next(found for found in _OF[table](team, filters) if found.key == table), filters)


def _file(table: Table, filters: ReportFilters) -> HttpResponse:
    header = [label for column in table.columns for label in _labels(column)]
    rows = [[value for cell in cells for _key, value in plain_cells(*cell)] for cells in table.cells()]
    return csv_file(f"{table.key}-{filters.since}-{filters.until}", header, rows)


def _labels(column: Column) -> list[str]:
    """The headings of a column's numbers, as many as plain_cells has."""
    if column.kind in ("rate", "estimate"):
        of = {"figure": column.label}
        return [
            column.label, _("%(figure)s, from") % of, _("%(figure)s, to") % of, _("%(figure)s, of how many") % of
        ]  # fmt: skip
    return [_("%(figure)s, minutes") % {"figure": column.label} if column.kind == "time" else column.label]
