"""The charts of the reports: only what has a shape, drawn from the tables that stand below them."""

from collections.abc import Callable, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reviews.charts import Chart, Series, Value, draw
from reviews.reports.tables import Cell, Table
from reviews.statistics import Agreement, Estimate


def charts_of(tables: Sequence[Table]) -> list[Chart]:
    found = {table.key: table for table in tables}
    return [chart for key, draws in _DRAWN.items() if key in found for chart in draws(found[key])]


def _flow(table: Table) -> list[Chart]:
    came, done = _numbers(table, "arrived_images"), _numbers(table, "images")
    series = [
        Series(_("Images to judge that came in"), came, kind="line", tone=2),
        Series(_("Images judged"), done, kind="bar", tone=1),
    ]
    about = _("Judged images as bars, what came in as a line, day by day.")
    return [_draw(table, "flow", _("What came in and what was judged"), series, about)]


def _pace(table: Table) -> list[Chart]:
    pace = Series(_("Active seconds an image"), _numbers(table, "seconds_an_image"))
    rate = _rates(table, "approval", _("Approved"))
    return [
        _draw(table, "pace", _("Active seconds an image"), [pace], _("A line, day by day.")),
        _draw(table, "approval", _("Share approved"), [rate], _("A line with its 95 % interval."), (0.0, 1.0)),
    ]


def _agreement(table: Table) -> list[Chart]:
    about = _("A line with its 95 % interval, week by week.")
    agreed, alpha = _rates(table, "agreement", _("Two say the same")), _rates(table, "alpha", _("Krippendorff's alpha"))
    return [
        _draw(table, "agreement", _("Two say the same"), [agreed], about, (0.0, 1.0)),
        _draw(table, "alpha", _("Krippendorff's alpha"), [alpha], about),
    ]


def _known(table: Table) -> list[Chart]:
    about = _("Two lines with their 95 % intervals, week by week.")
    found = _rates(table, "sensitivity", _("Rejected of what is wrong"))
    kept = _rates(table, "specificity", _("Approved of what is right"), tone=2)
    return [_draw(table, "known", _("How known images are judged"), [found, kept], about, (0.0, 1.0))]


_DRAWN: dict[str, Callable[[Table], list[Chart]]] = {
    "throughput_by_day": _flow,
    "efficiency_by_day": _pace,
    "agreement_by_week": _agreement,
    "known_by_week": _known,
}


def _draw(
    table: Table, name: str, title: str, series: list[Series], about: str, bounds: tuple[float, float] | None = None
) -> Chart:
    first = table.columns[0]
    labels = [_short(row[first.key]) for row in reversed(table.rows)]
    return draw(f"{name}-chart", title, labels, series, description=about, axis=first.label, bounds=bounds)


def _short(cell: Cell) -> str:
    return date_format(cell, "j M") if isinstance(cell, date) else str(cell)


def _numbers(table: Table, key: str) -> list[Value]:
    """The oldest first."""
    cells = [row[key] for row in reversed(table.rows)]
    return [round(cell, 2) if isinstance(cell, float) else cell if isinstance(cell, int) else None for cell in cells]


def _rates(table: Table, key: str, label: str, tone: int = 1) -> Series:
    cells = [row[key] for row in reversed(table.rows)]
    parts = [_parts(cell) for cell in cells]
    values, low, high = ([part[at] for part in parts] for at in range(3))
    return Series(label, values, low=low, high=high, tone=tone)


def _parts(cell: Cell) -> tuple[Value, Value, Value]:
    if isinstance(cell, Agreement):
        value = cell.rate
    elif isinstance(cell, Estimate):
        value = cell.value
    else:
        return None, None, None
    return value, cell.low, cell.high
