"""Days off, of the team or of one person: no target is set for them."""

from datetime import date

import pghistory
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Team, User
from reviews.models import Holiday


def holidays_from(team: Team, day: date) -> QuerySet[Holiday]:
    return Holiday.objects.filter(team=team, day__gte=day).select_related("reviewer").order_by("day", "reviewer_id")


def set_holiday(team: Team, day: date, by: User, *, reviewer: User | None = None, name: str = "") -> Holiday:
    """Keep this day free; setting it again changes its name. Raises ValidationError for a name that is too long."""
    Holiday(team=team, reviewer=reviewer, day=day, name=name).clean_fields(exclude=["team", "reviewer"])
    with transaction.atomic(), pghistory.context(user=by.pk):
        return Holiday.objects.update_or_create(team=team, reviewer=reviewer, day=day, defaults={"name": name})[0]


def remove_holiday(team: Team, pk: int, by: User) -> bool:
    """False when the team has no such holiday (any more)."""
    with transaction.atomic(), pghistory.context(user=by.pk):
        return Holiday.objects.filter(team=team, pk=pk).delete()[0] > 0
