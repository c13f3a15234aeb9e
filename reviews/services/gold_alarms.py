"""Tells admins whose judgement of known images is below what the team wants, and pauses them where the team says so."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from delivery.services import alarms
from reviews.models import FloorSettings
from reviews.models.gold import known_verdicts
from reviews.models.queues import QueuePurpose
from reviews.services import pauses
from reviews.statistics import at_most_p

KIND = "gold.below"
LAST_IMAGES, FEWEST_IMAGES = 30, 10
LAST_DAYS = 60
ALPHA = 0.01


@dataclass(frozen=True)
class Recent:
    """A reviewer's last known images: so many of them judged right."""

    reviewer: int
    right: int
    of: int

    def is_below(self, floor: float) -> bool:
        """By more than chance explains. Every new image is looked at with the last ones: somebody who is just at the
        floor is told of now and then."""
        return self.of >= FEWEST_IMAGES and at_most_p(self.right, self.of, floor) < ALPHA


def watch_known() -> int:
    """Raise and clear the alarms of every team that shows known images; returns how many were raised."""
    teams = Team.objects.filter(queues__purpose=QueuePurpose.CALIBRATION).distinct().order_by("pk")
    return sum(_watch(team) for team in teams)


def last_known(team: Team) -> list[Recent]:
    """Everybody's last LAST_IMAGES of the last LAST_DAYS, in one statement."""
    since = timezone.now() - timedelta(days=LAST_DAYS)
    place = Window(RowNumber(), partition_by="decision__reviewer", order_by=F("pk").desc())
    rows = known_verdicts(team).filter(decision__created_at__gte=since).annotate(place=place)
    told: dict[int, list[bool]] = defaultdict(list)
    for reviewer, approved, gold in rows.filter(place__lte=LAST_IMAGES).values_list(
        "decision__reviewer", "approved", "gold"
    ):
        told[reviewer].append(approved == gold)
    return [Recent(reviewer, sum(right), len(right)) for reviewer, right in sorted(told.items())]


def _watch(team: Team) -> int:
    settings = FloorSettings.objects.filter(team=team).first() or FloorSettings(team=team)
    floor, raised = settings.gold_floor / 100, 0
    found = last_known(team)
    people = User.objects.in_bulk([recent.reviewer for recent in found])
    for recent in found:
        if floor and recent.is_below(floor):
            raised += _raise(settings, people[recent.reviewer], recent)
        elif recent.right >= floor * recent.of:
            alarms.clear_alarm(team, KIND, str(recent.reviewer))
    return raised


def _raise(settings: FloorSettings, reviewer: User, recent: Recent) -> bool:
    values = {"name": str(reviewer), "right": recent.right, "of": recent.of, "floor": settings.gold_floor}
    where = reverse("reviews:person", args=[reviewer.username])
    with transaction.atomic():
        is_new = alarms.raise_alarm(settings.team, KIND, str(reviewer.pk), values, where)
        if is_new and settings.gold_pauses:
            reason = _("Known images: %(right)d of the last %(of)d judged right.") % vars(recent)
            pauses.pause_unless_paused(settings.team, reviewer, reason)
    return is_new
