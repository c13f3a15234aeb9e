"""How people judge what is known: images with a right answer, shown to them again among the others."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from accounts.models import Team
from generation.variants import VARIANTS
from reviews.models import Verdict
from reviews.models.gold import known_verdicts
from reviews.reports import sums
from reviews.reports.filters import ReportFilters
from reviews.reports.tables import Cell, Column, Table
from reviews.statistics import agreement


@dataclass
class _Told:
    """Of `good` and `bad` images, by their right answers, so many were judged right."""

    good: int = 0
    approved_good: int = 0
    bad: int = 0
    rejected_bad: int = 0

    def add(self, row: dict[str, Any]) -> None:
        self.good, self.approved_good = self.good + row["good"], self.approved_good + row["approved_good"]
        self.bad, self.rejected_bad = self.bad + row["bad"], self.rejected_bad + row["rejected_bad"]

    def cells(self) -> dict[str, Cell]:
        return {
            "right": agreement(self.approved_good + self.rejected_bad, self.good + self.bad),
            "sensitivity": agreement(self.rejected_bad, self.bad),
            "specificity": agreement(self.approved_good, self.good),
        }


def known_images(team: Team, filters: ReportFilters) -> list[Table]:
    """By person and variant, and by week."""
    rows = _counted(team, filters)
    by_person: dict[tuple[int, str], _Told] = defaultdict(_Told)
    by_week: dict[date, _Told] = defaultdict(_Told)
    for row in rows:
        by_person[row["decision__reviewer"], row["decision__slot__queue__variant"]].add(row)
        by_week[row["day"] - timedelta(days=row["day"].weekday())].add(row)
    return [_by_person(by_person), _by_week(by_week)]


def _counted(team: Team, filters: ReportFilters) -> list[dict[str, Any]]:
    zone = ZoneInfo(team.time_zone)
    begin = datetime.combine(filters.since, time(), zone)
    end = datetime.combine(filters.until + timedelta(days=1), time(), zone)
    told = _of(known_verdicts(team).filter(decision__created_at__gte=begin, decision__created_at__lt=end), filters)
    good, bad = Q(gold=True), Q(gold=False)
    day = TruncDate("decision__created_at", tzinfo=zone)
    found = told.values("decision__reviewer", "decision__slot__queue__variant", day=day).annotate(
        good=Count("pk", filter=good), approved_good=Count("pk", filter=good & Q(approved=True)),
        bad=Count("pk", filter=bad), rejected_bad=Count("pk", filter=bad & Q(approved=False)),
    )  # fmt: skip
    return [dict(row) for row in found.order_by("decision__reviewer", "decision__slot__queue__variant", "day")]


def _of(told: QuerySet[Verdict], filters: ReportFilters) -> QuerySet[Verdict]:
    """A queue narrows it to the variant: what is known comes from a queue of its own."""
    if filters.queue is not None:
        told = told.filter(decision__slot__queue__variant=filters.queue.variant)
    if filters.variant:
        told = told.filter(decision__slot__queue__variant=filters.variant)
    if filters.person is not None:
        told = told.filter(decision__reviewer=filters.person)
    if filters.group is not None:
        told = told.filter(decision__reviewer__in=filters.group.memberships.values("reviewer"))
    return told


def _columns() -> list[Column]:
    return [
        Column("right", _("Judged right"), "rate"),
        Column("sensitivity", _("Rejected of what is wrong"), "rate"),
        Column("specificity", _("Approved of what is right"), "rate"),
    ]


def _by_person(found: dict[tuple[int, str], _Told]) -> Table:
    names = sums.people({person for person, _variant in found})
    rows: list[dict[str, Cell]] = [
        {"person": names.get(person, "?"), "variant": _(VARIANTS[variant].label), **told.cells()}
        for (person, variant), told in found.items()
    ]
    rows.sort(key=lambda row: (str(row["person"]).casefold(), str(row["variant"])))
    columns = [Column("person", _("Person"), "text"), Column("variant", _("Variant"), "text"), *_columns()]
    note = _(
        "Images whose right answer was set before, shown again to somebody who had not seen them. What is wrong and "
        "was approved has escaped; what is right and was rejected costs images. Where two intervals overlap, neither "
        "is better."
    )
    return Table("known_by_person", _("Known images, by person"), columns, rows, note)


def _by_week(found: dict[date, _Told]) -> Table:
    rows: list[dict[str, Cell]] = [{"week": week, **found[week].cells()} for week in sorted(found, reverse=True)]
    columns = [Column("week", _("Week from"), "day"), *_columns()]
    return Table("known_by_week", _("Known images, by week"), columns, rows)
