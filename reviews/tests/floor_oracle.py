"""What may be given to whom, told a second time in plain Python: the claim's statement is held against it.

It reads rows and knows nothing of the statement: caps are summed over seats (not over what was counted of them), and
minutes and the days on which caps were set over what the machine itself wrote down.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import inf
from zoneinfo import ZoneInfo

from accounts.models import Membership, Team, User
from reviews.models import Decision, Pause, Queue, Quota, Skip, Slot, Snooze
from reviews.models.crews import GroupMember, ReviewerSkill
from reviews.models.quotas import DEFAULT_DAILY_IMAGES
from reviews.tests.factories import database_now


@dataclass
class Ledger:
    """What only the machine knows: the milliseconds of each decision by its day, and when each quota was made."""

    worked: list[tuple[int, int, date, int]] = field(default_factory=list)
    """(reviewer, queue, day, milliseconds)"""
    made_at: dict[int, datetime] = field(default_factory=dict)

    def note_quotas(self, team: Team) -> None:
        for key in Quota.objects.filter(team=team).values_list("pk", flat=True):
            self.made_at.setdefault(key, database_now())

    def shift(self, days: int) -> None:
        self.worked = [(who, where, day - timedelta(days=days), ms) for who, where, day, ms in self.worked]
        self.made_at = {key: at - timedelta(days=days) for key, at in self.made_at.items()}


@dataclass(frozen=True)
class _Cap:
    quota: Quota
    people: list[int]
    since: date
    allowed: float
    used: float

    @property
    def room(self) -> float:
        return self.allowed - self.used


class Oracle:
    """What `reviewer` may have now. What they let run out counts as given back; what others did only with
    `others_went`."""

    def __init__(self, reviewer: User, ledger: Ledger, *, others_went: bool) -> None:
        assert reviewer.team is not None
        self.reviewer, self.team, self._ledger = reviewer, reviewer.team, ledger
        self.now = database_now()
        membership = Membership.objects.select_related("team").get(user=reviewer)
        self._zone = ZoneInfo(membership.time_zone or membership.team.time_zone)
        self.today = self.now.astimezone(self._zone).date()
        self.queues = {queue.pk: queue for queue in Queue.objects.filter(team=self.team).prefetch_related("audience")}
        slots = Slot.objects.filter(queue__team=self.team).select_related("quota_day")
        self._slots = list(slots.order_by("turn_at", "pk"))
        gone = [slot for slot in self._slots if slot.lease_until is not None and slot.lease_until <= self.now]
        self._free = {slot.pk for slot in gone} | {slot.pk for slot in self._slots if slot.state == "ready"}
        credited = {slot.pk for slot in gone if others_went or slot.reviewer_id == reviewer.pk}
        self._charged = [slot for slot in self._slots if slot.quota_day and slot.pk not in credited]
        self._groups = set(GroupMember.objects.filter(reviewer=reviewer).values_list("group", flat=True))
        self.caps = list(self._caps())

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    # What is left

    def room(self, queue: int) -> float:
        """Images; inf where only minutes limit."""
        concerned = [
            cap.room if cap.quota.unit == "images" else inf if cap.room > 0 else 0
            for cap in self.caps
            if cap.quota.queue_id in (None, queue) and cap.quota.variant in ("", self.queues[queue].variant)
        ]
        return min(concerned, default=inf)

    def _caps(self) -> Iterator[_Cap]:
        concerning = [
            quota for quota in Quota.objects.filter(team=self.team, cap__isnull=False) if self._concerns(quota)
        ]
        closest: dict[tuple[object, ...], int] = {}
        for quota in concerning:
            if not quota.is_shared:
                closest[_kind(quota)] = max(closest.get(_kind(quota), 0), _closeness(quota))
        chosen = [quota for quota in concerning if quota.is_shared or _closeness(quota) == closest[_kind(quota)]]
        default = Quota(team=self.team, cap=DEFAULT_DAILY_IMAGES)
        if _kind(default) not in closest:
            chosen.append(default)
        for quota in chosen:
            yield self._cap(quota)

    def _concerns(self, quota: Quota) -> bool:
        mine = quota.reviewer_id in (None, self.reviewer.pk)
        return mine and (quota.group_id is None or quota.group_id in self._groups)

    def _cap(self, quota: Quota) -> _Cap:
        assert quota.cap is not None
        length = timedelta(days=7 if quota.period == "week" else 1)
        since = self.today - timedelta(days=self.today.weekday()) if quota.period == "week" else self.today
        people = self._sharing(quota)
        carried = 0.0
        if quota.carries_over and self.day_of(self._ledger.made_at[quota.pk]) < since:
            carried = max(quota.cap - self._spent(quota, people, since - length, since), 0)
        used = self._spent(quota, people, since, since + length)
        return _Cap(quota, people, since, quota.cap + carried, used)

    def _sharing(self, quota: Quota) -> list[int]:
        if not quota.is_shared:
            return [self.reviewer.pk]
        if quota.group_id is not None:
            return list(GroupMember.objects.filter(group=quota.group_id).values_list("reviewer", flat=True))
        return list(Membership.objects.filter(team=self.team).values_list("user", flat=True))

    def _spent(self, quota: Quota, people: Collection[int], first: date, until: date) -> float:
        def counts(who: int, queue: int, day: date) -> bool:
            is_there = quota.queue_id in (None, queue) and quota.variant in ("", self.queues[queue].variant)
            return who in people and is_there and first <= day < until

        if quota.unit == "minutes":
            return sum(ms for who, queue, day, ms in self._ledger.worked if counts(who, queue, day)) / 60_000
        days = [(slot.quota_day, slot) for slot in self._charged]
        return sum(slot.images for day, slot in days if day and counts(day.reviewer_id, slot.queue_id, day.day))

    # What waits

    def waits(self, *, item: int | None = None) -> list[Slot]:
        """In their order, whatever their size and whoever is paused; with `item` also what is not for this person."""
        mine = {
            slot.item_id for slot in self._slots if slot.reviewer_id == self.reviewer.pk and slot.pk not in self._free
        }
        passed = set(Skip.objects.filter(reviewer=self.reviewer).values_list("item", flat=True))
        put_off = Snooze.objects.filter(reviewer=self.reviewer, until__gt=self.now).values_list("item", flat=True)
        away = mine | passed | (set() if item else set(put_off))
        said = Decision.objects.filter(reviewer=self.reviewer).values_list("slot__item", "slot")
        elsewhere = {(of, slot) for of, slot in said}
        return [
            slot
            for slot in self._slots
            if slot.pk in self._free and slot.item_id not in away and item in (None, slot.item_id)
            and not any(of == slot.item_id and other != slot.pk for of, other in elsewhere)
            and (item is not None or self._judges(self.queues[slot.queue_id]))
        ]  # fmt: skip

    def fits(self, *, item: int | None = None) -> list[Slot]:
        """Of what waits, what may be given out now; the first of it comes next."""
        gives = {key for key in self.queues if item is not None or not self.is_paused(key)}
        return [
            slot for slot in self.waits(item=item) if slot.queue_id in gives and slot.images <= self.room(slot.queue_id)
        ]

    @property
    def is_person_paused(self) -> bool:
        open_pauses = Pause.objects.filter(team=self.team, ended_at=None)
        return any(pause.reviewer_id in (None, self.reviewer.pk) for pause in open_pauses)

    def is_paused(self, queue: int) -> bool:
        return self.queues[queue].is_paused or self.is_person_paused

    def _judges(self, queue: Queue) -> bool:
        rows = list(queue.audience.all())
        levels = dict(ReviewerSkill.objects.filter(reviewer=self.reviewer).values_list("skill", "level"))
        return not rows or any(
            row.reviewer_id == self.reviewer.pk
            or row.group_id in self._groups
            or (row.skill_id is not None and levels.get(row.skill_id, 0) >= row.min_level)
            for row in rows
        )


def _kind(quota: Quota) -> tuple[object, ...]:
    return (quota.period, quota.unit, quota.queue_id, quota.variant)


def _closeness(quota: Quota) -> int:
    return 2 if quota.reviewer_id is not None else 1 if quota.group_id is not None else 0
