"""What an audit can be asked for."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Model, Q

from accounts.models import Team, User


@dataclass(frozen=True)
class Subject:
    """One object of the team, by which an audit is narrowed."""

    model: type[Model]
    pk: int

    @property
    def ref(self) -> str:
        return ref_of(self.model, self.pk)


@dataclass(frozen=True)
class AuditFilters:
    """Empty fields ask for nothing. `by_nobody`: what commands and the system did. Days are the team's, both included.

    `words` are looked for in names and values of the newest WINDOW changes of each kind that fit the rest; decisions
    have none.
    """

    person: User | None = None
    by_nobody: bool = False
    source: str = ""
    subject: Subject | None = None
    words: str = ""
    since: date | None = None
    until: date | None = None


def ref_of(model: type[Model], pk: int) -> str:
    return f"{model._meta.label_lower}-{pk}"


def within(field: str, team: Team, filters: AuditFilters) -> Q:
    zone = ZoneInfo(team.time_zone)
    found = Q()
    if filters.since:
        found &= Q(**{f"{field}__gte": datetime.combine(filters.since, time.min, zone)})
    if filters.until:
        found &= Q(**{f"{field}__lt": datetime.combine(filters.until + timedelta(days=1), time.min, zone)})
    return found
