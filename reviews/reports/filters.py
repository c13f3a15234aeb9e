"""What a report is of."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Team, User
from reviews.models import AgreementDay, ArrivalDay, Queue, ReviewerGroup, WorkDay

LISTED_DAYS = 28
MOST_DAYS = 366
WEEK_DAYS = 7


@dataclass(frozen=True)
class ReportFilters:
    """Both days included. `person` and `group` narrow only what a person did: what entered a queue, and how far several
    reviewers agreed, is nobody's alone."""

    since: date
    until: date
    queue: Queue | None = None
    variant: str = ""
    person: User | None = None
    group: ReviewerGroup | None = None

    @property
    def days(self) -> list[date]:
        """The latest first."""
        return [self.until - timedelta(days=back) for back in range((self.until - self.since).days + 1)]

    def work(self, team: Team) -> QuerySet[WorkDay]:
        rows = WorkDay.objects.filter(self._of(team))
        if self.person is not None:
            rows = rows.filter(reviewer=self.person)
        if self.group is not None:
            rows = rows.filter(reviewer__in=self.group.memberships.values("reviewer"))
        return rows

    def arrivals(self, team: Team) -> QuerySet[ArrivalDay]:
        return ArrivalDay.objects.filter(self._of(team))

    def agreement(self, team: Team) -> QuerySet[AgreementDay]:
        return AgreementDay.objects.filter(self._of(team))

    def _of(self, team: Team) -> Q:
        # The queues by name of their keys: so the days' index by queue and day is used, whatever is filtered.
        queues = Queue.objects.of_team(team)
        if self.queue is not None:
            queues = queues.filter(pk=self.queue.pk)
        if self.variant:
            queues = queues.filter(variant=self.variant)
        return Q(queue__in=queues, day__range=(self.since, self.until))


def today(team: Team) -> date:
    return timezone.localdate(timezone=ZoneInfo(team.time_zone))


def last_days(team: Team, days: int) -> ReportFilters:
    until = today(team)
    return ReportFilters(since=until - timedelta(days=days - 1), until=until)
