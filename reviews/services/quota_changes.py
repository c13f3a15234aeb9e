"""Setting many quotas at once: first what would change for whom, then exactly that or nothing."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Team, User
from generation.variants import VARIANTS
from reviews.models import Queue, Quota
from reviews.models.crews import ReviewerGroup
from reviews.models.quotas import QuotaPeriod, QuotaUnit
from reviews.services.refusals import Conflict

MOST_CHANGES = 1000


class QuotasChanged(Conflict):
    """Since it was shown, the change would do something else."""

    code = "quotas_changed"


class ChangesRefused(Exception):
    """Some of the changes cannot be made, so none was: (place in the list, from 0; why)."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        super().__init__("; ".join(why for _place, why in problems))
        self.problems = problems


@dataclass(frozen=True)
class Terms:
    """What a quota grants. Without cap and target there is no quota."""

    cap: int | None = None
    target: int | None = None
    carries_over: bool = False

    @property
    def is_nothing(self) -> bool:
        return self.cap is None and self.target is None


NOTHING = Terms()


@dataclass(frozen=True)
class Change:
    """One quota as it shall be, by names; for everybody without `reviewer` and `group`, of everything without `queue`
    and `variant`. Without cap and target it is removed."""

    reviewer: str = ""
    group: str = ""
    queue: str = ""
    variant: str = ""
    period: str = QuotaPeriod.DAY
    unit: str = QuotaUnit.IMAGES
    is_shared: bool = False
    cap: int | None = None
    target: int | None = None
    carries_over: bool = False

    @property
    def place(self) -> tuple[str, str, str, str, str, str, bool]:
        """Whom and what it is for: there is one quota for each."""
        return (self.reviewer, self.group, self.queue, self.variant, self.period, self.unit, self.is_shared)

    @property
    def terms(self) -> Terms:
        if self.cap is None and self.target is None:
            return NOTHING
        return Terms(self.cap, self.target, self.carries_over)

    @property
    def period_label(self) -> str:
        return str(QuotaPeriod(self.period).label)

    @property
    def unit_label(self) -> str:
        return str(QuotaUnit(self.unit).label)


@dataclass(frozen=True)
class Line:
    change: Change
    before: Terms
    after: Terms

    @property
    def differs(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Effect:
    lines: list[Line]

    @property
    def changed(self) -> list[Line]:
        return [line for line in self.lines if line.differs]

    @property
    def seen(self) -> str:
        """A fingerprint of what would change. Another one means that something else would."""
        told = [(line.change.place, line.before, line.after) for line in self.lines]
        return hashlib.sha256(repr(told).encode()).hexdigest()


def rules(team: Team) -> QuerySet[Quota]:
    """The team's quotas: everybody's first, then groups', then people's own."""
    rows = Quota.objects.filter(team=team).select_related("reviewer", "group", "queue")
    return rows.order_by("reviewer__username", "group__name", "queue__name", "variant", "period", "unit", "is_shared")


def as_change(quota: Quota) -> Change:
    """The change that would set this quota as it is."""
    return Change(
        reviewer=quota.reviewer.username if quota.reviewer else "", group=quota.group.name if quota.group else "",
        queue=quota.queue.name if quota.queue else "", variant=quota.variant, period=quota.period, unit=quota.unit,
        is_shared=quota.is_shared, cap=quota.cap, target=quota.target, carries_over=quota.carries_over,
    )  # fmt: skip


def effect_of(team: Team, changes: Sequence[Change]) -> Effect:
    """What these would change. Raises ChangesRefused when one of them cannot be made."""
    places = _Places(team, changes)
    _refuse_impossible(changes, places)
    now = {change.place: change.terms for change in map(as_change, rules(team))}
    return Effect([Line(change, now.get(change.place, NOTHING), change.terms) for change in changes])


def set_quotas(team: Team, changes: Sequence[Change], by: User, *, seen: str | None = None) -> Effect:
    """Make all of these changes or none; they hold from the next claim on, and `by` is kept in the rows' history.

    With `seen`, the fingerprint of an effect that was looked at, raises QuotasChanged if it is another now.
    """
    with one_admin_at_a_time(team, by):
        effect = effect_of(team, changes)
        if seen is not None and effect.seen != seen:
            raise QuotasChanged(_("Quotas have changed since this was shown. Look again; nothing was changed."))
        _write(team, effect)
    return effect


@contextmanager
def one_admin_at_a_time(team: Team, by: User) -> Iterator[None]:
    """A transaction in which what is compared stays so until it is written."""
    with transaction.atomic(), pghistory.context(user=by.pk):
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        yield


def _write(team: Team, effect: Effect) -> None:
    places = _Places(team, [line.change for line in effect.lines])
    # Claims lock shared quotas in this order, too.
    kept = {as_change(quota).place: quota for quota in rules(team)}
    wanted = {line.change.place: line for line in effect.changed}
    old = sorted((quota.pk for place, quota in kept.items() if place in wanted))
    list(Quota.objects.select_for_update().filter(pk__in=old).order_by("pk").values_list("pk"))
    for place, line in wanted.items():
        quota = kept.get(place)
        if line.after.is_nothing:
            if quota is not None:
                quota.delete()
            continue
        if quota is None:
            quota = places.quota(line.change)
        quota.cap, quota.target = line.after.cap, line.after.target
        quota.carries_over = line.after.carries_over
        quota.save()


class _Places:
    """The people, groups and queues of a team that changes name."""

    def __init__(self, team: Team, changes: Iterable[Change]) -> None:
        self.team = team
        changes = list(changes)
        people = User.objects.filter(membership__team=team, username__in={c.reviewer for c in changes})
        groups = ReviewerGroup.objects.filter(team=team, name__in={c.group for c in changes})
        queues = Queue.objects.filter(team=team, name__in={c.queue for c in changes})
        self.people = {user.username: user for user in people}
        self.groups = {group.name: group for group in groups}
        self.queues = {queue.name: queue for queue in queues}

    def quota(self, change: Change) -> Quota:
        """A new row for this place."""
        return Quota(
            team=self.team, reviewer=self.people.get(change.reviewer), group=self.groups.get(change.group),
            queue=self.queues.get(change.queue), variant=change.variant, period=change.period, unit=change.unit,
            is_shared=change.is_shared, cap=change.cap, target=change.target, carries_over=change.carries_over,
        )  # fmt: skip

    def unknown(self, change: Change) -> str:
        """Which of the names means nothing here; empty when all do."""
        if change.reviewer and change.reviewer not in self.people:
            return _("There is nobody called %(name)s in the team.") % {"name": change.reviewer}
        if change.group and change.group not in self.groups:
            return _("There is no group %(name)s.") % {"name": change.group}
        if change.queue and change.queue not in self.queues:
            return _("There is no queue %(name)s.") % {"name": change.queue}
        if change.queue and self.queues[change.queue].is_calibration:
            return _("Gold calibration has no quota of its own: reviewers would see it on their day.")
        if change.variant and change.variant not in VARIANTS:
            return _("There is no variant %(name)s.") % {"name": change.variant}
        return ""


def _refuse_impossible(changes: Sequence[Change], places: _Places) -> None:
    problems = []
    if len(changes) > MOST_CHANGES:
        problems.append((MOST_CHANGES, _("At most %(most)d quotas can be set at once.") % {"most": MOST_CHANGES}))
    met = set()
    for number, change in enumerate(changes[:MOST_CHANGES]):
        why = places.unknown(change) or _contradiction(change) or _impossible_number(places.quota(change))
        if not why and change.place in met:
            why = _("This quota is there twice.")
        if why:
            problems.append((number, why))
        met.add(change.place)
    if problems:
        raise ChangesRefused(problems)


def _contradiction(change: Change) -> str:
    if change.period not in QuotaPeriod.values:
        return _("A period is day or week.")
    if change.unit not in QuotaUnit.values:
        return _("A unit is images or minutes.")
    if change.reviewer and change.group:
        return _("A quota is for a person or for a group, not for both.")
    if change.queue and change.variant:
        return _("A quota is of a queue or of a variant, not of both.")
    if change.reviewer and change.is_shared:
        return _("One person cannot share a budget: leave out the person, or do not share.")
    return ""


def _impossible_number(quota: Quota) -> str:
    try:
        quota.clean_fields(exclude=["team", "reviewer", "group", "queue", "variant"])
    except ValidationError:
        return _("A cap or target is a whole number from 0 to 1,000,000.")
    return ""
