"""Which items a rework concerns, as data, and what of an act they stand in the way of. Read only."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Now

from accounts.models import Team
from generation.contracts import gettext_noop as _
from reviews.models import Decision, Outcome, Queue, ReviewItem, ReworkItem, Slot, Verdict
from reviews.models.items import ItemState, SlotState
from reviews.models.queues import ROUTED, QueuePurpose
from reviews.models.rework import ReworkItemState, ReworkKind

MOST_ITEMS = 50_000
MOST_HANDLES = 1000
"""So many may be named one by one."""

WHY: dict[str, str] = {
    "busy": _("Another rework is at it now"),
    "waits": _("It waits to be judged already"),
    "withdrawn": _("It was withdrawn"),
    "newer": _("It was judged again since, and that visit counts"),
    "not_waiting": _("It does not wait to be judged any more"),
    "in_hand": _("Somebody is at it now"),
    "judged": _("Somebody has judged it, under the rules of its queue"),
    "same_queue": _("It is in that queue already"),
    "other_variant": _("That queue is for another variant"),
    "other_purpose": _("That queue is for another kind of look"),
    "waits_there": _("Its request waits in that queue already"),
    "same_priority": _("It has that priority already"),
    "judged_since": _("It was judged since"),
    "taken_back": _("A decision on it was taken back since"),
    "changed_since": _("It was changed by somebody else since"),
}
"""Why an item cannot be worked on, or cannot be put back; translated where it is shown."""


@dataclass(frozen=True)
class Choice:
    """What the items must be; empty fields ask for nothing. With `handles` only these.

    `reviewer`, `since`, `until` (days of the team, both included) and `guideline` (a version's number) hold of one and
    the same standing decision. `code` is a defect that a standing decision names.
    """

    queue: int | None = None
    variant: str = ""
    state: str = ""
    reviewer: str = ""
    since: date | None = None
    until: date | None = None
    guideline: int | None = None
    outcome: str = ""
    code: str = ""
    priority: int | None = None
    handles: tuple[uuid.UUID, ...] = ()

    @property
    def is_nothing(self) -> bool:
        return self == Choice()

    def as_json(self) -> dict[str, Any]:
        told = {name: value for name, value in asdict(self).items() if value not in (None, "", ())}
        for name in ("since", "until"):
            if name in told:
                told[name] = told[name].isoformat()
        if self.handles:
            told["handles"] = [str(handle) for handle in self.handles]
        return told


@dataclass(frozen=True)
class Act:
    """What is done with them. `to_queue` is a primary key; with `fresh_eyes` nobody judges an item twice."""

    kind: ReworkKind
    to_queue: int | None = None
    to_priority: int | None = None
    fresh_eyes: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"kind": str(self.kind)}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Act":
        return cls(ReworkKind(said["kind"]), said["to_queue"], said["to_priority"], said["fresh_eyes"])


def matching(team: Team, choice: Choice) -> QuerySet[ReviewItem]:
    """The team's items that fit, in no order. What is shown for calibration has no outcome, and is not reworked."""
    exact = {
        "queue": choice.queue, "request__variant": choice.variant or None, "state": choice.state or None,
        "priority": choice.priority,
    }  # fmt: skip
    ours = Queue.objects.of_team(team).exclude(purpose=QueuePurpose.CALIBRATION)
    rows = ReviewItem.objects.filter(queue__in=ours)
    rows = rows.filter(**{field: value for field, value in exact.items() if value is not None})
    if choice.handles:
        rows = rows.filter(handle__in=choice.handles)
    if choice.outcome:
        rows = rows.filter(Exists(Outcome.objects.filter(item=OuterRef("pk"), state=choice.outcome)))
    if choice.code:
        named = Verdict.objects.filter(codes__contains=[choice.code], decision__retraction=None)
        rows = rows.filter(Exists(named.filter(decision__slot__item=OuterRef("pk"))))
    decided = _decided(team, choice)
    return rows if decided is None else rows.filter(pk__in=decided.values("slot__item"))


def _decided(team: Team, choice: Choice) -> QuerySet[Decision] | None:
    """The decisions by which items are chosen; None when they are not chosen by any."""
    zone = ZoneInfo(team.time_zone)
    wanted = Q()
    if choice.reviewer:
        wanted &= Q(reviewer__username=choice.reviewer)
    if choice.since:
        wanted &= Q(created_at__gte=datetime.combine(choice.since, time.min, zone))
    if choice.until:
        wanted &= Q(created_at__lt=datetime.combine(choice.until + timedelta(days=1), time.min, zone))
    if choice.guideline is not None:
        version = Q(guideline__number=choice.guideline, guideline__team=team)
        wanted &= version & Q(guideline__variant=choice.variant) if choice.variant else version
    return Decision.objects.standing().filter(wanted) if wanted else None


def with_obstacles(
    rows: QuerySet[ReviewItem], act: Act, target: Queue | None, *, heeds_others: bool = False
) -> QuerySet[Any]:
    """The items, each with `why` it cannot be done (a key of WHY); empty when it can. `target` is the act's queue.

    A rework that is not begun yet `heeds_others` that are at the same items.
    """
    obstacles: dict[ReworkKind, Callable[[], list[When]]] = {
        ReworkKind.REVIEW_AGAIN: _against_another_review,
        ReworkKind.WITHDRAW: lambda: [When(state=ItemState.WITHDRAWN, then=Value("withdrawn"))],
        ReworkKind.MOVE: lambda: _against_moving(target),
        ReworkKind.PRIORITISE: lambda: _against_priority(act.to_priority),
    }
    cases = obstacles[act.kind]()
    if heeds_others:
        at_work = ReworkItem.objects.filter(state=ReworkItemState.WAITING, rework__state__in=["queued", "running"])
        cases.insert(0, When(Exists(at_work.filter(item=OuterRef("pk"))), then=Value("busy")))
    return rows.annotate(why=Case(*cases, default=Value(""), output_field=CharField()))


def _against_another_review() -> list[When]:
    visits = ReviewItem.objects.filter(queue=OuterRef("queue"), request=OuterRef("request"))
    return [
        When(state=ItemState.OPEN, then=Value("waits")),
        When(state=ItemState.WITHDRAWN, then=Value("withdrawn")),
        When(Exists(visits.filter(state=ItemState.OPEN)), then=Value("waits")),
        When(Exists(visits.filter(state=ItemState.RESOLVED, pk__gt=OuterRef("pk"))), then=Value("newer")),
    ]


def _against_moving(target: Queue | None) -> list[When]:
    assert target is not None  # noqa: S101 - a form does not let it pass without
    seats = Slot.objects.filter(item=OuterRef("pk"))
    decided = Decision.objects.filter(slot__item=OuterRef("pk"))
    there = ReviewItem.objects.filter(queue=target, request=OuterRef("request"), state=ItemState.OPEN)
    purposes = ROUTED if target.purpose in ROUTED else [target.purpose]
    return [
        When(~Q(state=ItemState.OPEN), then=Value("not_waiting")),
        When(queue=target, then=Value("same_queue")),
        When(~Q(request__variant=target.variant), then=Value("other_variant")),
        When(~Q(queue__purpose__in=purposes), then=Value("other_purpose")),
        When(Exists(there), then=Value("waits_there")),
        When(Exists(decided), then=Value("judged")),
        When(Exists(seats.filter(state=SlotState.LEASED, lease_until__gt=Now())), then=Value("in_hand")),
    ]


def _against_priority(priority: int | None) -> list[When]:
    return [
        When(~Q(state=ItemState.OPEN), then=Value("not_waiting")),
        When(priority=priority, then=Value("same_priority")),
    ]
