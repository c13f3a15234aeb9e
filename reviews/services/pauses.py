"""Pausing a person or the whole team: nothing new is given out until it ends."""

import pghistory
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Team, User
from reviews.models import Pause
from reviews.services.leases import ClockTimestamp
from reviews.services.refusals import Conflict


class AlreadyPaused(Conflict):
    code = "already_paused"


def open_pauses(team: Team) -> QuerySet[Pause]:
    """Those that hold now, everybody's first."""
    rows = Pause.objects.filter(team=team, ended_at=None).select_related("reviewer", "begun_by")
    return rows.order_by("reviewer__username", "pk")


def pause(team: Team, reviewer: User | None, reason: str, by: User) -> Pause:
    """From the next claim on nothing is given to `reviewer`, or to anybody. What is in hand may be finished.

    Raises AlreadyPaused, and ValidationError for a reason that is too long.
    """
    begun = Pause(team=team, reviewer=reviewer, reason=reason, begun_by=by)
    begun.clean_fields(exclude=["team", "reviewer", "begun_by", "ended_by", "ended_at"])
    try:
        with transaction.atomic(), pghistory.context(user=by.pk):
            begun.save()
    except IntegrityError as taken:
        raise AlreadyPaused(_("This is paused already. Nothing was changed.")) from taken
    return begun


def pause_unless_paused(team: Team, reviewer: User, reason: str) -> bool:
    """The program itself pauses somebody, where nobody has yet; whether it did. Call it in a transaction."""
    if Pause.objects.filter(team=team, reviewer=reviewer, ended_at=None).exists():
        return False
    made = Pause.objects.bulk_create([Pause(team=team, reviewer=reviewer, reason=reason)], ignore_conflicts=True)
    return bool(made)


def resume(team: Team, reviewer: User | None, by: User) -> bool:
    """End the pause of `reviewer`, or of everybody; False when there was none."""
    return _end(Pause.objects.filter(team=team, reviewer=reviewer), by)


def end_pause(pause: Pause, by: User) -> bool:
    """End this very pause; False when it has ended already."""
    return _end(Pause.objects.filter(pk=pause.pk), by)


def _end(held: QuerySet[Pause], by: User) -> bool:
    with transaction.atomic(), pghistory.context(user=by.pk):
        return held.filter(ended_at=None).update(ended_at=ClockTimestamp(), ended_by=by) > 0
