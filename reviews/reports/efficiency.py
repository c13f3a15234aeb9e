"""What a judged image costs, and how often people approve and change their minds."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.models import Team
from reviews.reports import sums
from reviews.reports.filters import ReportFilters
from reviews.reports.sums import Work
from reviews.reports.tables import Cell, Column, Table


def efficiency(team: Team, filters: ReportFilters) -> list[Table]:
    """By person, queue and day."""
    work = filters.work(team)
    people, queues, days = (sums.by(work, field) for field in ("reviewer", "queue", "day"))
    names, called = sums.people(people), sums.queues(queues)
    return [
        _table(
            "efficiency_by_person", _("By person"), Column("person", _("Person"), "text"),
            sorted((names.get(key, "?"), done) for key, done in people.items()),
            note=_("Rates are of the images a person happened to get: where two intervals overlap, neither is better."),
        ),
        _table(
            "efficiency_by_queue", _("By queue"), Column("queue", _("Queue"), "text"),
            sorted((called.get(key, "?"), done) for key, done in queues.items()),
        ),
        _table(
            "efficiency_by_day", _("By day"), Column("day", _("Day"), "day"),
            [(day, days.get(day, Work())) for day in filters.days],
        ),
    ]  # fmt: skip


def _table(key: str, title: str, first: Column, rows: Iterable[tuple[Cell, Work]], note: str = "") -> Table:
    columns = [
        first,
        Column("images", _("Images judged")),
        Column("seconds_an_image", _("Active seconds an image"), "seconds"),
        Column("approval", _("Approved"), "rate"),
        Column("undo", _("Taken back"), "rate"),
        Column("unjudged", _("Not judged")),
    ]
    return Table(key, title, columns, [{first.key: name, **_figures(work)} for name, work in rows], note)


def _figures(work: Work) -> dict[str, Cell]:
    return {
        "images": work.images, "seconds_an_image": work.seconds_an_image, "approval": work.approval,
        "undo": work.undo, "unjudged": work.unjudged,
    }  # fmt: skip
