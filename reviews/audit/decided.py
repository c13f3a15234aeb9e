"""Decisions, and what was taken back, as sources of the audit: rows that are their own history."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from accounts.models import Team
from generation.variants.defect_codes import DEFECT_CODES
from reviews.audit.entries import By, Change, Entry, Place, Value
from reviews.audit.filters import AuditFilters, within
from reviews.audit.names import Names
from reviews.models import Decision, Retraction, ReviewItem, Verdict
from reviews.models.decisions import DecisionKind

# A team's newest decisions, of a million: the newest of each who ever worked in its queues, by the index that my-day
# uses, and of these the newest. Whatever other teams did meanwhile costs nothing.
_NEWEST = """
SELECT d.id FROM (
  SELECT DISTINCT w.reviewer_id FROM reviews_workday w JOIN reviews_queue q ON q.id = w.queue_id WHERE q.team_id = %s
) r CROSS JOIN LATERAL (
  SELECT d.id, d.created_at FROM reviews_decision d JOIN reviews_slot s ON s.id = d.slot_id
    JOIN reviews_queue q ON q.id = s.queue_id
   WHERE d.reviewer_id = r.reviewer_id AND q.team_id = %s {also}
   ORDER BY d.created_at DESC, d.id DESC LIMIT %s
) d ORDER BY d.created_at DESC, d.id DESC LIMIT %s
"""


@dataclass(frozen=True)
class DecisionSource:
    at: str = "created_at"
    key: str = "id"
    name: str = "reviews.decision"

    @property
    def word(self) -> str:
        return _("Decision")

    def asked(self, team: Team, filters: AuditFilters) -> QuerySet[Any] | None:
        return _asked(Decision.objects.all(), "slot__", team, filters)

    def newest(self, team: Team, before: Place | None, filters: AuditFilters, most: int) -> QuerySet[Any] | None:
        """For a team as a whole: by the plan that the index is for."""
        if filters.person or filters.subject or filters.words or filters.by_nobody:
            return None
        also, values = "", []
        for sql, value in _bounds(team, before, filters):
            also += f" AND {sql}"
            values += value
        found = RawSQL(_NEWEST.format(also=also), [team.pk, team.pk, *values, most, most])  # noqa: S611 - no input in it
        return Decision.objects.filter(pk__in=found)

    def load(self, keys: list[int], names: Names) -> Callable[[], Iterator[Entry]]:
        verdicts = Verdict.objects.select_related("candidate").order_by("candidate__position")
        rows = Decision.objects.filter(pk__in=keys).select_related("reviewer", "slot")
        found = list(rows.prefetch_related(Prefetch("verdicts", verdicts)))
        names.want(ReviewItem, *(row.slot.item_id for row in found))
        return lambda: (self._entry(row, names) for row in found)

    def _entry(self, row: Decision, names: Names) -> Entry:
        return Entry(
            Place(row.created_at, self.name, row.pk), self.word, row.kind, str(DecisionKind(row.kind).label),
            names.thing(ReviewItem, row.slot.item_id), By.PERSON, row.reviewer.username,
            changes=[_said(verdict) for verdict in row.verdicts.all()],
        )  # fmt: skip


def _asked(rows: QuerySet[Any], slot: str, team: Team, filters: AuditFilters) -> QuerySet[Any] | None:
    """Of rows that lead to a slot by that path; None where the filters ask for nothing of their kind."""
    if filters.words or filters.by_nobody or (filters.subject and filters.subject.model is not ReviewItem):
        return None
    found = rows.filter(**{f"{slot}queue__team": team}).filter(within("created_at", team, filters))
    if filters.subject:
        found = found.filter(**{f"{slot}item": filters.subject.pk})
    return found.filter(reviewer=filters.person) if filters.person else found


def _bounds(team: Team, before: Place | None, filters: AuditFilters) -> Iterable[tuple[str, list[Any]]]:
    for name, value in within("created_at", team, filters).children:  # type: ignore[misc]
        yield f"d.created_at {'>=' if name.endswith('__gte') else '<'} %s", [value]
    if before is not None:
        name = "reviews.decision"
        if before.source == name:
            yield "(d.created_at, d.id) < (%s, %s)", [before.at, before.key]
        else:
            yield f"d.created_at {'<=' if name < before.source else '<'} %s", [before.at]


def _said(verdict: Verdict) -> Change:
    number = verdict.candidate.position + 1
    codes = ", ".join(_(DEFECT_CODES[code].label) if code in DEFECT_CODES else code for code in verdict.codes)
    shown = _("Approved") if verdict.approved else _("Rejected: %(defects)s") % {"defects": codes}
    if verdict.comment:
        shown = f"{shown} · {verdict.comment}"
    plain = {"approved": verdict.approved, "codes": verdict.codes, "comment": verdict.comment}
    return Change(f"image_{number}", _("Image %(number)d") % {"number": number}, None, Value(plain, shown))


@dataclass(frozen=True)
class RetractionSource:
    at: str = "created_at"
    key: str = "id"
    name: str = "reviews.retraction"

    @property
    def word(self) -> str:
        return _("Decision taken back")

    def asked(self, team: Team, filters: AuditFilters) -> QuerySet[Any] | None:
        return _asked(Retraction.objects.all(), "decision__slot__", team, filters)

    def load(self, keys: list[int], names: Names) -> Callable[[], Iterator[Entry]]:
        rows = Retraction.objects.filter(pk__in=keys).select_related("reviewer", "decision__reviewer", "decision__slot")
        found = list(rows)
        names.want(ReviewItem, *(row.decision.slot.item_id for row in found))
        return lambda: (self._entry(row, names) for row in found)

    def _entry(self, row: Retraction, names: Names) -> Entry:
        taken = row.decision
        said = Value(str(taken.kind), str(DecisionKind(taken.kind).label))
        changes = [Change("decision", _("Decision of %(name)s") % {"name": taken.reviewer.username}, said, None)]
        thing = names.thing(ReviewItem, taken.slot.item_id)
        return Entry(
            Place(row.created_at, self.name, row.pk), self.word, "taken_back", _("taken back"), thing,
            By.PERSON, row.reviewer.username, changes=changes,
        )  # fmt: skip
