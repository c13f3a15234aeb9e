"""Who is at work, on what, and how fast."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import Membership, Role, Team, User
from reviews.models import Decision, Pause, Slot, WorkDay
from reviews.models.items import SlotState

ACTIVE_MINUTES = 10
"""Who has shown, decided or held on to something within this time is at work."""


@dataclass
class PersonFigures:
    """`queue` is that of the item on their screen. `in_hand` images are leased, prefetched ones included."""

    user: User
    role: str
    today: date
    queue: str = ""
    in_hand: int = 0
    seen_at: datetime | None = None
    is_active: bool = False
    is_paused: bool = False
    pause_reason: str = ""
    images_today: int = 0
    active_today: timedelta = field(default_factory=timedelta)
    images_last_hour: int = 0
    active_last_hour: timedelta = field(default_factory=timedelta)

    @property
    def pace_today(self) -> float | None:
        """Images an active minute."""
        return _pace(self.images_today, self.active_today)

    @property
    def pace_last_hour(self) -> float | None:
        return _pace(self.images_last_hour, self.active_last_hour)


def _pace(images: int, active: timedelta) -> float | None:
    return images / (active.total_seconds() / 60) if active else None


def people(team: Team) -> list[PersonFigures]:
    """The team's reviewers, and whoever else holds or has just judged something; who is at work comes first.

    Four queries. Work of today is that of the person's own calendar.
    """
    now = timezone.now()
    members = list(_members(team))
    found = {member.pk: _person(member, team, now) for member in members}
    _add_leases(found, now)
    _add_work(found, now)
    _add_pauses(found, team)
    shown = [person for person in found.values() if person.role == Role.REVIEWER or person.seen_at or person.in_hand]
    return sorted(shown, key=lambda person: (not person.is_active, person.user.username))


def _members(team: Team) -> QuerySet[Membership]:
    judges = Q(role__in=[Role.REVIEWER, Role.ADMIN], user__is_active=True)
    return Membership.objects.filter(judges, team=team).select_related("user")


def _person(member: Membership, team: Team, now: datetime) -> PersonFigures:
    zone = ZoneInfo(member.time_zone or team.time_zone)
    return PersonFigures(member.user, member.role, now.astimezone(zone).date())


def _add_leases(found: Mapping[int, PersonFigures], now: datetime) -> None:
    """Who holds what. A lease is prolonged while it is on a screen, so its end tells when that last happened."""
    leases = Slot.objects.filter(state=SlotState.LEASED, reviewer__in=list(found), lease_until__gt=now)
    for lease in leases.select_related("queue"):
        person = found[lease.reviewer_id or 0]
        person.in_hand += lease.images
        if not lease.is_soft and lease.lease_until:
            prolonged = lease.lease_until - timedelta(seconds=lease.queue.lease_seconds)
            person.queue = lease.queue.name
            _saw(person, min(now, max(prolonged, lease.seen_at or prolonged)), now)


def _saw(person: PersonFigures, moment: datetime, now: datetime) -> None:
    person.seen_at = max(moment, person.seen_at or moment)
    person.is_active = person.seen_at >= now - timedelta(minutes=ACTIVE_MINUTES)


def _add_work(found: Mapping[int, PersonFigures], now: datetime) -> None:
    today = {person.today for person in found.values()}
    days = WorkDay.objects.filter(reviewer__in=list(found), day__in=today).values("reviewer", "day")
    for row in days.annotate(number=Sum("images"), spent=Sum("active_ms")).order_by():
        person = found[row["reviewer"]]
        if row["day"] == person.today:
            person.images_today, person.active_today = row["number"], timedelta(milliseconds=row["spent"])
    lately = Decision.objects.standing().filter(reviewer__in=list(found), created_at__gte=now - timedelta(hours=1))
    for reviewer, images, spent, decided_at in lately.values_list(
        "reviewer", "slot__images", "active_ms", "created_at"
    ):
        person = found[reviewer]
        person.images_last_hour += images
        person.active_last_hour += timedelta(milliseconds=spent)
        _saw(person, decided_at, now)


def _add_pauses(found: Mapping[int, PersonFigures], team: Team) -> None:
    for pause in Pause.objects.filter(team=team, ended_at=None):
        for person in found.values() if pause.reviewer_id is None else filter(None, [found.get(pause.reviewer_id)]):
            person.is_paused, person.pause_reason = True, person.pause_reason or pause.reason
