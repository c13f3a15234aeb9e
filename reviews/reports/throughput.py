"""How much came in and how much was done."""

from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import Team
from reviews.reports import sums
from reviews.reports.filters import ReportFilters
from reviews.reports.sums import Work
from reviews.reports.tables import Cell, Column, Table


def throughput(team: Team, filters: ReportFilters) -> list[Table]:
    """By person, queue and day."""
    return [_by_person(team, filters), _by_queue(team, filters), _by_day(team, filters)]


def _work_columns() -> list[Column]:
    return [
        Column("decisions", _("Decisions")),
        Column("undone", _("Taken back")),
        Column("images", _("Images judged")),
        Column("active_minutes", _("Active time"), "time"),
    ]


def _work(work: Work) -> dict[str, Cell]:
    return {
        "decisions": work.decisions, "undone": work.undone, "images": work.images, "active_minutes": work.active
    }  # fmt: skip


def _arrived(team: Team, filters: ReportFilters, field: str) -> dict[Any, dict[str, int]]:
    rows = filters.arrivals(team).values(field).annotate(came=Sum("items"), seats=Sum("images")).order_by()
    return {row[field]: {"arrived": row["came"], "arrived_images": row["seats"]} for row in rows}


def _arrival_columns() -> list[Column]:
    return [Column("arrived", _("Items that came in")), Column("arrived_images", _("Images to judge in them"))]


def _by_day(team: Team, filters: ReportFilters) -> Table:
    done, arrived = sums.by(filters.work(team), "day"), _arrived(team, filters, "day")
    nothing = {"arrived": 0, "arrived_images": 0}
    rows = [{"day": day, **arrived.get(day, nothing), **_work(done.get(day, Work()))} for day in filters.days]
    columns = [Column("day", _("Day"), "day"), *_arrival_columns(), *_work_columns()]
    return Table("throughput_by_day", _("By day"), columns, rows)


def _by_person(team: Team, filters: ReportFilters) -> Table:
    done = sums.by(filters.work(team), "reviewer")
    names = sums.people(done)
    rows = [
        {"person": names.get(key, "?"), **_work(work), "images_an_hour": work.images_an_hour}
        for key, work in sorted(done.items(), key=lambda entry: -entry[1].images)
    ]
    columns = [
        Column("person", _("Person"), "text"), *_work_columns(),
        Column("images_an_hour", _("Images an active hour"), "seconds"),
    ]  # fmt: skip
    return Table("throughput_by_person", _("By person"), columns, rows)


def _by_queue(team: Team, filters: ReportFilters) -> Table:
    done, arrived = sums.by(filters.work(team), "queue"), _arrived(team, filters, "queue")
    names = sums.queues({*done, *arrived})
    nothing = {"arrived": 0, "arrived_images": 0}
    rows = [
        {"queue": name, **arrived.get(key, nothing), **_work(done.get(key, Work()))}
        for key, name in sorted(names.items(), key=lambda entry: entry[1])
    ]
    columns = [Column("queue", _("Queue"), "text"), *_arrival_columns(), *_work_columns()]
    return Table("throughput_by_queue", _("By queue"), columns, rows)
